import type { IdText } from '@mcp-dbg/wire';

import type { LatencySummary } from './latencies.ts';

/** What became of a number of requests that have something in common. */
export interface CallStats {
  /** The method, the tool or the server. Past 500 names of a kind the rest is counted together, under `undefined`. */
  readonly name: string | undefined;
  readonly calls: number;
  readonly ok: number;
  /** Answers that are errors, and results of tools that say `isError`. */
  readonly errors: number;
  readonly toolErrors: number;
  readonly cancelled: number;
  /** Not answered when the server's process ended, and not answered when the capture ended. */
  readonly lost: number;
  readonly pending: number;
  /** What crossed the wire, newlines included. */
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** Of those that were answered and not called off. */
  readonly latency: LatencySummary | undefined;
}

/** A request without an answer. */
export interface OpenCall {
  readonly n: number;
  readonly us: number;
  readonly conn: number;
  readonly server: string | undefined;
  readonly id: IdText | undefined;
  readonly method: string | undefined;
  readonly tool: string | undefined;
  readonly status: 'lost' | 'pending';
}

export interface ServerExit {
  readonly us: number;
  readonly conn: number;
  readonly server: string | undefined;
  readonly code: number | null;
  readonly signal: string | null;
}

/** What the tool list of one server costs a model that is given it. */
export interface ContextCost {
  readonly server: string | undefined;
  /** How often the list was fetched, all pages of it being one fetch, and how often it had not changed. */
  readonly fetches: number;
  readonly unchanged: number;
  /** Of the newest list: the definitions as they were sent, and bytes / 4 as an estimate of tokens. */
  readonly bytes: number;
  readonly tokens: number;
  /** The heaviest first; 500 at most. */
  readonly tools: readonly { readonly name: string | undefined; readonly bytes: number; readonly tokens: number }[];
}

/** What `stats` tells of a capture, as plain values. Microseconds (`us`) count since the capture was opened. */
export interface StatsDocument {
  /** Milliseconds from opening to the last record; of captures in one file, together. */
  readonly duration: number;
  readonly frames: number;
  /** Requests, with or without an answer. */
  readonly exchanges: number;
  readonly batches: number;
  readonly methods: readonly CallStats[];
  readonly tools: readonly CallStats[];
  /** By the server's name, or by `undefined` where it has none. */
  readonly servers: readonly CallStats[];
  readonly notifications: readonly { readonly method: string | undefined; readonly count: number }[];
  readonly noise: { readonly lines: number; readonly bytes: number };
  readonly orphans: number;
  readonly stderr: { readonly lines: number; readonly bytes: number };
  /** What had no answer at the end, and the first 100 of it. */
  readonly unanswered: { readonly count: number; readonly first: readonly OpenCall[] };
  readonly starts: number;
  /** Starts of a server beyond its first. */
  readonly restarts: number;
  /** The first 100. */
  readonly exits: readonly ServerExit[];
  /** Requests and notifications that a proxy made itself, such as handshakes with new processes: no other count has them. */
  readonly own: number;
  /** What was done on purpose how often; past 500 kinds of it the rest is counted together, under `undefined`. */
  readonly faults: readonly { readonly action: string | undefined; readonly count: number }[];
  readonly gaps: { readonly count: number; readonly bytes: number };
  readonly torn: { readonly count: number; readonly bytes: number };
  readonly context: readonly ContextCost[];
}
