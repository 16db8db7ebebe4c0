import { ownMeta } from './envelope.ts';
import { icons, naming } from './implementation.ts';
import type { Shape, Slot } from './shape.ts';
import {
  type Rows,
  anyObject,
  anything,
  changing,
  choice,
  holding,
  list,
  number,
  object,
  optional,
  since,
  text,
  truth,
  whole,
  words,
} from './table.ts';

export const role: Shape = words('user', 'assistant');

const annotations: Slot = optional(
  object({
    audience: optional(list(role)),
    priority: optional(number(0, 1)),
    lastModified: since('2025-06-18', optional(text)),
  }),
);

/** What a resource and a template of resources have in common. */
export const described: Rows = {
  ...naming,
  ...icons,
  ...ownMeta,
  annotations,
  description: optional(text),
  mimeType: optional(text),
};

export const resource: Shape = object({ ...described, uri: text, size: optional(whole()) });

const contentsOf: Rows = { ...ownMeta, uri: text, mimeType: optional(text) };

/** What a resource holds: text, or bytes in base64. */
export const resourceContents: Shape = holding({
  text: object({ ...contentsOf, text }),
  blob: object({ ...contentsOf, blob: text }),
});

const media: Shape = object({ ...ownMeta, annotations, data: text, mimeType: text });

/** Blocks that a model can be given and can give, too. */
export const modelContent: Rows = {
  text: object({ ...ownMeta, annotations, text }),
  image: media,
  audio: since('2025-03-26', media),
};

/** One block of content (spec 2026-07-28, server/tools#tool-result). */
export const contentBlock: Shape = choice('type', {
  ...modelContent,
  resource_link: since('2025-06-18', resource),
  resource: object({ ...ownMeta, annotations, resource: resourceContents }),
});

/** What a tool gives: content, and from 2025-06-18 on JSON, of any kind in the modern era. */
export const toolOutput: Rows = {
  content: list(contentBlock),
  isError: optional(truth),
  structuredContent: changing({ '2025-06-18': optional(anyObject), '2026-07-28': optional(anything) }),
};
