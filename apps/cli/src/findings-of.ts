import type { CaptureRecord, Entry, SubjectContext, TornStretch } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';

import { FindingsByFrame } from './findings-by-frame.ts';
import type { Reading } from './reading.ts';

/** Everything that a linter finds in a capture. */
export async function findingsIn(
  records: AsyncIterable<CaptureRecord | TornStretch>,
  linter: CaptureLinter,
): Promise<readonly CaptureFinding[]> {
  const found: CaptureFinding[] = [];
  // One by one: one record may bring more than a call takes as arguments.
  for await (const record of records) for (const finding of linter.push(record)) found.push(finding);
  for (const finding of linter.end()) found.push(finding);
  return found;
}

/** What is wrong with each entry, where the filter asks for it: else there is nothing to ask. */
export async function findingsFor(reading: Reading): Promise<SubjectContext['findingsOf']> {
  if (reading.filter?.needs.findings !== true) return undefined;
  const byFrame = new FindingsByFrame(await findingsIn(reading.records(), new CaptureLinter()));
  return (entry) => byFrame.of(entry);
}

/** Those about some of the entries. What is about no frame is about all of a connection, and left out. */
export async function findingsAbout(
  entries: AsyncIterable<Entry>,
  findings: FindingsByFrame,
): Promise<readonly CaptureFinding[]> {
  const kept = new Set<CaptureFinding>();
  for await (const entry of entries) for (const finding of findings.of(entry)) kept.add(finding);
  return [...kept].toSorted((one, other) => (one.n ?? 0) - (other.n ?? 0));
}
