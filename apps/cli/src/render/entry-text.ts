import { visible } from './visible.ts';

/** Characters of a name or a description that a terminal shows at most. */
const MAX_SHOWN = 4000;

/** Text of a server made safe to print, cut on a screen: that is not for a megabyte, but who reads a pipe gets all. */
export function shortened(text: string, isTerminal: boolean): string {
  const safe = visible(text, 'kept');
  return isTerminal && safe.length > MAX_SHOWN ? `${safe.slice(0, MAX_SHOWN)}…` : safe;
}

/** One entry of a list: its head, and set in below what is said of it. Empty texts are left out. */
export function entryText(head: string, lines: readonly string[]): string {
  const said = lines.filter((line) => line !== '').map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`);
  return `\n${head}\n${said.join('')}`;
}
