import { toolOutput } from './content.ts';
import { cacheHints, page, pageRequest, request, result } from './envelope.ts';
import { inputRequired, retry } from './input-required.ts';
import type { MethodShapes } from './method-shapes.ts';
import { anyObject, list, optional, text } from './table.ts';
import { extensionTask, orTask, taskWish } from './tasks.ts';
import { tool } from './tool.ts';

/** Spec 2026-07-28, server/tools. */
export const TOOLS: MethodShapes = {
  'tools/list': {
    params: pageRequest,
    result: result({ ...page, ...cacheHints, tools: list(tool) }),
  },
  'tools/call': {
    params: request({ ...retry, ...taskWish, name: text, arguments: optional(anyObject) }),
    result: orTask(result(toolOutput, { input_required: inputRequired, task: extensionTask })),
  },
};
