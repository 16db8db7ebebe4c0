import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { StdioEntry } from '../config/config-entry.ts';
import { HOSTS } from '../config/hosts.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type Wanted, carryOut, recalled } from '../wrap/carry-out.ts';
import { type Choice, choosePlaces } from '../wrap/choose-places.ts';
import { type OwnProgram, ownBin, ownProgram } from '../wrap/own-program.ts';
import type { Client } from '../wrap/clients.ts';
import { type Place, lookAt } from '../wrap/places.ts';
import { capturesOf, proxyWords } from '../wrap/proxy-words.ts';
import type { Outcome } from '../wrap/outcome.ts';
import { report } from '../wrap/report.ts';
import type { WrapOptions } from '../wrap/wrap-options.ts';
import { type WrappedArgv, wrappedIn } from '../wrap/wrapped-argv.ts';

/**
 * Puts the proxy before servers in a client's config file, with `asked` as its options. Gives the exit code. Throws CliError,
 * and then no file was changed, unless it says so.
 */
export async function wrap(
  io: Io,
  client: Client,
  names: readonly string[],
  asked: readonly string[],
  options: WrapOptions,
): Promise<number> {
  const bin = ownBin();
  const program = ownProgram(client, { bin }, io);
  const choice: Choice = { client, names, all: options.all === true, scope: options.scope };
  const chosen = choosePlaces(lookAt([client], options.config, io), choice, 'wrap', () => false);
  const notes: string[] = [];
  const usable = chosen.flatMap((place): readonly Usable[] => {
    const { entry } = place;
    if (entry.kind === 'stdio') return [{ place, entry }];
    const why = cannotWrap(place, client);
    if (!choice.all) throw new CliError('BAD_CONFIG', why);
    notes.push(why);
    return [];
  });
  const wishes = usable.map((each) => wishFor(each, program, bin, asked, io));
  const wanted = wishes.flatMap(({ wanted: each }) => each ?? []);
  const carriedOut = await carryOut(io, wanted, options, 'wrap');
  notes.push(...notesOn(wanted, client, program));
  report(
    io,
    client,
    wishes.map(({ outcome }) => outcome),
    carriedOut,
    notes,
    options,
  );
  return EXIT.good;
}

interface Usable {
  readonly place: Place;
  readonly entry: StdioEntry;
}

function cannotWrap({ entry, file }: Place, client: Client): string {
  const what = `Cannot wrap ${JSON.stringify(entry.name)} of ${HOSTS[client].name}`;
  return entry.kind === 'http'
    ? `${what}: it is behind a URL, and the proxy stands before commands; mcp-dbg chat ${JSON.stringify(entry.name)} shows its traffic`
    : `${what}: ${entry.kind === 'unusable' ? entry.why : 'it cannot be used'}; mend it in ${file.path}`;
}

/**
 * What an entry is to start; nothing to change where it is wrapped with these options already. Without options a wrap keeps
 * those that it has.
 */
function wishFor(
  { place, entry }: Usable,
  program: OwnProgram,
  bin: string,
  asked: readonly string[],
  io: Io,
): { readonly wanted?: Wanted; readonly outcome: Outcome } {
  const { path, file } = place;
  const wrapped = wrappedIn(entry.argv, bin);
  const known = recalled(file, path, io);
  const original = wrapped?.original ?? entry.argv;
  const proxyOptions =
    wrapped !== undefined && asked.length === 0 ? wrapped.options : proxyWords(asked, entry, original, io);
  const captures = capturesOf(proxyOptions, original, entry, io);
  const told = { place, captures, options: proxyOptions, optionsBefore: wrapped?.options };
  const isAsWanted = isDeepStrictEqual(wrapped?.options, proxyOptions);
  if (wrapped !== undefined && isAsWanted && !isOutdated(wrapped, program, known.kept !== undefined))
    return { outcome: { ...told, change: 'already-wrapped', argv: entry.argv } };
  const words = [...program.words, 'proxy', ...proxyOptions, '--'] as const;
  return {
    wanted: { entry, path, wrapped, words, file, ...known },
    outcome: { ...told, change: wrapped === undefined ? 'wrapped' : 'rewrapped', argv: [...words, ...original] },
  };
}

/** True where what starts a wrap is gone, or the wrap is ours and another copy of us is to start it now. */
function isOutdated({ program }: WrappedArgv, own: OwnProgram, isOurs: boolean): boolean {
  if (isDeepStrictEqual(program, own.words)) return false;
  const isGone = program.some((word) => isAbsolute(word) && !existsSync(word));
  // What npx starts is slower: nobody who has installed us means to change to that.
  return isGone || (isOurs && own.note === undefined);
}

function notesOn(wanted: readonly Wanted[], client: Client, { note }: OwnProgram): readonly string[] {
  const host = HOSTS[client].name;
  const off = wanted.filter(({ entry }) => entry.isOff).map(({ entry }) => JSON.stringify(entry.name));
  const isIn = (scope: string): boolean => wanted.some(({ entry }) => entry.source.scope === scope);
  return [
    ...(off.length > 0 ? [`${host} does not start ${off.join(', ')}: the file switches it off.`] : []),
    ...(isIn('project')
      ? ['The file belongs to the project, and what starts the server now is on this machine: do not commit it.']
      : []),
    ...(client === 'claude-code' && isIn('user')
      ? ['Claude Code writes this file while it runs: if the wrap is gone later, quit it and wrap again.']
      : []),
    ...(wanted.length > 0 && note !== undefined ? [`${note}.`] : []),
  ];
}
