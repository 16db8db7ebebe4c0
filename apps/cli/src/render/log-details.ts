import type { Entry } from '@mcp-dbg/capture';
import { type Frame, readFrame } from '@mcp-dbg/wire';

import { hexText } from './hex-text.ts';
import { indentedJson } from './indented-json.ts';
import { jsonText } from './json-text.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** How much of each frame is shown below its line: a part of its text, all of it set in, or its bytes. */
export type Verbosity = 0 | 1 | 2 | 3;

/** Characters of a frame that one `-v` shows. */
const MAX_SHOWN = 500;

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
  if (verbosity === 3) return hexText(frame.terminated ? Buffer.concat([frame.bytes, NEWLINE]) : frame.bytes);
  if (verbosity === 1) {
    // A character takes four bytes at most.
    const text = new TextDecoder().decode(frame.bytes.subarray(0, MAX_SHOWN * 4));
    return text.length <= MAX_SHOWN
      ? jsonText(text, theme)
      : `${jsonText(text.slice(0, MAX_SHOWN), theme)}${theme.dim('…')}`;
  }
  const text = new TextDecoder().decode(frame.bytes);
  return readFrame(frame.bytes).kind === 'not-json' ? visible(text) : jsonText(indentedJson(text), theme, 'kept');
}
