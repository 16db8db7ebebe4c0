import { Lexer, type MarkedToken } from 'marked';

import { BoundedTokenizer } from './bounded-tokenizer.ts';

/** Lists and quotes within each other at most; the lexer calls itself for each. */
const MAX_NESTING = 32;

/** Characters of one word at most; the lexer's expressions take the square of it. */
const MAX_WORD = 1000;

/** Lines of one piece at most; the lexer goes through those of an item once for each of them. */
const MAX_LINES = 1000;

/** The blocks of a piece of Markdown; undefined where reading it would take too long or too much stack. */
export function tokensOf(source: string): readonly MarkedToken[] | undefined {
  const lines = source.split('\n');
  if (lines.length > MAX_LINES || lines.some((line) => nestingOf(line) > MAX_NESTING)) return undefined;
  if (source.split(/\s/).some((word) => word.length > MAX_WORD)) return undefined;
  try {
    return ownTokens(new Lexer({ gfm: true, tokenizer: new BoundedTokenizer(source) }).lex(source));
  } catch {
    // Its own bugs, such as one that it calls an infinite loop, and the end of the stack.
    return undefined;
  }
}

/** Tokens as what they are while nobody extends the lexer. */
export function ownTokens(tokens: readonly unknown[] | undefined): readonly MarkedToken[] {
  return (tokens ?? []) as readonly MarkedToken[];
}

/** How many marks of quotes and lists a line begins with. */
function nestingOf(line: string): number {
  const mark = / *(?:>|[-*+](?= |$)|\d{1,9}[.)](?= |$))/y;
  let nesting = 0;
  while (nesting <= MAX_NESTING && mark.test(line)) nesting++;
  return nesting;
}
