import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type Wanted, carryOut, recalled } from '../wrap/carry-out.ts';
import { type Choice, choosePlaces } from '../wrap/choose-places.ts';
import { ownBin } from '../wrap/own-program.ts';
import type { Client } from '../wrap/clients.ts';
import { type Place, lookAt } from '../wrap/places.ts';
import { type Outcome, report } from '../wrap/report.ts';
import type { WrapOptions } from '../wrap/wrap-options.ts';
import { type WrappedArgv, wrappedIn } from '../wrap/wrapped-argv.ts';

/**
 * Takes the proxy out of a client's config file again: letter by letter where the entry is as the wrap left it, else by what
 * stands behind `--`. Gives the exit code. Throws CliError, and then no file was changed, unless it says so.
 */
export async function unwrap(io: Io, client: Client, names: readonly string[], options: WrapOptions): Promise<number> {
  const bin = ownBin();
  const wrapOf = ({ entry }: Place): WrappedArgv | undefined =>
    entry.kind === 'stdio' ? wrappedIn(entry.argv, bin) : undefined;
  const choice: Choice = { client, names, all: options.all === true, scope: options.scope };
  const isWrapped = (place: Place): boolean => wrapOf(place) !== undefined;
  const chosen = choosePlaces(lookAt([client], options.config, io), choice, 'unwrap', isWrapped);
  const rows = (choice.all ? chosen.filter(isWrapped) : chosen).map((place) => wishFor(place, wrapOf(place), io));
  const wanted = rows.flatMap((row) => row.wanted ?? []);
  const carriedOut = await carryOut(io, wanted, options, 'unwrap');
  const notes = rows.length === 0 ? ['No server is wrapped there: nothing to do'] : [];
  report(
    io,
    client,
    rows.map(({ outcome }) => outcome),
    carriedOut,
    notes,
    options,
  );
  return EXIT.good;
}

function wishFor(
  place: Place,
  wrapped: WrappedArgv | undefined,
  io: Io,
): { readonly wanted?: Wanted; readonly outcome: Outcome } {
  const { entry, path, file } = place;
  const argv = entry.kind === 'stdio' ? (wrapped?.original ?? entry.argv) : [];
  if (entry.kind !== 'stdio' || wrapped === undefined)
    return { outcome: { place, change: 'not-wrapped', argv, captures: undefined } };
  return {
    wanted: { entry, path, wrapped, words: undefined, file, ...recalled(file, path, io) },
    outcome: { place, change: 'unwrapped', argv, captures: undefined },
  };
}
