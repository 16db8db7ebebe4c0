import type { ServerConfig } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import type { Person } from '../terminal/person.ts';
import type { Choice } from './choose-servers.ts';

/** Who is there while chosen servers are made ready. */
export interface Readying {
  readonly io: Io;
  /** True where a program reads what is printed: then nobody at the terminal is asked. */
  readonly json: boolean;
  /** Whoever is asked instead of the person at the terminal. */
  readonly person: Person | undefined;
  /** Told what a person should know. */
  readonly say: (note: string) => void;
}

/**
 * The configurations of what was chosen, in the same order. What asks and fills in is loaded only where a config file is
 * used. Throws CliError as startChosen does.
 */
export async function readyChoices(
  choices: readonly Choice[],
  { io, json, person, say }: Readying,
): Promise<readonly ServerConfig[]> {
  const chosen = choices.flatMap((choice) => (choice.kind === 'entry' ? [choice.chosen] : []));
  const ready = choices.flatMap((choice) => (choice.kind === 'ready' ? [choice.config] : []));
  if (chosen.length === 0) return ready;
  const [{ startChosen }, { personAt }] = await Promise.all([
    import('./start-chosen.ts'),
    import('../terminal/person.ts'),
  ]);
  const filled = (await startChosen(chosen, io, person ?? personAt(io, json), say)).values();
  const direct = ready.values();
  return choices.flatMap(({ kind }) => {
    const { value } = kind === 'ready' ? direct.next() : filled.next();
    return value === undefined ? [] : [value];
  });
}
