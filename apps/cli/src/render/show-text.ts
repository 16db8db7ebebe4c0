import type { Entry, ExchangeEntry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import type { DoneEntry } from '../done-to-frames.ts';
import { exchangeText } from './exchange-text.ts';
import { findingText } from './finding-text.ts';
import { frameBody } from './frame-body.ts';
import { logText } from './log-text.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** An exchange with all that belongs to it. */
export interface Shown {
  readonly entry: ExchangeEntry;
  /** What was done to its frames on purpose, or told of them, with the frames as they came. */
  readonly done: readonly DoneEntry[];
  /** What it belongs to: the request that a notification is about, the first round of a call. */
  readonly whole: ExchangeEntry | undefined;
  /** What happened while it waited: what belongs to it, stderr, events, in order. */
  readonly during: readonly Entry[];
  /** How many of these there were beyond those that are kept. */
  readonly left: number;
  readonly findings: readonly CaptureFinding[];
}

/** An exchange whole: its frames, what happened during it, and what is wrong with it. Ends in a newline. */
export function showText({ entry, done, whole, during, left, findings }: Shown, theme: Theme, isRaw: boolean): string {
  const parts = [exchangeText(entry.exchange, theme, isRaw), '\n'];
  if (done.length > 0)
    parts.push('\n', theme.strong('not passed on as it came'), '\n', ...done.map(original(theme, isRaw)));
  if (whole !== undefined) parts.push('\n', theme.strong('belongs to'), '\n', logText(whole, theme));
  if (during.length > 0) {
    parts.push('\n', theme.strong('during it'), '\n', ...during.map((each) => logText(each, theme)));
    if (left > 0) parts.push(theme.dim(`… ${left} more; mcp-dbg log has all`), '\n');
  }
  if (findings.length > 0) parts.push('\n', theme.strong('findings'), '\n', ...findings.flatMap(told(theme)));
  return parts.join('');
}

/** What was done, and below it the frame as it came. */
function original(theme: Theme, isRaw: boolean): (done: DoneEntry) => string {
  return (done) => {
    const { original: bytes = new Uint8Array() } = done.event;
    const line = bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
    return `${logText(done, theme)}${frameBody({ bytes: line }, theme, isRaw)}\n`;
  };
}

function told(theme: Theme): (finding: CaptureFinding) => readonly string[] {
  return (finding) => {
    const { fix, clients, spec } = finding;
    const more = [fix, clients, spec].filter((text) => text !== undefined);
    return [`${findingText(finding, theme)}\n`, ...more.map((text) => theme.dim(`    ${visible(text)}\n`))];
  };
}
