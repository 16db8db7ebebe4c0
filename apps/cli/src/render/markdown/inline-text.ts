import type { ChalkInstance } from 'chalk';
import type { MarkedToken, Tokens } from 'marked';

import type { Theme } from '../theme.ts';
import { ownTokens } from './lex.ts';

const ENTITIES: Readonly<Record<string, string>> = {
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
export function inlineText(tokens: readonly MarkedToken[], theme: Theme): string {
  return tokens.map((token) => spanText(token, theme)).join('');
}

function spanText(token: MarkedToken, theme: Theme): string {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? joined(decoded(token.text)) : inlineText(ownTokens(token.tokens), theme);
    case 'escape':
      return token.text;
    case 'strong':
      return styled(theme.strong, '**', inlineText(ownTokens(token.tokens), theme));
    case 'em':
      return styled(theme.emphasis, '*', inlineText(ownTokens(token.tokens), theme));
    case 'del':
      return theme.struck(`~~${inlineText(ownTokens(token.tokens), theme)}~~`);
    case 'codespan':
      return styled(theme.code, '`', joined(token.text));
    case 'link':
      return linkText(token, theme);
    case 'image':
      return `[image: ${joined(decoded(token.text))}]${target(token, theme)}`;
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

function linkText(token: Tokens.Link, theme: Theme): string {
  const text = inlineText(ownTokens(token.tokens), theme);
  const isSame = [token.text, `mailto:${token.text}`, `http://${token.text}`].includes(token.href);
  if (isSame && !hasTitle(token)) return theme.link(token.text);
  return text === '' ? target(token, theme).trimStart() : text + target(token, theme);
}

/** Where a link leads, as ` (url "title")`. */
function target(token: Tokens.Link | Tokens.Image, theme: Theme): string {
  const title = hasTitle(token) ? `"${joined(decoded(token.title ?? ''))}"` : '';
  const parts = [...(token.href === '' ? [] : [theme.link(token.href)]), ...(title === '' ? [] : [title])];
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}

function hasTitle({ title }: Tokens.Link | Tokens.Image): boolean {
  return typeof title === 'string' && title !== '';
}

function styled(style: ChalkInstance, mark: string, text: string): string {
  return style.level === 0 ? mark + text + mark : style(text);
}

/** A line that ends in the source of a paragraph is a space in its text. */
function joined(text: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => (index === 0 ? line : line.trimStart()))
    .map((line, index) => (index === lines.length - 1 ? line : line.trimEnd()))
    .join(' ');
}

/** Only the references that need no table; a number could stand for any character, so it stays as it is. */
function decoded(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
