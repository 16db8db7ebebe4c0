import { embeddedMeta, legacyMeta, ownMeta, requestMeta, resultMeta } from './envelope.ts';
import type { RequestShapes } from './method-shapes.ts';
import { list, object, optional, text } from './table.ts';

/** `roots/list` (spec 2026-07-28, client/roots). */
export const roots: RequestShapes = {
  params: optional(object(embeddedMeta(requestMeta))),
  result: object({
    ...legacyMeta(resultMeta()),
    roots: list(object({ ...ownMeta, uri: text, name: optional(text) })),
  }),
};
