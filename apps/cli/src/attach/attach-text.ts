import wrapAnsi from 'wrap-ansi';

import { cutAt } from '../render/cells.ts';
import { fitted } from '../render/columns.ts';
import { jsonText } from '../render/json-text.ts';
import { formatBytes, formatMs, formatSeconds } from '../render/sizes.ts';
import type { Theme } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import type { Answer, News } from './attached-proxy.ts';
import type { HeldMessage } from './live-message.ts';

/** Rows of a terminal that a held frame's text takes at most, and how far it is set in. */
const MAX_ROWS = 4;
const INDENT = '     ';

/** How what happens looks: with colours or not, and in how many columns, where it is a terminal. */
export interface AttachLook {
  readonly theme: Theme;
  readonly columns: number | undefined;
}

/** What happened at the proxy, in whole lines. */
export function newsText(news: News, held: HeldMessage | undefined, look: AttachLook): string {
  const { theme } = look;
  switch (news.type) {
    case 'held':
      return heldText(news, news.leftMs, look);
    case 'passed':
      return row(theme.dim, `       ${frameWords(news)}`, look);
    case 'settled':
      return row((text) => text, settledWords(news, held), look);
    case 'off':
      return row(theme.warn, `Nothing is held any more: ${visible(news.reason)}`, look);
  }
}

/** A held frame: what it is, how long it waits, and its text. */
export function heldText(held: HeldMessage, leftMs: number, look: AttachLook): string {
  const colour = held.from === 'client' ? look.theme.client : look.theme.server;
  const head = `held ${held.number} ${frameWords(held)}  ${formatSeconds(Math.ceil(leftMs / 1000) * 1000)} left`;
  return row(colour, head, look) + rawRows(held, look);
}

/** What became of a command that was typed; nothing where what happened says it all. */
export function answerText(command: string, answer: Answer, { theme }: AttachLook): string {
  switch (answer.type) {
    case 'refused':
      return `${theme.warn(visible(answer.message))}\n`;
    case 'frame':
      return '';
    case 'done': {
      const lines = [
        ...(answer.isJson ? [] : [theme.warn('What is sent is not JSON.')]),
        ...(answer.behind === null ? [] : [`It goes on once ${answer.behind} has gone: they belong together.`]),
        ...(answer.frames === 0 ? ['Nothing is held.'] : []),
        ...(command.startsWith('add') ? ['Sent.'] : []),
      ];
      return lines.map((line) => `${line}\n`).join('');
    }
  }
}

/** What is wrong with the number of a frame. */
export function whichText(held: readonly number[]): string {
  if (held.length === 0) return 'Nothing is held.';
  return `Several frames are held; say which: ${held.slice(0, 10).join(', ')}${held.length > 10 ? ', …' : ''}`;
}

type Frame = (News & { readonly type: 'passed' }) | HeldMessage;

/** Who sent it and what it is, such as `--> request tools/call echo  id 2  118 B`. */
function frameWords({ from, kind, method, tool, id, status, bytes, by }: Frame): string {
  const name = [method, tool].filter((each) => each !== null).join(' ');
  const what = kind === 'response' ? `answer${name === '' ? '' : ` to ${name}`}` : name === '' ? kind : name;
  const parts = [
    `${from === 'client' ? '-->' : '<--'} ${visible(what)}`,
    ...(id === null ? [] : [`id ${visible(id)}`]),
    ...(status === null ? [] : [status]),
    ...(by === undefined ? [] : ['by mcp-dbg']),
    formatBytes(bytes),
  ];
  return parts.join('  ');
}

function settledWords({ number, how, ms }: News & { readonly type: 'settled' }, held: HeldMessage | undefined): string {
  const peer = held?.from === 'server' ? 'client' : 'server';
  const after = `after ${formatMs(ms)}`;
  switch (how) {
    case 'accepted':
      return `${number} passed on to the ${peer} ${after}`;
    case 'dropped':
      return `${number} dropped ${after}: the ${peer} never sees it`;
    case 'edited':
      return `${number} changed, and passed on to the ${peer} ${after}`;
    case 'answered':
      return `${number} answered in place of the ${peer} ${after}`;
    case 'timeout':
      return `${number} went on by itself ${after}: nobody decided in time`;
    case 'ended':
      return `${number} went on ${after}: its sender ended, or nothing is held any more`;
    case 'closed':
      return `${number} was not passed on: the proxy ended`;
  }
}

/** The text of a frame; in a terminal no more than a few rows of it. */
function rawRows({ raw, bytes, isCut }: HeldMessage, { theme, columns }: AttachLook): string {
  if (raw === null) return `${INDENT}${theme.dim('(not UTF-8)')}\n`;
  if (columns === undefined) return `${INDENT}${jsonText(raw, theme)}${isCut ? '…' : ''}\n`;
  const width = Math.max(10, columns - 1 - INDENT.length);
  const text = visible(raw.slice(0, width * MAX_ROWS * 2));
  const kept = cutAt(text, width * MAX_ROWS);
  const isWhole = !isCut && kept.length === text.length && raw.length <= width * MAX_ROWS * 2;
  const shown = isWhole ? kept : cutAt(text, width * (MAX_ROWS - 1));
  const rows = wrapAnsi(jsonText(shown, theme), width, { hard: true, wordWrap: false, trim: false });
  const rest = isWhole ? '' : `\n${theme.dim(fitted(`… ${formatBytes(bytes)} in all`, width))}`;
  return `${INDENT}${(rows + rest).replaceAll('\n', `\n${INDENT}`)}\n`;
}

function row(colour: (text: string) => string, text: string, { columns }: AttachLook): string {
  return `${colour(columns === undefined ? text : fitted(text, columns - 1))}\n`;
}
