import type { ServerEvent } from '@mcp-dbg/core';

import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Characters of one log message that a line shows at most; the capture has all. */
const MAX_TEXT = 2000;

/** Levels that tell of trouble (server/utilities/logging), worst first. */
const BAD: ReadonlySet<string> = new Set(['emergency', 'alert', 'critical', 'error']);

/** A log message of a server: `server: warning from logger: text`. What is no text is shown as JSON. */
export function serverLogText(
  { server, level, logger, data }: Extract<ServerEvent, { type: 'log' }>,
  theme: Theme,
): string {
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '');
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  const from = logger === undefined ? '' : ` from ${visible(logger.slice(0, 100))}`;
  const colour = BAD.has(level) ? theme.bad : level === 'warning' ? theme.warn : theme.dim;
  return colour(`${visible(server)}: ${visible(level.slice(0, 20))}${from}: ${visible(cut)}`);
}
