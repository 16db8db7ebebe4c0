import type { EventEntry, ExchangeEntry, StderrEntry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { safeJson } from '../render/visible.ts';
import { eventFields } from './event-fields.ts';
import { FindingsByFrame } from '../findings-by-frame.ts';
import { headOf, withinStringLimit } from './frame-text.ts';
import { harEntry } from './har-entry.ts';
import type { Entries } from './in-time-order.ts';
import { LastOf } from './last-of.ts';
import { nameOfCapture } from './name-of-capture.ts';
import { WallClock } from './wall-clock.ts';

/** Lines of stderr and events of processes that are kept: they stand behind all entries. */
const MAX_KEPT = 500;

/** Characters of a line of stderr at most. */
const MAX_LINE = 2000;

/** Where a capture does not say when it was opened: a viewer needs a date. */
const NO_DATE = '1970-01-01T00:00:00.000Z';

/**
 * A capture as HAR 1.2, which the developer tools of browsers open: an entry for each exchange, notification and line
 * of noise; see {@link harEntry}. Entries stream; findings, and the last 500 lines of stderr and events, which HAR has
 * no place for, are in `_mcp` members. The log's comment says what its reader has to know. `version` is that of this program.
 */
export async function* exportHar(
  entries: Entries,
  findings: readonly CaptureFinding[],
  { version }: { readonly version: string },
): AsyncGenerator<string, void, undefined> {
  const writer = new HarWriter(findings);
  // The importer of Firefox fails where there are no pages.
  yield `{"log":{"version":"1.2","creator":${json({ name: 'mcp-dbg', version })},"pages":[],"entries":[`;
  let isFirst = true;
  for await (const entry of entries) {
    if (entry.kind === 'stderr') writer.keepLine(entry);
    if (entry.kind === 'event') writer.keepEvent(entry);
    if (entry.kind !== 'exchange') continue;
    yield `${isFirst ? '' : ','}\n${writer.entry(entry)}`;
    isFirst = false;
  }
  yield `\n],${writer.rest().slice(1, -1)}}}\n`;
}

class HarWriter {
  readonly #clock = new WallClock();
  readonly #findings: FindingsByFrame;
  readonly #stderr = new LastOf<object>(MAX_KEPT);
  readonly #events = new LastOf<object>(MAX_KEPT);
  #name = 'server';

  constructor(findings: readonly CaptureFinding[]) {
    this.#findings = new FindingsByFrame(findings);
  }

  entry(entry: ExchangeEntry): string {
    const context = {
      startedDateTime: this.#clock.at(entry.us) ?? NO_DATE,
      host: entry.server ?? this.#name,
      findings: this.#findings.of(entry),
    };
    return withinStringLimit(
      () => json(harEntry(entry, context)),
      () => json(harEntry(entry, { ...context, isBare: true })),
    );
  }

  keepLine({ us, conn, server, bytes }: StderrEntry): void {
    const { text, isCut } = headOf(bytes, MAX_LINE);
    this.#stderr.add({ at: this.#clock.at(us), us, conn, server, text: isCut ? `${text}…` : text });
  }

  keepEvent(entry: EventEntry): void {
    this.#clock.see(entry);
    const { us, conn, server, event } = entry;
    if (event.t === 'open') this.#name = nameOfCapture(event);
    this.#events.add({ at: this.#clock.at(us), us, conn, server, ...eventFields(event) });
  }

  /** What stands behind the entries. */
  rest(): string {
    const ofConnections = this.#findings.ofConnections;
    return json({
      comment: this.#comment(),
      _mcp: { findings: ofConnections, stderr: this.#stderr.items, events: this.#events.items },
    });
  }

  #comment(): string {
    return [
      'MCP over stdio, not HTTP. An entry is a request with its answer, a notification, or a line that is no message.',
      'Status: 200 a result, 500 an error, 202 nothing to answer, 0 no good answer; statusText says why.',
      `Not among the entries: ${this.#stderr.count} lines of stderr and ${this.#events.count} events of processes;`,
      `the last ${MAX_KEPT} of each are in log._mcp.`,
    ].join(' ');
  }
}

function json(value: object): string {
  return safeJson(JSON.stringify(value));
}
