import type { ServerConfig } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import type { Person } from '../terminal/person.ts';
import type { Choice } from './choose-servers.ts';

/** Who is there while servers are made ready. */
export interface Company {
  /** Whoever is asked what a project's file may run, and for what a file wants; undefined for nobody. */
  readonly person: Person | 'at the terminal' | undefined;
  /** Told what a person should know. */
  readonly say: (note: string) => void;
}

/**
 * The configurations of what was chosen, in the same order. What asks and fills in is loaded only where a config file is
 * used. Throws CliError as startChosen does.
 */
export async function readyChoices(
  choices: readonly Choice[],
  io: Io,
  { person, say }: Company,
  leavesFolders: boolean,
): Promise<readonly ServerConfig[]> {
  const chosen = choices.flatMap((choice) => (choice.kind === 'entry' ? [choice.chosen] : []));
  const ready = choices.flatMap((choice) => (choice.kind === 'ready' ? [choice.config] : []));
  if (chosen.length === 0) return ready;
  const [{ startChosen }, { personAt }] = await Promise.all([
    import('./start-chosen.ts'),
    import('../terminal/person.ts'),
  ]);
  const asked = person === 'at the terminal' ? personAt(io, false) : person;
  const filled = (await startChosen(chosen, io, asked, say, leavesFolders)).values();
  const direct = ready.values();
  return choices.flatMap(({ kind }) => {
    const { value } = kind === 'ready' ? direct.next() : filled.next();
    return value === undefined ? [] : [value];
  });
}
