import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { visible } from '../render/visible.ts';
import type { Person } from '../terminal/person.ts';
import { hashOf, isApproved, rememberApproved } from './approved-runs.ts';

/** Characters of commands that a person can be asked to judge: more would push the beginning off the screen. */
const MAX_SHOWN = 1500;

/** What a file would have us start. */
export interface Run {
  readonly name: string;
  /** All that decides what is run, on one line; hidden characters are made visible here. */
  readonly shown: string;
  /** The same without secrets, for the file of approvals and for errors, which end up in logs. */
  readonly noted: string;
  /** All of it as it is, for the hash: where anything of this changes, it is asked again. */
  readonly whole: unknown;
}

/** A file that the person may not know, and how to do without it. */
export interface RunsOf {
  /** As the person knows it. */
  readonly file: string;
  /** Absolute; an approval holds for this place only. */
  readonly path: string;
  /** Behind the file's name: why it is asked. */
  readonly because: string;
  readonly runs: readonly Run[];
  /** What else the person can do. */
  readonly instead: string;
}

/**
 * Returns where what a file would run is approved: it was before, or the person says yes now, after seeing it exactly.
 * What is approved is remembered. Throws CliError `NOT_APPROVED` where nobody can be asked, where there is too much to show,
 * or for any answer but yes.
 */
export async function approveRuns(
  { file, path, because, runs, instead }: RunsOf,
  io: Io,
  person: Person | undefined,
): Promise<void> {
  const asked = runs
    .map((run) => ({ ...run, file: path, hash: hashOf(path, run) }))
    .filter(({ hash }) => !isApproved(hash, io));
  if (asked.length === 0) return;
  const lines = asked.map(({ name, shown }) => `${visible(name)}: ${visible(shown)}`);
  const refused = (why: string): CliError =>
    new CliError('NOT_APPROVED', `${JSON.stringify(file)} ${because}, ${why}; ${instead}`);
  if (lines.join('; ').length > MAX_SHOWN) throw refused('and the commands in it are too long to be judged');
  if (person === undefined) {
    const noted = asked.map((run) => `${visible(run.name)}: ${visible(run.noted)}`).join('; ');
    throw refused(`and nobody can be asked here whether to run what it names (${noted})`);
  }
  person.say(`${JSON.stringify(visible(file))} ${because}. It would run:\n  ${lines.join('\n  ')}`);
  const answer = (await person.ask('Run that? [y]es, [n]o: '))?.trim().toLowerCase();
  if (answer !== 'y' && answer !== 'yes') throw refused('and what it names was not allowed to run');
  rememberApproved(asked, io);
}
