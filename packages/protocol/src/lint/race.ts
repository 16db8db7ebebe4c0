import type { Frame } from '@mcp-dbg/wire';

/** Microseconds in which two messages may have crossed; a peer that is busy reads no sooner. */
const RACE_US = 1_000_000;

/** True where who wrote `later` must have known of `earlier` by then. */
export function isWellAfter(later: Pick<Frame, 'us'>, earlier: Pick<Frame, 'endUs'>): boolean {
  return later.us - earlier.endUs > RACE_US;
}
