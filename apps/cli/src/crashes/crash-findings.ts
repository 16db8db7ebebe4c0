import type { CaptureRecord } from '@mcp-dbg/capture';
import { type CaptureFinding, CaptureLinter } from '@mcp-dbg/capture/lint';

import type { CrashFinding, CrashReport } from './crash-report.ts';
import type { Crash } from './crash-scan.ts';
import type { KeptFrame } from './kept-traffic.ts';

/** Findings that a report holds at most: one of a rule says what a hundred say. */
const MAX_FINDINGS = 50;
const MAX_OF_RULE = 3;

/**
 * What is wrong with the traffic before a crash. It is checked when the process has ended, and not while it ran, so that
 * nobody waits for it: from the first frame on, as far as all of it was kept. What is only worth knowing is left to `lint`.
 */
export function crashFindings({
  spawn,
  exit,
  traffic,
}: Crash): Pick<CrashReport, 'findings' | 'findingsMore' | 'checked'> {
  const { first, last, count, isServerDone } = traffic;
  const isWhole = first.length + last.length === count;
  const frames = wholeFrom(isWhole ? [...first, ...last] : first);
  const linter = new CaptureLinter();
  const found: CaptureFinding[] = [];
  const push = (record: CaptureRecord): void => {
    // One by one: one record may bring more than a call takes as arguments.
    for (const finding of linter.push(record)) found.push(finding);
  };
  const stamp = { seq: 0, conn: exit.conn };
  push(spawn);
  // The linter numbers what it sees, from 1.
  for (const frame of frames) push({ ...stamp, t: 'data', us: frame.endUs, from: frame.from, ...dataOf(frame) });
  if (frames.length === count) {
    if (isServerDone) push({ ...stamp, t: 'eof', us: exit.us, from: 'server' });
    push(exit);
  }
  const told = found.filter(({ level }) => level !== 'info');
  const ofRule = new Map<string, number>();
  const kept = told.filter(({ rule }) => {
    const before = ofRule.get(rule) ?? 0;
    ofRule.set(rule, before + 1);
    return before < MAX_OF_RULE;
  });
  const findings = kept.slice(0, MAX_FINDINGS).map((finding) => findingAt(finding, frames));
  return { findings, findingsMore: told.length - findings.length, checked: frames.length };
}

/** The frames up to where one is not known in full, or bytes are missing. */
function wholeFrom(frames: readonly KeptFrame[]): readonly KeptFrame[] {
  const end = frames.findIndex(({ bytes, size, isPostGap }) => bytes.length < size || isPostGap);
  return end === -1 ? frames : frames.slice(0, end);
}

function dataOf({ bytes, terminated, by }: KeptFrame): { readonly bytes: Uint8Array; readonly by?: string } {
  const line = terminated ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes;
  return { bytes: line, ...(by !== undefined && { by }) };
}

function findingAt(
  { rule, level, n, from, message, spec, fix }: CaptureFinding,
  frames: readonly KeptFrame[],
): CrashFinding {
  const number = n === undefined ? null : (frames[n - 1]?.n ?? null);
  return { rule, level, n: number, from: from ?? null, message, spec: spec ?? null, fix };
}
