import type { TrackerBound } from '@mcp-dbg/wire';

/** Requests of one side that are remembered while nobody answers them: more than may wait for a server to come back. */
const MAX_OPEN = 32_768;
/** Characters and bytes that are remembered of them. */
const MAX_OPEN_SIZE: number = 16 * 1024 * 1024;

export interface OpenBoundOptions<Asked> {
  /** Says something in the record. */
  readonly note: (text: string) => void;
  /** What is not done about a request that was forgotten, as the end of a sentence. */
  readonly price: string;
  /** Characters and bytes that are kept of a request. */
  readonly sizeOf: (asked: Asked) => number;
  readonly onForgotten?: (forgotten: readonly Asked[]) => void;
}

/** How much a relay remembers of what is open. What goes beyond it is forgotten, which is noted once. */
export function openBound<Asked>({ note, price, sizeOf, onForgotten }: OpenBoundOptions<Asked>): TrackerBound<Asked> {
  let isNoted = false;
  return {
    most: MAX_OPEN,
    mostSize: MAX_OPEN_SIZE,
    sizeOf,
    onForgotten: (forgotten, asker) => {
      onForgotten?.(forgotten);
      if (isNoted) return;
      isNoted = true;
      note(`Too many requests of the ${asker} wait for an answer, and the older ones were forgotten: ${price}`);
    },
  };
}
