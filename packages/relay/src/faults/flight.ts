import type { Sender } from '@mcp-dbg/wire';

import type { Pace, RelayFrame } from '../relay-frame.ts';

/** Something that is done once a frame was passed on. */
export type Effect =
  | { readonly kind: 'kill'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'eof'; readonly of: Sender }
  | { readonly kind: 'hang-exit' }
  | { readonly kind: 'stderr-flood'; readonly bytes: number }
  /** Frames of our own follow, as if the server had sent them. */
  | { readonly kind: 'tell'; readonly frames: readonly RelayFrame[] };

/** What is to become of one frame that came by. */
export interface Flight {
  /** As whose frames they are passed on: of the other peer, where the request is answered instead. */
  readonly from: Sender;
  readonly frames: readonly RelayFrame[];
  readonly delayMs: number;
  readonly pace: Pace | undefined;
  /** Nothing of this sender passes for so many milliseconds; without a number for ever. */
  readonly stall: { readonly ms: number | undefined } | undefined;
  /** How many of these frames are put in another order. */
  readonly reorder: number | undefined;
  readonly effects: readonly Effect[];
}

/** A frame that passes as it came. */
export function untouched(frame: RelayFrame): Flight {
  return {
    from: frame.from,
    frames: [frame],
    delayMs: 0,
    pace: undefined,
    stall: undefined,
    reorder: undefined,
    effects: [],
  };
}
