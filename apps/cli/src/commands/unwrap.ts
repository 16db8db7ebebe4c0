import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type CarriedOut, type Wanted, carryOut, changedEntry, recalled } from '../wrap/carry-out.ts';
import { type Choice, choosePlaces } from '../wrap/choose-places.ts';
import { ownBin } from '../wrap/own-program.ts';
import type { Client } from '../wrap/clients.ts';
import { type Place, lookAt } from '../wrap/places.ts';
import type { Outcome } from '../wrap/outcome.ts';
import { report } from '../wrap/report.ts';
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
    rows.map((row) => outcomeOf(row, carriedOut)),
    carriedOut,
    notes,
    options,
  );
  return EXIT.good;
}

interface Row {
  readonly place: Place;
  /** Absent where it is not wrapped. */
  readonly wanted?: Wanted;
}

function wishFor(place: Place, wrapped: WrappedArgv | undefined, io: Io): Row {
  const { entry, path, file } = place;
  if (entry.kind !== 'stdio' || wrapped === undefined) return { place };
  return { place, wanted: { entry, path, wrapped, words: undefined, file, ...recalled(file, path, io) } };
}

function outcomeOf({ place, wanted }: Row, carriedOut: CarriedOut): Outcome {
  const { entry } = place;
  const argv = changedEntry(carriedOut, place)?.argv ?? (entry.kind === 'stdio' ? entry.argv : []);
  const told = { place, argv, captures: undefined, options: undefined, optionsBefore: wanted?.wrapped?.options };
  return { ...told, change: wanted === undefined ? 'not-wrapped' : 'unwrapped' };
}
