import type { ChalkInstance } from 'chalk';
import type { MarkedToken, Tokens } from 'marked';

import type { Theme } from '../theme.ts';
import { ownTokens } from './lex.ts';
import { shownText } from './shown-text.ts';

/** Styles within each other at most: every row opens and closes them all. */
const MAX_STYLES = 8;

const REFERENCES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&nbsp;': ' ',
};

/**
 * What stands within a paragraph, as one text with colours; `\n` only where a line must break. Without colours, the
 * marks of the source say what is strong, emphasised or code.
 */
export function inlineText(tokens: readonly MarkedToken[], theme: Theme, depth = 0): string {
  return tokens.map((token) => spanText(token, theme, depth)).join('');
}

function spanText(token: MarkedToken, theme: Theme, depth: number): string {
  const within = (tokens: readonly unknown[]): string => inlineText(ownTokens(tokens), theme, depth + 1);
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? read(token.text) : within(token.tokens);
    case 'escape':
      return shownText(token.text);
    case 'strong':
      return styled(theme.strong, '**', within(token.tokens), depth);
    case 'em':
      return styled(theme.emphasis, '*', within(token.tokens), depth);
    case 'del': {
      // Few terminals strike text through, so the marks stay.
      const text = `~~${within(token.tokens)}~~`;
      return depth > MAX_STYLES ? text : theme.struck(text);
    }
    case 'codespan':
      return styled(theme.code, '`', joined(token.text), depth);
    case 'link':
      return linkText(token, within(token.tokens), theme);
    case 'image':
      return `[image: ${read(token.text)}]${target(token, theme)}`;
    case 'br':
      return '\n';
    case 'html':
      return /^<br ?\/?>$/i.test(token.text) ? '\n' : joined(token.text);
    case 'checkbox':
      // Its item shows it, in front of the text.
      return '';
    default:
      return joined(token.raw);
  }
}

function linkText(token: Tokens.Link, text: string, theme: Theme): string {
  const isSame = [token.text, `mailto:${token.text}`, `http://${token.text}`].includes(token.href);
  if (isSame && !hasTitle(token)) return theme.link(joined(token.text));
  return text === '' ? target(token, theme).trimStart() : text + target(token, theme);
}

/** Where a link leads, as ` (url "title")`. */
function target(token: Tokens.Link | Tokens.Image, theme: Theme): string {
  const title = hasTitle(token) ? `"${read(token.title ?? '')}"` : '';
  const parts = [...(token.href === '' ? [] : [theme.link(read(token.href))]), ...(title === '' ? [] : [title])];
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}

function hasTitle({ title }: Tokens.Link | Tokens.Image): boolean {
  return typeof title === 'string' && title !== '';
}

function styled(style: ChalkInstance, mark: string, text: string, depth: number): string {
  return style.level === 0 || depth > MAX_STYLES ? mark + text + mark : style(text);
}

/**
 * Text of the source with its character references read, first by the lexer, which knows those by number, and so can
 * bring hidden characters back. Of the names only the usual ones are known.
 */
function read(text: string): string {
  return joined(
    text.replaceAll(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, (reference) => REFERENCES[reference] ?? reference),
  );
}

/** A line that ends in the source of a paragraph is a space in its text. */
function joined(text: string): string {
  const lines = shownText(text).split('\n');
  return lines
    .map((line, index) => (index === 0 ? line : line.trimStart()))
    .map((line, index) => (index === lines.length - 1 ? line : line.trimEnd()))
    .join(' ');
}
