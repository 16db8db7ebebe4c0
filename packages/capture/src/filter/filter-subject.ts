import type { ExchangeKind, ExchangeStatus } from '@mcp-dbg/protocol';
import type { IdText, Sender } from '@mcp-dbg/wire';

/**
 * One of the two sides of an exchange: `req` is the frame that opened it, `res` its answer. What stands alone
 * (a notification, noise, a line of stderr) is `req`; an answer that stands alone is `res`.
 */
export type FilterSide = 'req' | 'res';

/** One line of a log, as a filter sees it. What is dear to make is a method, called only where a filter asks for it. */
export interface FilterSubject {
  readonly kind: ExchangeKind | 'stderr' | 'event';
  /** The number of the frame; undefined for stderr and events. */
  readonly n: number | undefined;
  /** Microseconds since the start. */
  readonly us: number;
  readonly conn: number | undefined;
  readonly server: string | undefined;
  readonly from: Sender | 'stderr' | undefined;
  readonly id: IdText | undefined;
  readonly method: string | undefined;
  readonly tool: string | undefined;
  readonly status: ExchangeStatus | undefined;
  /** Milliseconds until the answer; undefined where there is none. */
  readonly ms: number | undefined;
  /** The protocol version in force, where it is known. */
  readonly version: string | undefined;
  /** True for what only finds out the server's era. */
  readonly isProbe: boolean;
  /** True for bytes that mcp-dbg itself originated or changed, and for what it did to the traffic. */
  readonly isOurs: boolean;
  /** True for a fault that fired. */
  readonly isFault: boolean;
  /** Bytes of the `req` side, its newline included; 0 where there is none. */
  readonly requestBytes: number;
  /** Bytes of the `res` side, its newline included; 0 where there is none. */
  readonly answerBytes: number;
  /** When the capture was opened, in ISO 8601: what makes wall time of `us`. Undefined where unknown. */
  readonly openedAt: string | undefined;
  /** The text of one side, decoded leniently; empty where there is none. */
  text(side: FilterSide): string;
  /** The parsed JSON of one side; undefined where there is none. */
  value(side: FilterSide): unknown;
  /** What is wrong with it; empty where nothing was checked. */
  findings(): readonly { readonly rule: string; readonly level: 'error' | 'warning' | 'info' }[];
}

/** A filter that is ready to be asked. */
export interface Filter {
  /** Whether the subject is what the filter is for. Never throws, as long as the subject's methods do not. */
  readonly matches: (subject: FilterSubject) => boolean;
  /** Which of the subject's methods it may call, so that a reader need not be able to answer the others. */
  readonly needs: FilterNeeds;
}

export interface FilterNeeds {
  readonly text: boolean;
  readonly value: boolean;
  readonly findings: boolean;
}
