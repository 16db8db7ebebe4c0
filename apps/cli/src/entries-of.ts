import { type Entry, type Filter, type SubjectContext, entrySubject, readCapture } from '@mcp-dbg/capture';
import { queryFile } from '@mcp-dbg/capture/node';

import { keepHeapSmall } from './keep-heap-small.ts';
import type { Reading } from './reading.ts';

type FindingsOf = SubjectContext['findingsOf'];

/** The entries of a capture that were asked for, in order. A filter may ask for what `findingsOf` found about them. */
export function entriesOf(reading: Reading, findingsOf?: FindingsOf): AsyncIterable<Entry> {
  const { filter, path, name } = reading;
  if (filter === undefined) return readCapture(reading.records());
  if (path !== undefined) {
    keepHeapSmall();
    return queryFile(path, filter, { findingsOf, name });
  }
  return matching(readCapture(reading.records()), filter, findingsOf);
}

/** Of entries that come one by one, those that a filter lets through. */
export async function* matching(
  entries: AsyncIterable<Entry>,
  filter: Filter | undefined,
  findingsOf?: FindingsOf,
): AsyncGenerator<Entry, void, undefined> {
  let openedAt: string | undefined;
  for await (const entry of entries) {
    if (entry.kind === 'event' && entry.event.t === 'open') openedAt = entry.event.at;
    if (filter === undefined || filter.matches(entrySubject(entry, { openedAt, findingsOf }))) yield entry;
  }
}
