import { FilterError, shortened } from './filter-error.ts';
import type { FilterRegex } from './filter-tree.ts';
import { isExplosive } from '../explosive-regex.ts';
import { regexProblem } from './match-text.ts';

/** A stretch of the filter. */
export interface Span {
  readonly at: number;
  readonly length: number;
}

/** Goes through the characters of a filter, and points at them in errors. */
export class FilterScanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text.charAt(this.at);
  }

  /** Whether what comes next fits; the expression needs the flag `y`. */
  sees(sticky: RegExp): boolean {
    return this.#match(sticky) !== undefined;
  }

  /** Takes what fits, which may be nothing. */
  take(sticky: RegExp): string {
    const taken = this.#match(sticky) ?? '';
    this.at += taken.length;
    return taken;
  }

  skipSpace(): void {
    this.take(/\s+/y);
  }

  /** Takes text in double quotes, in which `\"` is a quote and `\\` a backslash. */
  takeQuoted(): string {
    const start = this.at;
    const body = this.take(/"(?:[^"\\]|\\[^])*"/y);
    if (body === '')
      throw this.error('This quote is never closed; put " at the end of the text', { at: start, length: 1 });
    return body.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
  }

  /** Takes `/source/` with or without an `i`. */
  takeRegex(): FilterRegex {
    const start = this.at;
    const body = this.take(/\/(?:[^/\\]|\\[^])*\//y);
    if (body === '') throw this.#notRegex('This regular expression is never closed with /', start);
    const flags = this.take(/[^\s()]*/y);
    if (!/^i?$/.test(flags)) throw this.#notRegex('A regular expression has no flag but i', start);
    const regex = { source: body.slice(1, -1), ignoreCase: flags === 'i' };
    const span = { at: start, length: body.length };
    if (regex.source === '') throw this.error('This regular expression is empty; write one between the slashes', span);
    const problem = regexProblem(regex);
    if (problem !== undefined) throw this.error(`This is no regular expression: ${problem.slice(0, 200)}`, span);
    if (isExplosive(regex.source))
      throw this.error(
        'This regular expression may take without end: a group in it repeats, and repeats or chooses within; write it without that',
        span,
      );
    return regex;
  }

  /** After a term must come a space, a parenthesis that closes, or the end. */
  expectBreak(): void {
    if (this.isDone || this.sees(/[\s)]/y)) return;
    const message = 'Put a space here, where a term ends and another begins, or put all of the text in quotes';
    throw this.error(message, { at: this.at, length: 1 }, ` ${this.next}`);
  }

  error(message: string, { at, length }: Span, suggestion?: string): FilterError {
    return new FilterError(message, at, length, suggestion);
  }

  #notRegex(message: string, at: number): FilterError {
    const typed = /\/\S*/y;
    typed.lastIndex = at;
    const word = typed.exec(this.text)?.[0] ?? '';
    const suggestion = inQuotes(word);
    return this.error(
      `${message}; to search for the text, put it in quotes: ${inQuotes(shortened(word))}`,
      { at, length: word.length },
      suggestion,
    );
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    return sticky.exec(this.text)?.[0];
  }
}

/** A text as the language writes it where it stands for itself. */
export function inQuotes(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
