import { visible } from '../render/visible.ts';
import { shortText } from './short-text.ts';

/** Characters of a text within a line at most. */
const MAX_SPAN = 300;

/**
 * Text from anywhere as a code span on one line, cut, with nothing hidden in it: neither Markdown nor HTML nor a mention
 * in it means anything.
 */
export function codeSpan(text: string, max: number = MAX_SPAN): string {
  const shown = shortText(text, max);
  if (shown.trim() === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(shown) + 1);
  // One space on each side is not shown; without it a backtick, or a space of the text's own, would be lost.
  const space = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${ticks}${space}${shown}${space}${ticks}`;
}

/** Text as a block of code that nothing in it can end, with everything hidden made visible. */
export function codeBlock(text: string, language: 'json' | 'text'): string {
  const shown = visible(text, 'kept');
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** A sentence of ours as it is, where it is surely nothing but words; else as a code span. */
export function prose(text: string): string {
  return WORDS.test(text) ? text : codeSpan(text);
}

/** No sign that Markdown knows, and nothing that GitHub makes a link of, such as a domain or `GH-1`. */
const WORDS = /^[A-Za-z]+(?:(?:[,;:.)?]? \(?|['/]|-(?=[a-z]))[A-Za-z0-9]+)*[.)?]{0,2}$/;

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
