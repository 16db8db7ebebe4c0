import type { FilterSide, FilterTree } from '@mcp-dbg/capture';
import type { Sender } from '@mcp-dbg/wire';

/** What a rule does to a frame, or because of it. Times are in milliseconds. */
export type FaultAction =
  | { readonly kind: 'delay'; readonly ms: number; readonly jitterMs: number }
  /** Without a time for ever. */
  | { readonly kind: 'stall'; readonly ms: number | undefined }
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  | { readonly kind: 'reorder'; readonly count: number }
  | { readonly kind: 'corrupt'; readonly how: CorruptWord }
  | { readonly kind: 'truncate'; readonly bytes: number }
  | { readonly kind: 'noise'; readonly text: string }
  | { readonly kind: 'big'; readonly bytes: number }
  | { readonly kind: 'id'; readonly how: IdWord }
  | { readonly kind: 'error'; readonly code: number; readonly message: string | undefined }
  | { readonly kind: 'toolerror'; readonly message: string | undefined }
  | { readonly kind: 'kill'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'eof'; readonly of: Sender }
  | { readonly kind: 'stderr-flood'; readonly bytes: number }
  | { readonly kind: 'era'; readonly how: EraWord }
  | { readonly kind: 'hang-exit' }
  | { readonly kind: Exclude<BareName, 'hang-exit'> };

/** The actions that have no value. */
export type BareName = 'drop' | 'dup' | 'glue' | 'crlf' | 'blank' | 'bom' | 'hang-exit' | 'listchanged';

/** The name of an action. */
export type FaultName = FaultAction['kind'];

export const CORRUPT_WORDS = ['bit', 'quote', 'utf8', 'brace'] as const;
type CorruptWord = (typeof CORRUPT_WORDS)[number];

export const ID_WORDS = ['dup', 'swap', 'string', 'null', 'bogus'] as const;
export type IdWord = (typeof ID_WORDS)[number];

export const ERA_WORDS = ['legacy', 'unsupported', 'silent'] as const;
type EraWord = (typeof ERA_WORDS)[number];

/** Which of the frames that a rule fits it is for: the first, and every `step`th after it up to the last. */
export interface FaultWhen {
  /** Counted from 1. */
  readonly first: number;
  /** Undefined where there is no last. */
  readonly last: number | undefined;
  readonly step: number;
}

/** One rule: which frames, how often, and what happens to them. */
export interface FaultRule {
  /** As it was written. */
  readonly text: string;
  readonly filter: FilterTree;
  /** One or more, done in this order. */
  readonly actions: readonly FaultAction[];
  readonly when: FaultWhen | undefined;
  /** How probable it is that the rule fires where it could: above 0, at most 1. */
  readonly p: number | undefined;
  /** The side of the exchange that it is for; undefined for what its actions are for by themselves. */
  readonly side: FilterSide | undefined;
  /** How long after the frame the server's process is dealt with, in milliseconds. */
  readonly afterMs: number | undefined;
}
