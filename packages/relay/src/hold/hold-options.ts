import type { Filter } from '@mcp-dbg/capture';

import type { Clock } from '../clock.ts';

/** What a desk holds, and for how long. */
export interface HoldOptions {
  /** A frame that one of them lets through is held. They must not need findings; see {@link liveFilter}. */
  readonly filters: readonly Filter[];
  /** Milliseconds after which a frame goes on as it is where nobody has decided. */
  readonly holdMs: number;
  /** The real time, unless given. */
  readonly clock?: Clock;
}
