import type { Sighting } from '@mcp-dbg/protocol';

import { jsonText } from './json-text.ts';
import { formatBytes, formatMs, formatTime } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/**
 * One frame as two lines: direction, number, time since the start, method, id, size and, for an answer, its latency;
 * then the raw text. `server` names the server where there are several.
 */
export function frameText({ frame, reading, began, answered }: Sighting, theme: Theme, server = ''): string {
  const [exchange] = answered;
  const colour = frame.from === 'client' ? theme.client : theme.server;
  const arrow = frame.from === 'client' ? '-->' : '<--';
  const isNoise = reading.kind === 'not-json' || reading.kind === 'not-json-rpc';
  const method = began?.method ?? exchange?.method ?? (isNoise ? 'NOISE' : reading.kind);
  const id = 'id' in reading ? ` id ${reading.id}` : '';
  const tool = began?.tool ?? exchange?.tool;
  const parts = [
    theme.dim(`#${frame.n} ${formatTime(frame.us)}`),
    ...(server === '' ? [] : [theme.dim(visible(server))]),
    (isNoise || reading.kind === 'error' ? theme.bad : colour)(
      visible(method) + (tool === undefined ? '' : ` ${visible(tool)}`),
    ) + id,
    theme.dim(formatBytes(frame.bytes.length + (frame.terminated ? 1 : 0))),
    ...(exchange?.ms === undefined ? [] : [theme.good(formatMs(exchange.ms))]),
    ...(reading.kind === 'error' ? [theme.bad('error')] : []),
    ...(isNoise ? [theme.warn(`not a message: ${visible(reading.reason)}`)] : []),
    ...(frame.terminated ? [] : [theme.warn('no newline')]),
  ];
  return `${colour(arrow)} ${parts.join('  ')}\n${rawText(frame.bytes, reading.kind === 'not-json', theme)}\n`;
}

function rawText(bytes: Uint8Array, isNoise: boolean, theme: Theme): string {
  const text = new TextDecoder().decode(bytes);
  return isNoise ? visible(text) : jsonText(text, theme);
}
