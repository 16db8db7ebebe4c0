import { InvalidArgumentError } from 'commander';

import { fillText } from './fill-text.ts';
import { parseDuration } from './parse-duration.ts';

/** Gets what a command came to: the code to exit with. Throws what the command throws. */
export type Run = (action: () => Promise<number>) => Promise<void>;

/** The end of a help text. */
export function examples(first: string, second: string): string {
  return `\nExamples:\n  $ ${first}\n  $ ${second}\n`;
}

/** What stands below the options of a help text. */
export function paragraph(text: string): string {
  return `\n${fillText(text)}`;
}

/** Of an option that may be given again and again: all values in order. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Of an option without a value: how often it was given. */
export function counted(_: string, before: number): number {
  return before + 1;
}

/** A whole number above 0. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}

/** Milliseconds. */
export function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError('It takes a duration, such as 2s or 500ms.');
  return value;
}
