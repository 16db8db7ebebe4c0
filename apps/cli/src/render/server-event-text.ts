import { type ServerEvent, howItEnded } from '@mcp-dbg/core';

import { counted } from './counted.ts';
import { serverLogText } from './server-log-text.ts';
import { formatMs } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Names of tools that a line shows at most, and characters of each: servers may name anything. */
const MAX_NAMES = 12;
const MAX_NAME = 64;
const MAX_URI = 300;

/**
 * What happened to a server, in one line; undefined for what has no line of its own. `isKnown` leaves out what was told
 * before: the names of its tools (what has changed since is told apart), or why it does not start.
 */
export function serverEventText(event: ServerEvent, theme: Theme, isKnown: boolean = false): string | undefined {
  const name = visible(event.server);
  switch (event.type) {
    case 'frame':
    case 'stderr':
    case 'server-waiting':
    case 'server-started':
      return undefined;
    case 'server-ready': {
      const who = [event.name, event.version]
        .filter((each) => each !== '')
        .map((each) => clipped(each))
        .join(' ');
      const protocol = `${event.era}, ${clipped(event.protocolVersion)}`;
      const tools = event.isUnlisted === true ? '' : `, ${counted(event.tools.length, 'tool')}`;
      return theme.good(
        `${name}: connected${who === '' ? '' : ` to ${who}`} (${protocol})${tools}${isKnown ? '' : names(event.tools)}`,
      );
    }
    case 'server-ended':
      return endedText(event, theme);
    case 'server-restarted':
      return theme.good(
        `${name}: ${event.pid === null ? 'reconnected' : `restarted, pid ${event.pid}`}${event.attempt > 1 ? ` (start ${event.attempt})` : ''}`,
      );
    case 'server-start-failed': {
      // What became of it has been told, and so will be its successor.
      if (event.wasReady && event.waitMs === 0) return undefined;
      const what = event.wasReady
        ? 'it keeps ending right after its start'
        : isKnown
          ? 'failed again in the same way'
          : visible(event.reason);
      const next =
        event.waitMs === null
          ? `not trying again by itself; a question does once in 30 s, /reconnect ${name} at any time`
          : event.waitMs === 0
            ? 'trying again'
            : `trying again in ${formatMs(event.waitMs)}`;
      return theme.bad(`${name}: ${what}; ${next}`);
    }
    case 'tools-changed': {
      const parts = [
        ['added', event.added],
        ['removed', event.removed],
        ['changed', event.changed],
      ] as const;
      const said = parts.filter(([, tools]) => tools.length > 0).map(([what, tools]) => `${what}${names(tools)}`);
      return theme.warn(`${name}: its tools changed: ${said.join('; ')}`);
    }
    case 'list-changed':
      return theme.warn(`${name}: its ${event.list} changed`);
    case 'resource-updated':
      return theme.warn(`${name}: changed: ${visible(event.uri).slice(0, MAX_URI)}`);
    case 'log':
      return serverLogText(event, theme);
    case 'notice':
      return theme.warn(`${name === '' ? '' : `${name}: `}${visible(event.message)}`);
    case 'finding':
      return theme.warn(`${name}: ${visible(event.message)} [${event.rule}, frame ${event.n}]`);
  }
}

function endedText(event: Extract<ServerEvent, { type: 'server-ended' }>, theme: Theme): string {
  const { server, pid, code, signal, closed, why, uptimeMs, stderr, inFlight } = event;
  const waiting =
    inFlight.length === 0 ? 'nothing in flight' : `in flight: ${inFlight.map((each) => clipped(each)).join(', ')}`;
  const last = stderr === undefined ? 'no stderr' : `stderr: ${visible(stderr).slice(0, 300)}`;
  const text =
    pid === null
      ? `${visible(server)}: connection ended: ${visible(why ?? 'it was closed')} (up ${formatMs(uptimeMs)}); ${waiting}`
      : `${visible(server)}: server ended: ${howItEnded(code, signal, closed)} (pid ${pid}, up ${formatMs(uptimeMs)}); ${last}; ${waiting}`;
  return event.asked ? theme.dim(text) : theme.bad(text);
}

function names(tools: readonly string[]): string {
  if (tools.length === 0) return '';
  const shown = tools.slice(0, MAX_NAMES).map((tool) => clipped(tool));
  const more = tools.length - shown.length;
  return `: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function clipped(name: string): string {
  return name.length <= MAX_NAME ? visible(name) : `${visible(name.slice(0, MAX_NAME))}…`;
}
