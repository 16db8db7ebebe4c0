import { legacyMeta, notification, requestMeta, resultMeta } from './envelope.ts';
import type { MethodShapes, RequestShapes } from './method-shapes.ts';
import type { Shape } from './shape.ts';
import {
  type Rows,
  changing,
  choice,
  either,
  holding,
  list,
  mapOf,
  number,
  object,
  optional,
  removedIn,
  since,
  text,
  truth,
  whole,
  words,
} from './table.ts';
import { orTask, taskWish } from './tasks.ts';

// The fields of a form are written in a small part of JSON Schema.

const named: Rows = { title: optional(text), description: optional(text) };
const titled: Shape = list(object({ const: text, title: text }));

const textField: Shape = object({
  ...named,
  enum: optional(list(text)),
  enumNames: optional(list(text)),
  oneOf: since('2025-11-25', optional(titled)),
  minLength: optional(whole()),
  maxLength: optional(whole()),
  format: optional(words('email', 'uri', 'date', 'date-time')),
  default: since('2025-11-25', optional(text)),
});

const numberField: Shape = object({
  ...named,
  minimum: optional(number()),
  maximum: optional(number()),
  default: since('2025-11-25', optional(number())),
});

const listField: Shape = object({
  ...named,
  items: holding({
    enum: object({ type: words('string'), enum: list(text) }),
    anyOf: object({ anyOf: titled }),
  }),
  minItems: optional(whole()),
  maxItems: optional(whole()),
  default: optional(list(text)),
});

const field: Shape = choice('type', {
  string: textField,
  number: numberField,
  integer: numberField,
  boolean: object({ ...named, default: optional(truth) }),
  array: since('2025-11-25', listField),
});

const form: Shape = object({
  type: words('object'),
  $schema: optional(text),
  properties: mapOf(field),
  required: optional(list(text)),
});

const asking: Rows = { ...legacyMeta(requestMeta), ...taskWish, message: text };

const formElicitation: Shape = object({
  ...asking,
  mode: since('2025-11-25', optional(words('form'))),
  requestedSchema: form,
});

/** Asks the user to open a page; the id of the asking is of 2025-11-25 alone. */
export const urlElicitation: Shape = object({
  ...asking,
  mode: words('url'),
  url: text,
  elicitationId: removedIn('2026-07-28', text),
});

const filled = [text, number(), truth];

/** `elicitation/create` (spec 2026-07-28, client/elicitation). */
export const elicitation: RequestShapes = {
  params: changing({
    '2025-06-18': formElicitation,
    '2025-11-25': choice('mode', { form: formElicitation, url: urlElicitation }, { absent: 'form' }),
  }),
  result: orTask(
    object({
      ...legacyMeta(resultMeta()),
      action: words('accept', 'decline', 'cancel'),
      content: changing({
        '2025-06-18': optional(mapOf(either(...filled))),
        '2025-11-25': optional(mapOf(either(...filled, list(text)))),
      }),
    }),
  ),
};

export const ELICITATION_NOTIFICATIONS: MethodShapes = {
  'notifications/elicitation/complete': { params: notification({ elicitationId: text }) },
};
