import { type EventEntry, plainEvent } from '@mcp-dbg/capture';

/** What a record says, without what places it in its file. */
export function eventFields(event: EventEntry['event']): Readonly<Record<string, unknown>> {
  const { t, ...fields } = event.t === 'other' ? { ...event.header, t: event.kind } : plainEvent(event);
  return { t, ...Object.fromEntries(Object.entries(fields).filter(([key]) => !PLACING.has(key))) };
}

const PLACING: ReadonlySet<string> = new Set(['c', 'seq', 'us', 'conn']);
