import { contentBlock, role } from './content.ts';
import { cacheHints, ownMeta, page, pageRequest, request, result } from './envelope.ts';
import { icons, naming } from './implementation.ts';
import { inputRequired, retry } from './input-required.ts';
import type { MethodShapes } from './method-shapes.ts';
import { list, mapOf, object, optional, text, truth } from './table.ts';

const prompt = object({
  ...naming,
  ...icons,
  ...ownMeta,
  description: optional(text),
  arguments: optional(list(object({ ...naming, description: optional(text), required: optional(truth) }))),
});

/** Spec 2026-07-28, server/prompts. */
export const PROMPTS: MethodShapes = {
  'prompts/list': {
    params: pageRequest,
    result: result({ ...page, ...cacheHints, prompts: list(prompt) }),
  },
  'prompts/get': {
    params: request({ ...retry, name: text, arguments: optional(mapOf(text)) }),
    result: result(
      { description: optional(text), messages: list(object({ role, content: contentBlock })) },
      { input_required: inputRequired },
    ),
  },
};
