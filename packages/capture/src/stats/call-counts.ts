import type { Exchange, Placed } from '@mcp-dbg/protocol';

import { Latencies, bucketOf } from './latencies.ts';
import type { CallStats } from './stats-document.ts';

/** Names that are told apart; the rest is counted together. */
const MAX_NAMES = 500;

/** Steps of the curve of latencies. */
const STEPS = 16;

class Group {
  calls = 0;
  requestBytes = 0;
  answerBytes = 0;
  readonly by: Record<'ok' | 'error' | 'tool-error' | 'cancelled' | 'lost' | 'pending', number> = {
    ok: 0,
    error: 0,
    'tool-error': 0,
    cancelled: 0,
    lost: 0,
    pending: 0,
  };
  readonly latencies = new Latencies();
}

/** One call that came to its end, with what is counted of it. */
export interface EndedCall {
  readonly exchange: Exchange<Placed>;
  readonly requestBytes: number;
  readonly answerBytes: number;
}

/** Counts calls by one of their names. */
export class CallCounts {
  readonly #groups = new Map<string | undefined, Group>();

  add(name: string | undefined, { exchange: { status, ms }, requestBytes, answerBytes }: EndedCall): void {
    if (status === undefined || status === 'orphan') return;
    const group = this.#groups.get(name) ?? this.#newGroup(name);
    group.calls++;
    group.by[status]++;
    group.requestBytes += requestBytes;
    group.answerBytes += answerBytes;
    if (ms !== undefined && status !== 'cancelled') group.latencies.add(ms, bucketOf(ms));
  }

  /** The most called first. */
  get stats(): readonly CallStats[] {
    return [...this.#groups].map(([name, group]) => statsOf(name, group)).toSorted((a, b) => b.calls - a.calls);
  }

  #newGroup(name: string | undefined): Group {
    const key = this.#groups.size < MAX_NAMES ? name : undefined;
    const group = this.#groups.get(key) ?? new Group();
    this.#groups.set(key, group);
    return group;
  }
}

function statsOf(name: string | undefined, { calls, by, requestBytes, answerBytes, latencies }: Group): CallStats {
  return {
    name,
    calls,
    ok: by.ok,
    errors: by.error,
    toolErrors: by['tool-error'],
    cancelled: by.cancelled,
    lost: by.lost,
    pending: by.pending,
    requestBytes,
    answerBytes,
    latency: latencies.summary(STEPS),
  };
}
