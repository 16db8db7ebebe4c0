import { request, result } from './envelope.ts';
import { naming } from './implementation.ts';
import type { MethodShapes } from './method-shapes.ts';
import { choice, list, mapOf, object, optional, since, text, truth, whole } from './table.ts';

/** Spec 2026-07-28, server/utilities/completion. */
export const COMPLETION: MethodShapes = {
  'completion/complete': {
    params: request({
      ref: choice('type', { 'ref/prompt': object(naming), 'ref/resource': object({ uri: text }) }),
      argument: object({ name: text, value: text }),
      context: since('2025-06-18', optional(object({ arguments: optional(mapOf(text)) }))),
    }),
    result: result({
      completion: object({ values: list(text), total: optional(whole()), hasMore: optional(truth) }),
    }),
  },
};
