import { elicitation } from './elicitation.ts';
import { resultMembers } from './envelope.ts';
import { roots } from './roots.ts';
import { sampling } from './sampling.ts';
import type { Shape } from './shape.ts';
import { type Rows, choice, holding, mapOf, object, optional, since, text } from './table.ts';

/** A result that asks for input first; `inputRequests` has the requests by name (spec 2026-07-28, basic/patterns/mrtr). */
export const inputRequired: Shape = object({
  ...resultMembers,
  requestState: optional(text),
  inputRequests: optional(
    mapOf(
      choice('method', {
        'sampling/createMessage': object({ params: sampling.params }),
        'elicitation/create': object({ params: elicitation.params }),
        'roots/list': object({ params: roots.params }),
      }),
    ),
  ),
});

/** The params with which a request is sent again after such a result. */
export const retry: Rows = {
  requestState: since('2026-07-28', optional(text)),
  inputResponses: since(
    '2026-07-28',
    optional(mapOf(holding({ action: elicitation.result, roots: roots.result, model: sampling.result }))),
  ),
};
