import type { Entry, EventEntry, ExchangeEntry, StderrEntry } from '@mcp-dbg/capture';
import { type Exchange, eraOf } from '@mcp-dbg/protocol';
import type { Finding } from '@mcp-dbg/protocol/lint';
import { type Frame, memberText, readFrame } from '@mcp-dbg/wire';

import { eventSentence } from './event-sentence.ts';
import { findingMarks } from './finding-text.ts';
import { formatBytes, formatMs, formatTime } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Characters of a frame's own text that a line shows at most. */
const MAX_SHOWN = 100;

/** The line above the others. */
export function logHead(width: number = Infinity): string {
  return `${columns({ n: '#', time: '+time', arrow: 'dir', ms: 'dur', size: 'size' }, width)}what\n`;
}

/**
 * One entry of a capture as one line. The columns of known width stand first, and what the peers wrote last, with
 * everything hidden in it made visible: text from outside can neither break the columns nor the terminal. Below a
 * `width` of 100 columns sizes are left out, below 60 times too.
 */
export function logText(
  entry: Entry,
  theme: Theme,
  width: number = Infinity,
  findings: readonly Pick<Finding, 'rule' | 'level'>[] = [],
): string {
  switch (entry.kind) {
    case 'exchange':
      return exchangeText(entry, theme, width, findings);
    case 'stderr':
      return stderrText(entry, theme, width);
    case 'event':
      return eventText(entry, theme, width);
  }
}

function exchangeText(
  { exchange, server }: ExchangeEntry,
  theme: Theme,
  width: number,
  findings: readonly Pick<Finding, 'rule' | 'level'>[],
): string {
  const { frame, answer, from, ms } = exchange;
  const colour = from === 'client' ? theme.client : theme.server;
  const lone = from === 'client' ? '-->' : '<--';
  const start = columns(
    {
      n: String(exchange.n),
      time: formatTime(exchange.us),
      arrow: answer === undefined ? lone : '<->',
      ms: ms === undefined ? '' : formatMs(ms),
      size: answer === undefined ? sizeOf(frame) : `${sizeOf(frame)} / ${sizeOf(answer)}`,
    },
    width,
  );
  const told = findings.length === 0 ? [] : [findingMarks(findings, theme)];
  return `${colour(start)}${ofServer(server, theme)}${[...parts(exchange, theme), ...told].join('  ')}\n`;
}

function parts(exchange: Exchange, theme: Theme): readonly string[] {
  const { kind, method, tool, frame } = exchange;
  switch (kind) {
    case 'request': {
      const shown = tool === undefined ? undefined : argumentsOf(frame);
      return [
        theme.tool(nameOf(exchange)),
        ...(shown === undefined ? [] : [theme.dim(shown)]),
        ...notes(exchange, theme),
      ];
    }
    case 'notification':
      return [visible(method ?? ''), ...notes(exchange, theme)];
    case 'response':
      if (exchange.status === 'orphan' && frame.by !== undefined)
        return ['answer to a request that was not passed on', snippet(frame), ...notes(exchange, theme)];
      return exchange.status === 'orphan'
        ? [
            theme.bad(
              exchange.of === undefined ? 'ORPHAN: an answer to nothing' : 'ORPHAN: no request with its id waits',
            ),
            snippet(frame),
            ...notes(exchange, theme),
          ]
        : [`late answer to ${theme.tool(nameOf(exchange))}`, snippet(frame), ...notes(exchange, theme)];
    case 'batch':
      return ['batch', snippet(frame), ...notes(exchange, theme)];
    case 'noise':
      return [theme.bad('NOISE'), snippet(frame), theme.warn(noiseReason(frame)), ...notes(exchange, theme)];
  }
}

/** What is asked for; a batch has no method of its own. */
function nameOf({ method, tool }: Exchange): string {
  return `${visible(method ?? 'a batch')}${tool === undefined ? '' : ` ${visible(tool)}`}`;
}

function notes(exchange: Exchange, theme: Theme): readonly string[] {
  return [
    ...statusNotes(exchange, theme),
    ...belongsTo(exchange, theme),
    ...frameNotes(exchange, theme),
    ...oursNotes(exchange, theme),
  ];
}

function belongsTo({ of, round, kind }: Exchange, theme: Theme): readonly string[] {
  const which = round === undefined || kind === 'notification' ? [] : [`round ${round}`];
  const whose = of === undefined ? [] : [`of #${of}`];
  return which.length + whose.length === 0 ? [] : [theme.dim([...which, ...whose].join(' '))];
}

function statusNotes(
  { status, kind, frame, answer, version, probe, method }: Exchange,
  theme: Theme,
): readonly string[] {
  const opening = probe || method === 'initialize' ? [theme.dim(openingNote(probe, version))] : [];
  switch (status) {
    case 'error':
      return [...opening, theme.bad(`error ${errorOf(kind === 'response' ? frame : answer)}`)];
    case 'tool-error':
      return [theme.bad('tool error')];
    case 'lost':
      return [...opening, theme.bad('LOST: no answer with its id before the server ended')];
    case 'pending':
      return [...opening, theme.warn(pendingNote(method))];
    case 'cancelled':
      return [theme.warn(answer === undefined ? 'cancelled' : 'cancelled, answered late')];
    case 'ok':
    case 'orphan':
    case undefined:
      return opening;
  }
}

/** A subscription is listed before it ends; any other request, when no answer came before the end or the limits. */
function pendingNote(method: string | undefined): string {
  return method === 'subscriptions/listen' ? 'open: answered when it ends' : 'PENDING: no answer so far';
}

function openingNote(probe: boolean, version: string | undefined): string {
  const era = version === undefined ? undefined : eraOf(version);
  return [probe ? 'probe' : 'handshake', era, version]
    .filter((each) => each !== undefined)
    .map((each) => visible(each))
    .join(' ');
}

function frameNotes({ frame }: Exchange, theme: Theme): readonly string[] {
  return frame.terminated ? [] : [theme.warn('no newline at its end')];
}

/** What was not the peers' own doing. */
function oursNotes({ frame, answer, status, kind }: Exchange, theme: Theme): readonly string[] {
  const who = frame.by ?? answer?.by;
  if (who === undefined) return [];
  const isKept = kind === 'request' && answer === undefined && (status === 'ok' || status === 'error');
  const what = frame.by === undefined ? 'answered by' : 'by';
  return [theme.warn(`${what} ${visible(who)}${isKept ? ', which kept the answer' : ''}`)];
}

function noiseReason({ bytes }: Frame): string {
  const reading = readFrame(bytes);
  return `not a message: ${'reason' in reading ? visible(reading.reason) : reading.kind}`;
}

function errorOf(answer: Frame | undefined): string {
  const reading = answer && readFrame(answer.bytes);
  if (reading?.kind !== 'error') return '';
  const { error } = reading;
  if (typeof error !== 'object' || error === null) return '';
  const { code, message } = error as Readonly<Record<string, unknown>>;
  const said = [code, message].filter((each) => typeof each === 'number' || typeof each === 'string');
  return visible(clipped(said.join(': ')));
}

function argumentsOf(frame: Frame): string | undefined {
  const params = memberText(new TextDecoder().decode(frame.bytes), 'params');
  const given = params?.startsWith('{') === true ? memberText(params, 'arguments') : undefined;
  return given === undefined ? undefined : visible(clipped(given));
}

function stderrText({ us, bytes, server, terminated }: StderrEntry, theme: Theme, width: number): string {
  const start = columns(
    { time: formatTime(us), arrow: 'err', size: formatBytes(bytes.length + (terminated ? 1 : 0)) },
    width,
  );
  return `${theme.dim(start)}${ofServer(server, theme)}${visible(new TextDecoder().decode(bytes))}\n`;
}

function eventText({ us, event, server }: EventEntry, theme: Theme, width: number): string {
  const start = columns({ time: formatTime(us), arrow: '***' }, width);
  const { text, isBad } = eventSentence(event);
  return `${theme.dim(start)}${ofServer(server, theme)}${(isBad ? theme.bad : theme.dim)(visible(text))}\n`;
}

function ofServer(server: string | undefined, theme: Theme): string {
  return server === undefined ? '' : theme.dim(`[${visible(server)}] `);
}

function snippet({ bytes }: Frame): string {
  return visible(clipped(new TextDecoder().decode(bytes.subarray(0, MAX_SHOWN * 4))));
}

function clipped(text: string): string {
  const characters = Array.from(text.slice(0, MAX_SHOWN * 2));
  return characters.length <= MAX_SHOWN ? text : `${characters.slice(0, MAX_SHOWN).join('')}…`;
}

function sizeOf({ bytes, terminated }: Frame): string {
  return formatBytes(bytes.length + (terminated ? 1 : 0));
}

interface Columns {
  readonly n?: string;
  readonly time: string;
  readonly arrow: string;
  readonly ms?: string;
  readonly size?: string;
}

/** In a narrow terminal only what a line cannot do without. */
function columns({ n = '', time, arrow, ms = '', size = '' }: Columns, width: number): string {
  if (width < 60) return `${n.padStart(5)} ${arrow}  `;
  if (width < 100) return `${n.padStart(5)} ${time.padStart(10)}  ${arrow}  ${ms.padStart(8)}  `;
  return `${n.padStart(5)} ${time.padStart(10)}  ${arrow}  ${ms.padStart(8)}  ${size.padStart(19)}  `;
}
