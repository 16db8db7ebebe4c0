import { CliError } from '../../exit-code.ts';

/** A word: what is in quotes belongs to it, spaces too, and a backslash takes the meaning of what follows. */
const WORD = /(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g;
const PART = /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g;

/**
 * Cuts a line into words as a shell does, but for what a shell would replace: only `~/` at the beginning of a word
 * stands for the home folder. Throws CliError `USAGE` where a quote is not closed.
 */
export function shellWords(line: string, home: string): readonly string[] {
  if (line.replaceAll(WORD, '').trim() !== '') throw new CliError('USAGE', 'A quote or a backslash at the end is open');
  return Array.from(line.match(WORD) ?? [], (word) => {
    const whole = word.startsWith('~/') ? `${quoted(home)}${word.slice(1)}` : word;
    return whole.replaceAll(PART, (_, escaped?: string, double?: string, single?: string) => {
      return escaped ?? single ?? (double ?? '').replaceAll(/\\(["\\])/g, '$1');
    });
  });
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
