import wrapAnsi from 'wrap-ansi';

import type { ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';
import type { Finding } from '@mcp-dbg/protocol/lint';

import { cutAt } from './cells.ts';
import { fitted, hanging } from './columns.ts';
import { findingName, findingText } from './finding-text.ts';
import { jsonText } from './json-text.ts';
import { formatBytes } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';
import { eventColumns, wireRow } from './wire-columns.ts';

/** Rows of a terminal that one frame's text takes at most, and how far it is set in. */
const MAX_ROWS = 3;
const INDENT = '     ';

/** How the verbose view looks. */
export interface WireLook {
  readonly theme: Theme;
  /** The width of the terminal that it must fit, where the rest is one command away; else everything is shown whole. */
  readonly columns?: number;
  /** Whether rows name their server. */
  readonly severalServers: boolean;
}

/** One frame: a row that says what it is, and its raw text below. */
export function frameText(server: string, sighting: Sighting, look: WireLook): string {
  const { frame, reading, began, answered } = sighting;
  const { theme } = look;
  const [exchange] = answered;
  const isClient = frame.from === 'client';
  const isNoise = reading.kind === 'not-json' || reading.kind === 'not-json-rpc';
  const place = {
    n: frame.n,
    us: frame.us,
    mark: isClient ? '-->' : '<--',
    of: exchange?.n,
    ms: exchange?.ms,
    bytes: frame.bytes.length + (frame.terminated ? 1 : 0),
  };
  const colour = isNoise || reading.kind === 'error' ? theme.bad : isClient ? theme.client : theme.server;
  const method = began?.method ?? exchange?.method ?? (isNoise ? 'NOISE' : reading.kind);
  const tool = began?.tool ?? exchange?.tool;
  const what = [
    visible(method) + (tool === undefined ? '' : ` ${visible(tool)}`),
    ...('id' in reading ? [`id ${reading.id}`] : []),
    ...(reading.kind === 'error' ? ['error'] : exchange?.status === 'tool-error' ? ['tool error'] : []),
    ...(exchange?.status === 'cancelled' ? ['answered after it was cancelled'] : []),
    ...(isNoise ? [`not a message: ${visible(reading.reason)}`] : []),
    ...(frame.terminated ? [] : ['no newline']),
    ...(frame.by === undefined ? [] : [`by ${visible(frame.by)}`]),
  ].join('  ');
  const row = wireRow(place, named(server, what, look), look.columns);
  return `${colour(look.columns === undefined ? row : fitted(row, look.columns - 1))}\n${rawText(sighting, look)}\n`;
}

/** A row of the verbose view for what is no frame; undefined for an event that has none of its own. */
export function eventRow(event: ServerEvent, look: WireLook): string | undefined {
  switch (event.type) {
    case 'stderr':
      return happened(event.us, 'err', look.theme.warn, named(event.server, visible(event.text), look), look);
    case 'server-started': {
      const what =
        event.pid === null
          ? `connecting to ${visible(event.url)}`
          : `started, pid ${event.pid}: ${visible(event.command.join(' '))}`;
      return happened(event.us, '***', look.theme.dim, named(event.server, what, look), look);
    }
    case 'finding':
    case 'frame':
    case 'list-changed':
    case 'log':
    case 'notice':
    case 'resource-updated':
    case 'server-ended':
    case 'server-ready':
    case 'server-restarted':
    case 'server-start-failed':
    case 'server-waiting':
    case 'tools-changed':
      return undefined;
  }
}

/** A sentence of ours in the verbose view: what became of a server, a finding. */
export function sentenceRow(event: ServerEvent, sentence: string, look: WireLook): string {
  const isEnd = event.type === 'server-ended';
  const mark = isEnd ? 'xxx' : event.type === 'finding' || event.type === 'notice' ? '(!)' : '***';
  return happened(isEnd ? event.us : undefined, mark, (text) => text, sentence, look);
}

/** What is wrong with what was just shown. */
export function findingRow(server: string, finding: Finding, look: WireLook): string {
  const where = finding.n === undefined ? '' : ` [frame ${finding.n}]`;
  // The row of the noise says the rest.
  const said = finding.rule === 'stdio/not-json' ? findingName : findingText;
  return happened(undefined, '(!)', (text) => text, named(server, said(finding, look.theme) + where, look), look);
}

/** What is no frame: in a terminal below its own beginning where it takes several rows. */
function happened(
  us: number | undefined,
  mark: string,
  colour: (text: string) => string,
  what: string,
  { theme, columns }: WireLook,
): string {
  return `${hanging(colour(what), columns, theme.dim(eventColumns(us, mark, columns)))}\n`;
}

function named(server: string, what: string, { severalServers }: WireLook): string {
  return severalServers ? `${visible(server)}  ${what}` : what;
}

/** The frame's own text; in a terminal no more than a few rows of it, with the command that shows the rest. */
function rawText({ frame, reading }: Sighting, { theme, columns }: WireLook): string {
  const isNoise = reading.kind === 'not-json';
  if (columns === undefined) {
    const text = new TextDecoder().decode(frame.bytes);
    return isNoise ? visible(text) : jsonText(text, theme);
  }
  const width = Math.max(10, columns - 1 - INDENT.length);
  // A character takes four bytes at most.
  const text = visible(new TextDecoder().decode(frame.bytes.subarray(0, width * MAX_ROWS * 4)));
  const kept = cutAt(text, width * MAX_ROWS);
  const isWhole = kept.length === text.length && frame.bytes.length <= width * MAX_ROWS * 4;
  const shown = isWhole ? kept : cutAt(text, width * (MAX_ROWS - 1));
  const rows = wrapAnsi(isNoise ? shown : jsonText(shown, theme), width, { hard: true, wordWrap: false, trim: false });
  const rest = isWhole
    ? ''
    : `\n${theme.dim(fitted(`… ${formatBytes(frame.bytes.length)} in all: /show ${frame.n}`, width))}`;
  return `${INDENT}${(rows + rest).replaceAll('\n', `\n${INDENT}`)}`;
}
