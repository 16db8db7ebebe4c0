import type { Shape } from './shape.ts';
import { type Rows, list, object, optional, since, text, words } from './table.ts';

const icon: Shape = object({
  src: text,
  mimeType: optional(text),
  sizes: optional(list(text)),
  theme: optional(words('dark', 'light')),
});

/** What everything has that is shown to a person. */
export const naming: Rows = {
  name: text,
  title: since('2025-06-18', optional(text)),
};

export const icons: Rows = { icons: since('2025-11-25', optional(list(icon))) };

/** What a client or a server calls itself (spec 2026-07-28, schema#implementation). */
export const implementation: Shape = object({
  ...naming,
  ...icons,
  version: text,
  description: since('2025-11-25', optional(text)),
  websiteUrl: since('2025-11-25', optional(text)),
});
