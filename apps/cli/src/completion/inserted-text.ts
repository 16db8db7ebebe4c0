import type { Shell } from './shells.ts';
import type { TypedLine } from './typed-line.ts';

/** What needs no quotes in any shell. A tilde does, but at the beginning of a path it is to be expanded. */
const PLAIN = /^(?:~(?=\/))?[\w./:@%+,=-]*$/;

/**
 * What stands on the command line for a value: quoted so that the shell takes it as it is, whatever it holds, and never
 * runs any of it. zsh and fish quote what they are given themselves. `breaks` are the characters at which bash begins a
 * new word (COMP_WORDBREAKS): it replaces only what is behind the last of them. Undefined where no quoting would do.
 */
export function insertedText(value: string, shell: Shell, line: TypedLine, breaks: string): string | undefined {
  switch (shell) {
    case 'zsh':
    case 'fish':
      return value;
    case 'powershell':
      return PLAIN.test(value) && line.open === '' ? value : `'${value.replaceAll("'", "''")}'`;
    case 'bash':
      return line.open === '' ? escaped(value.slice(broken(line, breaks))) : within(value, line.open);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[^\w./:@%+,=~-]|^~(?!\/)/g, (char) => `\\${char}`);
}

/** bash has the opening quote already, and adds the closing one. Within double quotes nothing stops its history. */
function within(value: string, open: "'" | '"'): string | undefined {
  if (open === "'") return value.replaceAll("'", String.raw`'\''`);
  return value.includes('!') ? undefined : value.replaceAll(/["$`\\]/g, (char) => `\\${char}`);
}

/** How many characters of the word bash has cut off. */
function broken({ last, typed }: TypedLine, breaks: string): number {
  // Where something is quoted bash cuts in other places; there only plain words are taken apart.
  if (typed !== last) return 0;
  const cuts = [':', '='].filter((char) => breaks.includes(char)).map((char) => last.lastIndexOf(char) + 1);
  return Math.max(0, ...cuts);
}
