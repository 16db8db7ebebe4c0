import { readCapture } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';
import { followCapture } from '@mcp-dbg/capture/node';

import { entriesOf, matching } from '../entries-of.ts';
import { EXIT } from '../exit-code.ts';
import { FindingsByFrame } from '../findings-by-frame.ts';
import { findingsIn } from '../findings-of.ts';
import type { Io } from '../io.ts';
import { FollowedFindings } from '../followed-findings.ts';
import { PacedOutput } from '../paced-output.ts';
import { probeText } from '../probe-text.ts';
import { type Reading, openReading } from '../reading.ts';
import { LogLines } from '../render/log-lines.ts';
import { themeFor } from '../render/theme.ts';
import { rowWidth } from '../terminal/size.ts';

export interface LogOptions {
  readonly json?: boolean;
  readonly follow?: boolean;
  /** How often -v was given. */
  readonly verbose?: number;
}

/** Bytes of a capture up to which its lines say what is wrong with them; beyond that it takes too long, and `lint` says it. */
const MAX_CHECKED = 16 * 1024 * 1024;

/**
 * Lists what a capture holds, a line each: exchanges, lone frames, noise, stderr, events; with a filter what it lets
 * through. Gives the exit code.
 */
export async function log(io: Io, words: readonly string[], options: LogOptions): Promise<number> {
  using reading = await openReading(io, words);
  using output = new PacedOutput(io.stdout);
  const theme = themeFor(io.terminal.stdout, io.env);
  const lines = new LogLines(theme, options.json === true, options.verbose ?? 0, rowWidth(io));
  if (reading.probe !== undefined && options.json !== true)
    await output.write(await probeText(reading.probe.path, theme));
  const found =
    options.follow === true ? followed(io, reading, lines, output.gone) : listed(io, reading, lines, options);
  let isEmpty = true;
  for await (const text of found) {
    isEmpty = false;
    if (!(await output.write(text))) break;
  }
  if (isEmpty && reading.filter !== undefined && options.json !== true)
    io.stderr.write('the filter lets nothing of it through\n');
  return EXIT.good;
}

async function* listed(
  io: Io,
  reading: Reading,
  lines: LogLines,
  { json = false }: LogOptions,
): AsyncGenerator<string, void, undefined> {
  const { filter, size } = reading;
  if (filter?.needs.findings === true && size !== undefined) {
    const byFrame = new FindingsByFrame(await findingsIn(reading.records(), new CaptureLinter()));
    for await (const entry of entriesOf(reading, (each) => byFrame.of(each)))
      yield lines.entry(entry, worthMarking(byFrame.of(entry)));
  } else if (!json && (size === undefined || size <= MAX_CHECKED)) {
    // Checked on the way, so that the first line need not wait for the last.
    const found = new FollowedFindings(true);
    const entries = readCapture(found.in(reading.records()));
    for await (const entry of matching(entries, filter, (each) => found.of(each)))
      yield lines.entry(entry, worthMarking(found.of(entry)));
  } else {
    if (!json) io.stderr.write('findings are left out, since the capture is large; mcp-dbg lint has them\n');
    for await (const entry of entriesOf(reading)) yield lines.entry(entry);
  }
}

/** What is only worth knowing is no mark on a line; `lint` has it. */
function worthMarking(findings: readonly CaptureFinding[]): readonly CaptureFinding[] {
  return findings.filter(({ level }) => level !== 'info');
}

/**
 * Goes on as the capture is written. What is wrong is said on a line of its own as soon as it is certain; with a filter,
 * what is wrong with what it lets through.
 */
async function* followed(
  io: Io,
  reading: Reading,
  lines: LogLines,
  gone: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  if (reading.path === undefined) {
    yield* listed(io, reading, lines, {});
    return;
  }
  const found = new FollowedFindings(reading.filter !== undefined);
  const records = found.in(followCapture(reading.path, gone));
  const entries = matching(readCapture(records), reading.filter, (entry) => found.of(entry));
  for await (const entry of entries) {
    yield lines.entry(entry);
    const told = reading.filter === undefined ? found.take() : found.of(entry);
    for (const each of worthMarking(told)) yield lines.finding(each);
  }
  if (reading.filter === undefined) for (const each of worthMarking(found.take())) yield lines.finding(each);
}
