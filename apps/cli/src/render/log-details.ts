import type { Entry } from '@mcp-dbg/capture';
import type { Frame } from '@mcp-dbg/wire';

import { frameBody } from './frame-body.ts';
import { hexText } from './hex-text.ts';
import { jsonText } from './json-text.ts';
import { formatBytes } from './sizes.ts';
import type { Theme } from './theme.ts';

/** How much of each frame is shown below its line: a part of its text, all of it set in, or its bytes. */
export type Verbosity = 0 | 1 | 2 | 3;

/** Characters of a frame that one `-v` shows. */
const MAX_SHOWN = 500;

/** Bytes of a frame that are dumped: each makes five characters. */
const MAX_DUMPED = 1024 * 1024;

const INDENT = '      ';
const NEWLINE = Uint8Array.of(0x0a);

/** The frames of an entry below its line, each behind its direction; nothing at verbosity 0 and for what has no frame. */
export function logDetails(entry: Entry, verbosity: Verbosity, theme: Theme): string {
  if (verbosity === 0 || entry.kind !== 'exchange') return '';
  const { frame, answer } = entry.exchange;
  return [frame, ...(answer === undefined ? [] : [answer])].map((each) => frameText(each, verbosity, theme)).join('');
}

function frameText(frame: Frame, verbosity: 1 | 2 | 3, theme: Theme): string {
  const colour = frame.from === 'client' ? theme.client : theme.server;
  const arrow = colour(frame.from === 'client' ? '-->' : '<--');
  const body = bodyOf(frame, verbosity, theme).replaceAll('\n', `\n${INDENT}    `);
  return `${INDENT}${arrow} ${body}\n`;
}

function bodyOf(frame: Frame, verbosity: 1 | 2 | 3, theme: Theme): string {
  if (verbosity === 3) return dumped(frame, theme);
  if (verbosity === 1) {
    // A character takes four bytes at most.
    const text = new TextDecoder().decode(frame.bytes.subarray(0, MAX_SHOWN * 4));
    return text.length <= MAX_SHOWN
      ? jsonText(text, theme)
      : `${jsonText(text.slice(0, MAX_SHOWN), theme)}${theme.dim('…')}`;
  }
  return frameBody(frame, theme, false);
}

function dumped({ bytes, terminated }: Frame, theme: Theme): string {
  const left = bytes.length - MAX_DUMPED;
  if (left > 0)
    return `${hexText(bytes.subarray(0, MAX_DUMPED))}\n${theme.dim(`… ${formatBytes(left)} more; mcp-dbg show --raw has all`)}`;
  return hexText(terminated ? Buffer.concat([bytes, NEWLINE]) : bytes);
}
