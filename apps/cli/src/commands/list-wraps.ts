import { maskArgv } from '@mcp-dbg/capture/redact';

import { HOSTS } from '../config/hosts.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { commandText } from '../render/command-text.ts';
import { type Theme, themeFor } from '../render/theme.ts';
import { tilded } from '../render/tilded.ts';
import { safeJson, visible } from '../render/visible.ts';
import { oneLine } from '../chat/form/one-line.ts';
import { ownBin } from '../wrap/own-program.ts';
import { CLIENTS, type Client } from '../wrap/clients.ts';
import { type Looked, type Place, lookAt } from '../wrap/places.ts';
import { capturesOf } from '../wrap/proxy-words.ts';
import type { WrapOptions } from '../wrap/wrap-options.ts';
import { type WrappedArgv, wrappedIn } from '../wrap/wrapped-argv.ts';

/** Lists the servers of all clients, or of one: which are wrapped, how, and where they are recorded. Gives the exit code. */
export async function listWraps(
  io: Io,
  client: Client | undefined,
  names: readonly string[],
  { config, json }: WrapOptions,
): Promise<number> {
  if (config !== undefined && client === undefined)
    throw new CliError(
      'USAGE',
      'Name the client whose file --config names, as in: mcp-dbg wrap --list cursor --config FILE',
    );
  const bin = ownBin();
  const isMeant = ({ entry }: Place): boolean => names.length === 0 || names.includes(entry.name);
  const files = lookAt(client === undefined ? CLIENTS : [client], config, io).map((file) =>
    file.kind === 'fault' ? file : { ...file, places: file.places.filter(isMeant) },
  );
  const wrapOf = ({ entry }: Place): WrappedArgv | undefined =>
    entry.kind === 'stdio' ? wrappedIn(entry.argv, bin) : undefined;
  if (json === true) {
    io.stdout.write(`${safeJson(JSON.stringify(documentOf(files, wrapOf, io)))}\n`);
    return EXIT.good;
  }
  const theme = themeFor(io.terminal.stdout, io.env);
  io.stdout.write(files.map((file) => fileText(file, wrapOf, io, theme)).join('\n'));
  const wrapped = files.flatMap((file) => (file.kind === 'places' ? file.places : [])).filter((place) => wrapOf(place));
  io.stderr.write(`${wrapped.length} wrapped; mcp-dbg wrap CLIENT SERVER wraps one, mcp-dbg unwrap takes it out\n`);
  return EXIT.good;
}

/** Characters of a command line at most. */
const MAX_COMMAND = 200;

type WrapOf = (place: Place) => WrappedArgv | undefined;

function documentOf(files: readonly Looked[], wrapOf: WrapOf, io: Io): object {
  return {
    files: files.map((file) => {
      const { path, host, scope } = file.source;
      return { path, client: host, scope, error: file.kind === 'fault' ? file.why : null };
    }),
    servers: files.flatMap((file) =>
      file.kind === 'fault' ? [] : file.places.map((each) => placeJson(each, wrapOf(each), io)),
    ),
  };
}

function placeJson({ entry, scope }: Place, wrapped: WrappedArgv | undefined, io: Io): object {
  const { name, kind, source, isOff } = entry;
  const captures =
    kind === 'stdio' && wrapped !== undefined ? capturesOf(wrapped.options, wrapped.original, entry, io) : undefined;
  return {
    name,
    client: source.host,
    file: source.path,
    scope,
    kind,
    disabled: isOff,
    wrapped: wrapped !== undefined,
    options: wrapped === undefined ? null : maskArgv(wrapped.options),
    argv: kind === 'stdio' ? maskArgv(wrapped?.original ?? entry.argv) : null,
    captures: captures === undefined ? null : { place: captures.place, label: captures.label ?? null },
  };
}

function fileText(file: Looked, wrapOf: WrapOf, io: Io, theme: Theme): string {
  const { path, host } = file.source;
  const head = `${theme.heading(visible(tilded(path, io.home)))}  ${theme.dim(HOSTS[host].name)}\n`;
  if (file.kind === 'fault') return `${head}  ${theme.bad(`cannot be read: ${visible(file.why)}`)}\n`;
  if (file.places.length === 0) return `${head}  ${theme.dim('no servers')}\n`;
  const width = Math.min(24, Math.max(...file.places.map(({ entry }) => visible(entry.name).length)));
  const rows = file.places.map((place) => {
    const name = theme.tool(visible(place.entry.name).padEnd(width));
    const local = place.scope === 'local' ? theme.dim(' (this project only)') : '';
    return `  ${name}  ${placeText(place, wrapOf(place), io, theme)}${local}\n`;
  });
  return head + rows.join('');
}

function placeText({ entry }: Place, wrapped: WrappedArgv | undefined, io: Io, theme: Theme): string {
  if (entry.kind === 'http') return theme.dim('behind a URL: cannot be wrapped');
  if (entry.kind === 'unusable') return theme.bad(`cannot be used: ${visible(entry.why)}`);
  if (wrapped === undefined) return `not wrapped  ${theme.dim(commandLine(entry.argv))}`;
  const captures = capturesOf(wrapped.options, wrapped.original, entry, io);
  const label = captures?.label;
  const where =
    captures === undefined
      ? 'records nothing'
      : label === undefined
        ? tilded(captures.place, io.home)
        : `mcp-dbg log ${label}`;
  const options = wrapped.options.length === 0 ? '' : `  ${commandLine(wrapped.options)}`;
  return `${theme.good('wrapped')}  ${visible(where)}${theme.dim(options)}  ${theme.dim(commandLine(wrapped.original))}`;
}

/** Safe to print. */
function commandLine(words: readonly string[]): string {
  return oneLine(commandText(maskArgv(words)), MAX_COMMAND);
}
