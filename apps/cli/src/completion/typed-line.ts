import type { Shell } from './shells.ts';

/** A command line up to the cursor. */
export interface TypedLine {
  /** The words before the last, without their quotes. */
  readonly words: readonly string[];
  /** The word at the cursor without its quotes; empty where a new one begins. */
  readonly last: string;
  /** The same as it was typed. */
  readonly typed: string;
  /** The quote that is open at the cursor. */
  readonly open: '' | "'" | '"';
}

/** What a backslash, or PowerShell's backtick, takes its meaning from within double quotes. */
const ESCAPED_IN_DOUBLE = new Set(['$', '`', '"', '\\', '\n']);

/**
 * Cuts a command line into words as the shell does, up to the cursor. Nothing is expanded: a variable or a command in it
 * stays the text that it is. The first word is the program's name.
 */
export function readLine(line: string, shell: Shell): TypedLine {
  const escape = shell === 'powershell' ? '`' : '\\';
  const words: string[] = [];
  let word = '';
  let start = 0;
  let isWord = false;
  let open: TypedLine['open'] = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (open === '' && /\s/.test(char)) {
      if (isWord) words.push(word);
      [word, isWord] = ['', false];
      continue;
    }
    if (!isWord) [start, isWord] = [at, true];
    if (open === '' && (char === "'" || char === '"')) open = char;
    else if (char === open && shell === 'powershell' && next === char) {
      word += char;
      at++;
    } else if (char === open) open = '';
    else if (char === escape && isEscape(shell, open, next)) {
      word += next;
      at++;
    } else word += char;
  }
  return { words, last: word, typed: isWord ? line.slice(start) : '', open };
}

function isEscape(shell: Shell, open: TypedLine['open'], next: string): boolean {
  if (next === '') return false;
  if (open === '"') return shell === 'powershell' || ESCAPED_IN_DOUBLE.has(next);
  // fish alone takes escapes within single quotes, and only these two.
  return open === '' || (shell === 'fish' && (next === "'" || next === '\\'));
}
