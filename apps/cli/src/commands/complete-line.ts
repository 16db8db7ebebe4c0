import type { Command } from 'commander';

import { type Candidate, candidates, paths } from '../completion/candidates.ts';
import { insertedText } from '../completion/inserted-text.ts';
import { shellNamed } from '../completion/shells.ts';
import { readLine } from '../completion/typed-line.ts';
import { placeIn } from '../completion/wanted.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';

/** Candidates that a shell is given at most. */
const MAX_CANDIDATES = 500;

/**
 * Prints what may stand at the end of a command line, a candidate a row: a sign, `+` where the word goes on behind it,
 * the text to insert, a tab, a description. A last row `=files` or `=folders` lets the shell add paths. A shell shows
 * nothing of a failure, so none is told. Gives the exit code.
 */
export async function completeLine(
  io: Io,
  table: Command,
  [name, breaks = '']: readonly string[],
  line: string,
): Promise<number> {
  const shell = shellNamed(name);
  if (shell === undefined) return EXIT.bad;
  const typed = readLine(line, shell);
  const proxy = typed.words[1] === 'proxy' ? table.commands.find((each) => each.name() === 'proxy') : undefined;
  if (proxy !== undefined) (await import('./proxy-option-table.ts')).addProxyOptions(proxy);
  const { wanted, before } = placeIn(table, typed.words.slice(1), typed.last);
  const word = typed.last.slice(before.length);
  const { found, paths: kind } = await candidates(wanted, io);
  // Behind --option= shells see one word that is no path.
  const isOurs = kind !== undefined && (shell === 'bash' || before !== '');
  const all = [...found.filter(({ value }) => value.startsWith(word)), ...(isOurs ? paths(word, kind, io) : [])];
  const rows = all.filter(isPlain).slice(0, MAX_CANDIDATES);
  for (const { value, text = '', isOpen = false } of rows) {
    const inserted = insertedText(before + value, shell, typed, breaks);
    if (inserted !== undefined) io.stdout.write(`${isOpen ? '+' : ' '}${inserted}\t${visible(text)}\n`);
  }
  if (kind !== undefined && !isOurs) io.stdout.write(`=${kind}\n`);
  return EXIT.good;
}

/** What has to be made visible, a line break too, can neither be typed nor told from what stands beside it. */
function isPlain({ value }: Candidate): boolean {
  return visible(value) === value;
}
