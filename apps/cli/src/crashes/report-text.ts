import { CliError } from '../exit-code.ts';
import { safeJson } from '../render/visible.ts';
import { CRASH_FORMAT, type CrashReport } from './crash-report.ts';
import { Members } from './members.ts';

/** Bytes of a report's file at most: what it holds is bounded, and so is how much longer JSON makes it. */
export const MAX_REPORT_BYTES: number = 8 * 1024 * 1024;

/** The document, as JSON on one line. Nothing in it could fool a terminal. */
export function reportJson(report: CrashReport): string {
  return safeJson(JSON.stringify({ mcpDbgCrash: CRASH_FORMAT, ...report }));
}

/** The text of a report's file: the document, a line for each of its members. */
export function reportText(report: CrashReport): string {
  const members = Object.entries({ mcpDbgCrash: CRASH_FORMAT, ...report });
  const lines = members.map(([name, value]) => `"${name}":${safeJson(JSON.stringify(value))}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

/**
 * Reads the text of a report's file, which anybody may have written; members that it does not know are left out. Throws
 * CliError (`NOT_A_CRASH`, `NEWER_FORMAT`), to stand behind what was to be done.
 */
export function readReport(text: string): CrashReport {
  const root = Members.parse(text);
  const version = root?.any('mcpDbgCrash');
  if (root === undefined || typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new CliError('NOT_A_CRASH', 'it is no crash report; mcp-dbg crashes lists those that there are');
  if (version > CRASH_FORMAT)
    throw new CliError(
      'NEWER_FORMAT',
      `it was written by a newer mcp-dbg (format ${version}, and this one reads ${CRASH_FORMAT}); update mcp-dbg`,
    );
  return readMembers(root);
}

function readMembers(root: Members): CrashReport {
  const madeBy = root.object('madeBy');
  const capture = root.object('capture');
  const stderr = root.object('stderr');
  return {
    at: root.textOrNull('at'),
    madeBy: {
      mcpDbg: madeBy.text('mcpDbg'),
      node: madeBy.text('node'),
      platform: madeBy.text('platform'),
      from: madeBy.oneOf('from', ['proxy', 'capture']),
    },
    crash: root.count('crash'),
    leftOut: root.count('leftOut'),
    capture: { path: capture.text('path'), conn: capture.count('conn') },
    label: root.text('label'),
    command: root.texts('command'),
    pid: root.count('pid'),
    client: readPeer(root.object('client')),
    server: readPeer(root.object('server')),
    era: root.nullOr('era', () => root.oneOf('era', ['legacy', 'modern'])),
    protocolVersion: root.textOrNull('protocolVersion'),
    code: root.nullOr('code', () => root.number('code')),
    signal: root.textOrNull('signal'),
    uptimeMs: root.number('uptimeMs'),
    stderr: { last: stderr.textOrNull('last'), tail: stderr.text('tail'), bytes: stderr.count('bytes') },
    inFlight: root.objects('inFlight').map((each) => readInFlight(each)),
    inFlightMore: root.count('inFlightMore'),
    frames: root.objects('frames').map((each) => readFrame(each)),
    framesBefore: root.count('framesBefore'),
    isTorn: root.flag('isTorn'),
    findings: root.objects('findings').map((each) => readFinding(each)),
    findingsMore: root.count('findingsMore'),
    checked: root.count('checked'),
  };
}

function readPeer(from: Members): CrashReport['client'] {
  return { name: from.textOrNull('name'), version: from.textOrNull('version') };
}

function readInFlight(from: Members): CrashReport['inFlight'][number] {
  return {
    id: from.textOrNull('id'),
    from: from.oneOf('from', ['client', 'server']),
    method: from.textOrNull('method'),
    tool: from.textOrNull('tool'),
    waitedMs: from.nullOr('waitedMs', () => from.number('waitedMs')),
    frame: from.nullOr('frame', () => readFrame(from.object('frame'))),
  };
}

function readFrame(from: Members): CrashReport['frames'][number] {
  const base64 = from.any('rawBase64');
  return {
    n: from.count('n'),
    from: from.oneOf('from', ['client', 'server']),
    by: from.textOrNull('by'),
    msBeforeEnd: from.number('msBeforeEnd'),
    bytes: from.count('bytes'),
    isCut: from.flag('isCut'),
    raw: from.textOrNull('raw'),
    ...(base64 !== undefined && { rawBase64: from.text('rawBase64') }),
  };
}

function readFinding(from: Members): CrashReport['findings'][number] {
  return {
    rule: from.text('rule'),
    level: from.oneOf('level', ['error', 'warning', 'info']),
    n: from.nullOr('n', () => from.count('n')),
    from: from.nullOr('from', () => from.oneOf('from', ['client', 'server'])),
    message: from.text('message'),
    spec: from.textOrNull('spec'),
    fix: from.text('fix'),
  };
}
