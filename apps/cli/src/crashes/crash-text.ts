import { shortText } from '../export/short-text.ts';
import { counted } from '../render/counted.ts';
import { findingName } from '../render/finding-text.ts';
import { localTime } from '../render/local-time.ts';
import { formatBytes } from '../render/sizes.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import type { CrashFrame, CrashInFlight, CrashPeer, CrashReport } from './crash-report.ts';
import { endedHow, requestName, span } from './ended-how.ts';

/** Characters of a frame, of a request in flight, and of a line of stderr or a fact that are shown at most. */
const MAX_FRAME = 400;
const MAX_REQUEST = 4000;
const MAX_LINE = 500;

/** Lines of stderr, and frames, that are shown at most. */
const MAX_LINES = 40;
const MAX_FRAMES = 20;

/** What is set in by so much is a block of code in Markdown, in which nothing means anything. */
const INDENT = '    ';

/** Where a report is from, as commands take it. */
interface CrashPlace {
  /** The capture, where it still is. */
  readonly capture: string;
}

/**
 * A crash for a person, also one who reads it in an issue: what peers wrote is set in as Markdown sets code in, each piece
 * on a line with nothing hidden in it. Ends in a newline.
 */
export function crashText(report: CrashReport, { capture }: CrashPlace, theme: Theme): string {
  const waiting = report.inFlight.length + report.inFlightMore;
  const inFlight = waiting === 0 ? 'nothing' : counted(waiting, 'request');
  const title = `Crash: ${endedHow(report)} after ${span(report.uptimeMs)}, ${inFlight} in flight`;
  const sections = [section(theme.bad(title), factLines(report, capture, theme))];
  const add = (heading: string, lines: readonly string[]): void => {
    sections.push(section(theme.strong(heading), lines));
  };
  if (waiting > 0) add('In flight', inFlightLines(report, theme));
  if (report.stderr.bytes > 0) add(`The end of stderr, of ${formatBytes(report.stderr.bytes)}`, stderrLines(report));
  add(
    framesTitle(report),
    shownFrames(report).map((frame) => frameLine(frame, theme)),
  );
  add(findingsTitle(report), findingLines(report, theme));
  return sections.join('\n');
}

function section(heading: string, lines: readonly string[]): string {
  const body = lines.map((line) => `${INDENT}${line}\n`).join('');
  return body === '' ? `${heading}\n` : `${heading}\n\n${body}`;
}

function factLines(report: CrashReport, capture: string, theme: Theme): readonly string[] {
  const { at, madeBy, label, command, pid, server, client, protocolVersion, era, stderr, crash, leftOut } = report;
  const protocol = protocolVersion === null ? [] : [`${short(protocolVersion)}${era === null ? '' : ` (${era})`}`];
  const rows: readonly (readonly [string, string])[] = [
    ['when', at === null ? 'unknown' : visible(localTime(at))],
    ['server', [...(server.name === label ? [] : [short(label)]), ...peerText(server), `pid ${pid}`].join(', ')],
    ['command', short(command.join(' '))],
    ['client', peerText(client).join(' ') || 'does not say its name'],
    ...protocol.map((text): readonly [string, string] => ['protocol', text]),
    ['stderr', stderr.last === null ? 'nothing was written to it' : short(stderr.last)],
    ['capture', `${visible(capture)}, connection ${report.capture.conn}, crash ${crash}`],
    ...(leftOut === 0
      ? []
      : [['left out', `${leftOut} ${leftOut === 1 ? 'crash' : 'crashes'} right before this one`] as const]),
    [
      'made by',
      `mcp-dbg ${short(madeBy.mcpDbg)}, Node.js ${short(madeBy.node)}, ${short(madeBy.platform)}, from the ${madeBy.from}`,
    ],
  ];
  const torn = report.isTorn ? [theme.warn('bytes are missing of the traffic: what is told may be incomplete')] : [];
  return [...rows.map(([name, text]) => `${theme.dim(name.padEnd(9))} ${text}`), ...torn];
}

function peerText({ name, version }: CrashPeer): readonly string[] {
  return name === null ? [] : [version === null ? short(name) : `${short(name)} ${short(version)}`];
}

function inFlightLines({ inFlight, inFlightMore }: CrashReport, theme: Theme): readonly string[] {
  const lines = inFlight.flatMap((each) => requestLines(each, theme));
  return inFlightMore === 0 ? lines : [...lines, theme.dim(`… ${inFlightMore} more`)];
}

function requestLines(each: CrashInFlight, theme: Theme): readonly string[] {
  const { id, from, waitedMs, frame } = each;
  const facts = [
    ...(id === null ? [] : [`id ${short(id)}`]),
    ...(waitedMs === null ? [] : [`waited ${span(waitedMs)}`]),
    ...(from === 'server' ? ['asked by the server'] : []),
    ...(frame === null ? [] : [`frame ${frame.n}`]),
  ];
  const name = theme.tool(shortText(requestName(each), MAX_LINE));
  return [`${name}  ${theme.dim(facts.join(', '))}`, ...(frame === null ? [] : [`  ${bodyOf(frame, MAX_REQUEST)}`])];
}

function stderrLines({ stderr }: CrashReport): readonly string[] {
  const lines = stderr.tail.replace(/\n$/, '').split('\n');
  return lines.slice(-MAX_LINES).map((line) => short(line.replace(/\r$/, '')));
}

function framesTitle(report: CrashReport): string {
  const shown = shownFrames(report).length;
  const all = report.framesBefore + report.frames.length;
  if (shown === 0) return all === 0 ? 'No frame was seen' : `Frames: ${all}, none of which is kept`;
  return shown === all ? 'All frames' : `The last ${shown} of ${all} frames`;
}

function shownFrames({ frames }: CrashReport): readonly CrashFrame[] {
  return frames.slice(-MAX_FRAMES);
}

function frameLine(frame: CrashFrame, theme: Theme): string {
  const { n, from, by, msBeforeEnd } = frame;
  const sender = from === 'client' ? theme.client('client →') : theme.server('server ←');
  const ours = by === null ? '' : ` ${theme.warn(`(by ${short(by)})`)}`;
  return `${String(n).padStart(4)}  ${theme.dim(`${span(msBeforeEnd)} before`.padEnd(16))} ${sender}${ours} ${bodyOf(frame, MAX_FRAME)}`;
}

function bodyOf({ raw, rawBase64, bytes, isCut }: CrashFrame, max: number): string {
  if (raw === null) return `(${formatBytes(bytes)} that are not UTF-8, in base64) ${shortText(rawBase64 ?? '', max)}`;
  const text = shortText(raw, max);
  return text.endsWith('…') || isCut ? `${text.replace(/…$/, '')}… (${formatBytes(bytes)})` : text;
}

function findingsTitle({ findings, checked, frames, framesBefore }: CrashReport): string {
  const all = frames.length + framesBefore;
  const part = checked < all ? ` in the first ${counted(checked, 'frame')}` : '';
  if (findings.length > 0) return `Findings${part}`;
  return checked === 0 && all > 0 ? 'No frame was checked' : `No rule was broken${part}`;
}

function findingLines({ findings, findingsMore }: CrashReport, theme: Theme): readonly string[] {
  const lines = findings.flatMap((finding) => [
    `${findingName({ ...finding, rule: short(finding.rule) }, theme)}: ${shortText(finding.message, MAX_LINE)}${finding.n === null ? '' : ` [frame ${finding.n}]`}`,
    theme.dim(`  ${short(finding.fix)}`),
  ]);
  return findingsMore === 0 ? lines : [...lines, theme.dim(`… ${findingsMore} more`)];
}

function short(text: string): string {
  return shortText(text, MAX_LINE);
}
