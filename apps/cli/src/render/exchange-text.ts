import type { Exchange } from '@mcp-dbg/protocol';
import { type Frame, readFrame } from '@mcp-dbg/wire';

import { MAX_SET_IN, frameBody } from './frame-body.ts';
import { resultParts } from './result-parts.ts';
import { formatBytes, formatMs, formatTime } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/**
 * A request and its answer, or a frame that stands alone, whole: a line that says what it is, then its text, set in so
 * that it can be read, and a tool's result also as the text that it is. `isRaw` leaves the text as it crossed the wire.
 */
export function exchangeText(exchange: Exchange, theme: Theme, isRaw: boolean): string {
  const { frame, answer, method, tool, id, kind, ms, status } = exchange;
  const what = [
    visible(method ?? kind) + (tool === undefined ? '' : ` ${visible(tool)}`),
    ...(id === undefined ? [] : [`id ${visible(id)}`]),
    ...(status === undefined || status === 'ok' ? [] : [status]),
  ];
  const lines = [heading(frame, what, theme), frameBody(frame, theme, isRaw)];
  if (answer === undefined) return lines.join('\n');
  lines.push(heading(answer, [`answer${ms === undefined ? '' : ` after ${formatMs(ms)}`}`], theme));
  lines.push(frameBody(answer, theme, isRaw));
  const text = isRaw || method !== 'tools/call' ? '' : resultOf(answer);
  if (text !== '') lines.push(theme.dim('as text'), visible(text, 'kept'));
  return lines.join('\n');
}

function heading({ n, from, us, bytes, terminated, by }: Frame, what: readonly string[], theme: Theme): string {
  const colour = from === 'client' ? theme.client : theme.server;
  const where = `#${n} ${from === 'client' ? '-->' : '<--'}`;
  const size = formatBytes(bytes.length + (terminated ? 1 : 0));
  return colour(
    `${where} ${[...what, `at ${formatTime(us)}`, size, ...(by === undefined ? [] : [`by ${visible(by)}`])].join('  ')}`,
  );
}

/** Texts of a result that the JSON above does not show as they are: those of several lines. */
function resultOf({ bytes }: Frame): string {
  if (bytes.length > MAX_SET_IN) return '';
  const reading = readFrame(bytes);
  if (reading.kind !== 'result') return '';
  const { text } = resultParts(reading.result);
  return text.includes('\n') ? text : '';
}
