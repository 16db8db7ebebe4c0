import { nearestWord } from '@mcp-dbg/capture';

import { HOSTS } from '../config/hosts.ts';
import { CliError } from '../exit-code.ts';
import type { Client, Scope } from './clients.ts';
import type { Looked, Place } from './places.ts';

/** Which entries of a client are meant. */
export interface Choice {
  readonly client: Client;
  readonly names: readonly string[];
  readonly all: boolean;
  readonly scope: Scope | undefined;
}

/** Names that are listed in one sentence at most. */
const MAX_LISTED = 10;

/**
 * The entries that were named, each once, or all of them. Where a name stands in several places, those that `prefers` says
 * count if it is one alone. Throws CliError: `USAGE` where it is not clear which is meant, `NOT_FOUND` where there is none of
 * that name, `BAD_CONFIG` where the file in which it could be is broken.
 */
export function choosePlaces(
  files: readonly Looked[],
  choice: Choice,
  verb: 'wrap' | 'unwrap',
  prefers: (place: Place) => boolean,
): readonly Place[] {
  const { client, all, scope } = choice;
  const names = [...new Set(choice.names)];
  if (all && names.length > 0) throw new CliError('USAGE', 'Name servers, or say --all, but not both');
  const places = distinct(files.flatMap((file) => (file.kind === 'places' ? file.places : [])));
  const inScope = places.filter((place) => scope === undefined || isIn(place, scope));
  if (all || names.length === 0) {
    const broken = brokenIn(files);
    if (broken !== undefined) throw broken;
    if (inScope.length === 0) throw nothingThere(files, choice, verb);
    if (all) return inScope;
    const there = listed(inScope.map(({ entry }) => entry.name));
    throw new CliError('USAGE', `Name a server of ${HOSTS[client].name} to ${verb}, or say --all: ${there}`);
  }
  return names.map((name) => {
    const own = inScope.filter(({ entry }) => entry.name === name);
    const preferred = nearest(own.filter(prefers));
    const [place, ...others] = preferred.length === 1 ? preferred : nearest(own);
    if (place === undefined) throw missing(name, inScope, files, choice, verb);
    if (others.length > 0) throw ambiguous(name, [place, ...others]);
    return place;
  });
}

/** Whose a file is that was named by its path is not known: what is in it for one project only says so itself. */
function isIn(place: Place, scope: Scope): boolean {
  return place.scope === scope || (place.scope === 'named' && scope !== 'local');
}

/** In one file those of the nearest folder come first, and they are what counts there. */
function nearest(places: readonly Place[]): readonly Place[] {
  return places.filter(
    ({ file, scope }, index) =>
      scope !== 'local' || places.findIndex((each) => each.scope === 'local' && each.file.real === file.real) === index,
  );
}

/** One file may be found twice, by links. */
function distinct(places: readonly Place[]): readonly Place[] {
  const byPlace = new Map(places.toReversed().map((place) => [JSON.stringify([place.file.real, place.path]), place]));
  return [...byPlace.values()].toReversed();
}

function nothingThere(files: readonly Looked[], { client, scope }: Choice, verb: string): CliError {
  const host = HOSTS[client].name;
  if (files.length === 0)
    return new CliError(
      'NOT_FOUND',
      `There is no config file of ${host} here; add a server in ${host} first, or name its file by --config FILE`,
    );
  const where = scope === undefined ? '' : ` in the scope ${scope}`;
  return new CliError('NOT_FOUND', `${host} has no server to ${verb}${where}; mcp-dbg servers lists what there is`);
}

function missing(
  name: string,
  places: readonly Place[],
  files: readonly Looked[],
  choice: Choice,
  verb: string,
): CliError {
  const broken = brokenIn(files);
  if (broken !== undefined) return broken;
  if (places.length === 0) return nothingThere(files, choice, verb);
  const names = places.map(({ entry }) => entry.name);
  const meant = nearestWord(name, names);
  const hint = meant === undefined ? `it has ${listed(names)}` : `did you mean ${JSON.stringify(meant)}?`;
  return new CliError('NOT_FOUND', `${HOSTS[choice.client].name} has no server ${JSON.stringify(name)}; ${hint}`);
}

function brokenIn(files: readonly Looked[]): CliError | undefined {
  const broken = files.find((file) => file.kind === 'fault');
  if (broken === undefined) return undefined;
  const path = JSON.stringify(broken.source.path);
  return new CliError('BAD_CONFIG', `Cannot use the config file ${path}: ${broken.why}; nothing was changed`);
}

function ambiguous(name: string, places: readonly Place[]): CliError {
  const where = places
    .map(({ file, scope }) => `${file.path} (scope ${scope === 'named' ? 'user' : scope})`)
    .join(', ');
  const isOneFile = new Set(places.map(({ file }) => file.real)).size === 1;
  return new CliError(
    'USAGE',
    `There are several servers ${JSON.stringify(name)}: ${where}; choose with --scope SCOPE${isOneFile ? '' : ' or --config FILE'}`,
  );
}

function listed(names: readonly string[]): string {
  const rest = names.length - MAX_LISTED;
  return [...names.slice(0, MAX_LISTED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
