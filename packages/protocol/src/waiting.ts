import type { IdText } from '@mcp-dbg/wire';

import type { Exchange, Placed } from './exchange.ts';
import type { Outcome } from './paired.ts';

/** A request that waits, alone or as one of a batch. */
export interface Waiting<F extends Placed> {
  exchange: Exchange<F>;
  readonly token: IdText | undefined;
  /** What is held for it, or its share of a batch. */
  readonly bytes: number;
  /** Requests of the batch that still wait; 1 for a request of its own. */
  left: number;
  /** What the answers so far amount to: a batch fares as badly as the worst of its requests. */
  outcome: Outcome;
}

/** Those without an answer, in order of their requests. */
export function unanswered<F extends Placed>(waiting: readonly Waiting<F>[]): readonly Exchange<F>[] {
  const exchanges = [...new Set(waiting)].map(({ exchange }) => exchange);
  return exchanges.filter(({ status }) => status === 'pending').toSorted((a, b) => a.n - b.n);
}
