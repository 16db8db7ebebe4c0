import type { Sender } from '@mcp-dbg/wire';

/**
 * How bad a finding is: `error` breaks a MUST of the specification or loses what was asked, `warning` breaks a SHOULD or
 * what many peers rely on, `info` is legal and worth knowing.
 */
export type Level = 'error' | 'warning' | 'info';

/** From the worst to the mildest. */
export const LEVELS: readonly Level[] = ['error', 'warning', 'info'];

/** One breach of one rule, and what to do about it. Its texts may hold what peers wrote: not safe to print as they are. */
export interface Finding {
  /** The rule's id, such as `stdio/not-json`. */
  readonly rule: string;
  readonly level: Level;
  /** The number of the frame; undefined where it concerns the whole connection. */
  readonly n: number | undefined;
  /** Who is at fault; undefined where that cannot be told. */
  readonly from: Sender | undefined;
  /** What is wrong here, in a sentence. */
  readonly message: string;
  /** The text that shows it, as it crossed the wire, cut to {@link MAX_QUOTE} characters. */
  readonly quote: string | undefined;
  /** What to do about it, in a sentence. */
  readonly fix: string;
  /** The page of the specification that the rule comes from; undefined for what the specification does not say. */
  readonly spec: string | undefined;
  /** How clients hide or distort the fault, where that is known. */
  readonly clients: string | undefined;
}

/** Characters of a quote at most. */
export const MAX_QUOTE = 160;
