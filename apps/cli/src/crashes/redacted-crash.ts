import { type CaptureRecord, readCapture } from '@mcp-dbg/capture';
import { type Redactor, redactRecords } from '@mcp-dbg/capture/redact';
import { StderrTail } from '@mcp-dbg/wire';

import type { CrashFrame, CrashInFlight, CrashPeer, CrashReport } from './crash-report.ts';
import { MAX_STDERR } from './kept-traffic.ts';

/** The last word of a text that was cut: a piece of something, which may be a piece of a secret. */
const LAST_WORD = /[^\s"',:;=&{}[\]()<>«»]*$/;

/** Characters at which the last line of stderr may have been cut. */
const CUT_LINE = 500;

/** A report without what looks like a secret, in whichever member it stands. */
export async function redactedCrash(report: CrashReport, redactor: Redactor): Promise<CrashReport> {
  const text = (value: string): string => redactor.redactText(value);
  const peer = ({ name, version }: CrashPeer): CrashPeer => ({
    name: orNull(name, text),
    version: orNull(version, text),
  });
  return {
    ...report,
    capture: { ...report.capture, path: text(report.capture.path) },
    label: text(report.label),
    command: redactor.redactArgv(report.command),
    client: peer(report.client),
    server: peer(report.server),
    protocolVersion: orNull(report.protocolVersion, text),
    signal: orNull(report.signal, text),
    stderr: await redactedStderr(report.stderr, redactor),
    inFlight: report.inFlight.map((each) => redactedInFlight(each, redactor)),
    frames: report.frames.map((frame) => redactedFrame(frame, redactor)),
    findings: report.findings.map((finding) => ({ ...finding, message: text(unquoted(finding.message)) })),
  };
}

/** What JSON.parse says quotes ten characters of a line, which may be a piece of a secret. */
function unquoted(message: string): string {
  return message.replace(/(?:\.\.\.)?"[^]*"(?:\.\.\.)?(?= is not valid JSON)/, '…');
}

function redactedInFlight(each: CrashInFlight, redactor: Redactor): CrashInFlight {
  const text = (value: string): string => redactor.redactText(value);
  return {
    ...each,
    id: orNull(each.id, text),
    method: orNull(each.method, text),
    tool: orNull(each.tool, text),
    frame: each.frame === null ? null : redactedFrame(each.frame, redactor),
  };
}

function redactedFrame(frame: CrashFrame, redactor: Redactor): CrashFrame {
  const { raw, rawBase64 = '' } = frame;
  const bytes = raw === null ? Buffer.from(rawBase64, 'base64') : Buffer.from(raw);
  const redacted = frame.isCut ? redactedBeginning(bytes, redactor) : redactor.redactLine(bytes);
  const text = Buffer.from(redacted).toString(raw === null ? 'base64' : 'utf8');
  return raw === null ? { ...frame, rawBase64: text } : { ...frame, raw: text };
}

/** A secret that was cut in its middle is left out to the last letter, whether or not enough of it is there to be known. */
function redactedBeginning(bytes: Buffer, redactor: Redactor): Uint8Array {
  const redacted = Buffer.from(redactor.redactLine(bytes));
  return redacted.subarray(0, redacted.toString('latin1').replace(LAST_WORD, '').length);
}

/** Its lines are redacted as those of a capture, in which a key may go over several; a first line that was cut is left out. */
async function redactedStderr(
  { last, tail, bytes }: CrashReport['stderr'],
  redactor: Redactor,
): Promise<CrashReport['stderr']> {
  const isCut = bytes > MAX_STDERR;
  const stamp = { seq: 0, us: 0, conn: 1 };
  const records: readonly CaptureRecord[] = [
    { ...stamp, t: 'spawn', pid: 0 },
    ...(isCut ? [{ ...stamp, t: 'gap' as const, reason: 'cut', since: 0, missed: [MISSED], events: 0 }] : []),
    ...(tail === '' ? [] : [{ ...stamp, t: 'data' as const, from: 'stderr' as const, bytes: Buffer.from(tail) }]),
    { ...stamp, t: 'eof', from: 'stderr' },
  ];
  const redacted = new StderrTail();
  const lines: string[] = [];
  for await (const entry of readCapture(redactRecords(records, redactor))) {
    if (entry.kind !== 'stderr') continue;
    const line = new TextDecoder().decode(entry.bytes);
    lines.push(entry.terminated ? `${line}\n` : line);
    redacted.push(Buffer.from(`${line}\n`));
  }
  return { last: redactedLast(last, tail, redacted.last, redactor), tail: lines.join(''), bytes };
}

const MISSED = { conn: 1, from: 'stderr', reads: 0, bytes: 0 } as const;

/** The same line of what was redacted, where it stands in there: in a key of several lines, one alone does not look like it. */
function redactedLast(
  last: string | null,
  tail: string,
  lastOfRedacted: string | undefined,
  redactor: Redactor,
): string | null {
  if (last === null) return null;
  const own = new StderrTail();
  own.push(Buffer.from(`${tail}\n`));
  if (own.last === last) return lastOfRedacted ?? null;
  const text = redactor.redactText(last);
  return last.length < CUT_LINE ? text : text.replace(LAST_WORD, '');
}

function orNull(value: string | null, redact: (text: string) => string): string | null {
  return value === null ? null : redact(value);
}
