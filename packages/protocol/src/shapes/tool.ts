import { ownMeta } from './envelope.ts';
import { icons, naming } from './implementation.ts';
import type { Shape } from './shape.ts';
import { anyObject, changing, list, mapOf, object, optional, removedIn, since, text, truth, words } from './table.ts';

// A tool's schemas are JSON Schema: only what MCP itself asks of their roots stands here.

const objectSchema: Shape = object({
  type: words('object'),
  $schema: optional(text),
  properties: optional(mapOf(anyObject)),
  required: optional(list(text)),
});

/** A tool as a list has it (spec 2026-07-28, server/tools#tool). */
export const tool: Shape = object({
  ...naming,
  ...icons,
  ...ownMeta,
  description: optional(text),
  inputSchema: changing({
    '2024-11-05': objectSchema,
    '2026-07-28': object({ type: words('object'), $schema: optional(text) }),
  }),
  outputSchema: changing({
    '2025-06-18': optional(objectSchema),
    '2026-07-28': optional(object({ $schema: optional(text) })),
  }),
  annotations: since(
    '2025-03-26',
    optional(
      object({
        title: optional(text),
        readOnlyHint: optional(truth),
        destructiveHint: optional(truth),
        idempotentHint: optional(truth),
        openWorldHint: optional(truth),
      }),
    ),
  ),
  execution: since(
    '2025-11-25',
    removedIn('2026-07-28', optional(object({ taskSupport: optional(words('forbidden', 'optional', 'required')) }))),
  ),
});
