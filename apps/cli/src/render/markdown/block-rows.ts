import type { MarkedToken, Tokens } from 'marked';

import { widthOf } from '../cells.ts';
import type { Theme } from '../theme.ts';
import { codeRows, ruleOf } from './code-rows.ts';
import { inlineText } from './inline-text.ts';
import { ownTokens } from './lex.ts';
import { markerOf, numberOf } from './line-kinds.ts';
import { shownText } from './shown-text.ts';
import { tableRows } from './table-rows.ts';
import { beside, plainRows, wrapped } from './wrap.ts';

const BULLETS = ['•', '◦'] as const;

/** Where blocks are rendered. */
export interface Place {
  readonly theme: Theme;
  readonly columns: number;
  /** Lists around them. */
  readonly depth: number;
}

/** Blocks as rows, none wider than the place; a blank one between two where the source has one, or a heading follows. */
export function blockRows(tokens: readonly MarkedToken[], place: Place): readonly string[] {
  const rows: string[] = [];
  let isApart = false;
  for (const token of tokens) {
    const own = rowsOf(token, place);
    if (own.length > 0 && rows.length > 0 && (isApart || token.type === 'heading')) rows.push('');
    for (const row of own) rows.push(row);
    isApart = token.type === 'space' || endsBlank(token.raw);
  }
  return rows;
}

function rowsOf(token: MarkedToken, place: Place): readonly string[] {
  const { theme, columns } = place;
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return [];
    case 'heading':
      return headingRows(token, place);
    case 'code':
      return codeRows(
        token.text === '' ? [] : token.text.split('\n'),
        shownText(token.lang ?? '').replaceAll('\n', ' '),
        theme,
        columns,
      );
    case 'blockquote': {
      const bar = `${theme.quote('┃')} `;
      return beside(bar, bar, columns, (left) => blockRows(ownTokens(token.tokens), { ...place, columns: left }));
    }
    case 'list':
      return listRows(token, place);
    case 'table':
      return tableRows(token, theme, columns);
    case 'hr':
      return [theme.frame(ruleOf(columns))];
    case 'html':
      return plainRows(token.raw.trimEnd(), columns);
    case 'paragraph':
      return wrapped(inlineText(ownTokens(token.tokens), theme), columns);
    default:
      return wrapped(inlineText([token], theme), columns);
  }
}

/** The first two levels are underlined, and the others numbered by their marks, so that no colour is needed. */
function headingRows({ depth, tokens }: Tokens.Heading, { theme, columns }: Place): readonly string[] {
  const text = inlineText(ownTokens(tokens), theme);
  const mark = '#'.repeat(depth);
  if (text === '') return [theme.heading(mark)];
  if (depth > 2) {
    const first = `${theme.heading(mark)} `;
    return beside(first, ' '.repeat(depth + 1), columns, (left) => wrapped(theme.heading(text), left));
  }
  const rows = wrapped(theme.heading(text), columns);
  const width = rows.reduce((most, row) => Math.max(most, widthOf(row)), 1);
  return [...rows, theme.heading((depth === 1 ? '═' : '─').repeat(width))];
}

function listRows(list: Tokens.List, place: Place): readonly string[] {
  let next = list.start === '' ? undefined : list.start;
  return list.items.flatMap((item, index) => {
    const marker = markerOf(item.raw);
    const number = list.ordered ? numberOf(marker?.number ?? next, next) : undefined;
    next = number === undefined ? undefined : number + 1;
    const text = markerText(number === undefined ? bulletOf(place) : `${number}${marker?.type ?? '.'}`, item);
    const rows = beside(`${place.theme.marker(text)} `, ' '.repeat(text.length + 1), place.columns, (columns) => {
      const body = blockRows(ownTokens(item.tokens), { ...place, columns, depth: place.depth + 1 });
      return body.length === 0 ? [''] : body;
    });
    return endsBlank(item.raw) && index < list.items.length - 1 ? [...rows, ''] : rows;
  });
}

function bulletOf({ depth }: Place): string {
  return BULLETS[depth % BULLETS.length] ?? '';
}

/** A box takes the place of a bullet, but not that of a number. */
function markerText(mark: string, { task, checked }: Tokens.ListItem): string {
  if (!task) return mark;
  const box = checked === true ? '[x]' : '[ ]';
  return /\d/.test(mark) ? `${mark} ${box}` : box;
}

/** Whether a blank line ends it: the lexer gives some of them to the block before. */
function endsBlank(raw: string): boolean {
  return raw.slice(raw.trimEnd().length).split('\n').length > 2;
}
