import type { EventRecord } from '../reading/capture-reading.ts';

/** Whether a record tells what was done to the traffic; a note that is about no frame only tells something. */
export function isInterference(event: EventRecord): boolean {
  return event.t === 'fault' || (event.t === 'note' && event.from !== undefined);
}
