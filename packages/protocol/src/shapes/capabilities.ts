import type { Shape, Slot } from './shape.ts';
import { type Rows, anyObject, mapOf, object, optional, removedIn, since, truth } from './table.ts';

const listChanged = optional(truth);

/** What a client can do (spec 2026-07-28, schema#clientcapabilities). */
export const clientCapabilities: Shape = object({
  experimental: optional(mapOf(anyObject)),
  extensions: since('2026-07-28', optional(mapOf(anyObject))),
  roots: optional(object({ listChanged: removedIn('2026-07-28', listChanged) })),
  sampling: optional(
    object({
      context: since('2025-11-25', optional(anyObject)),
      tools: since('2025-11-25', optional(anyObject)),
    }),
  ),
  elicitation: since(
    '2025-06-18',
    optional(
      object({
        form: since('2025-11-25', optional(anyObject)),
        url: since('2025-11-25', optional(anyObject)),
      }),
    ),
  ),
  tasks: taskCapabilities({
    elicitation: optional(object({ create: optional(anyObject) })),
    sampling: optional(object({ createMessage: optional(anyObject) })),
  }),
});

/** What a server can do (spec 2026-07-28, schema#servercapabilities). */
export const serverCapabilities: Shape = object({
  experimental: optional(mapOf(anyObject)),
  extensions: since('2026-07-28', optional(mapOf(anyObject))),
  logging: optional(anyObject),
  completions: since('2025-03-26', optional(anyObject)),
  prompts: optional(object({ listChanged })),
  resources: optional(object({ listChanged, subscribe: optional(truth) })),
  tools: optional(object({ listChanged })),
  tasks: taskCapabilities({ tools: optional(object({ call: optional(anyObject) })) }),
});

function taskCapabilities(requests: Rows): Slot {
  const tasks = object({
    list: optional(anyObject),
    cancel: optional(anyObject),
    requests: optional(object(requests)),
  });
  return since('2025-11-25', removedIn('2026-07-28', optional(tasks)));
}
