import { resolve } from 'node:path';

import { captureFolder, safeLabel } from '@mcp-dbg/capture/folder';

import { proxyFileOptions, readProxyArgv } from '../commands/proxy-options.ts';
import type { StdioEntry } from '../config/config-entry.ts';
import { partsOf } from '../config/dialect.ts';
import { HOSTS } from '../config/hosts.ts';
import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { labelOfCommand } from '../label-of-command.ts';

type Command = readonly [string, ...string[]];

/**
 * The options that the proxy gets in an entry: those that were asked for, and the entry's name as the label of its captures.
 * The host starts it in a folder of its own, so paths of files become whole. Throws CliError `USAGE` where the proxy would not
 * take them.
 */
export function proxyWords(
  asked: readonly string[],
  entry: StdioEntry,
  original: Command,
  { cwd }: Pick<Io, 'cwd'>,
): readonly string[] {
  const options = withWholePaths(asked, entry, cwd);
  const request = readProxyArgv([...options, '--', ...original]);
  if (request.kind === 'misuse') throw new CliError('USAGE', `The proxy does not take that: ${request.message}`);
  if (request.kind === 'help')
    throw new CliError('USAGE', 'Behind -- stand the options of the proxy; mcp-dbg proxy --help shows them');
  const label = safeLabel(entry.name);
  if (request.label !== undefined || request.capture === false || label === '') return options;
  return [...options, '--label', label];
}

function withWholePaths(options: readonly string[], { source }: StdioEntry, cwd: string): readonly string[] {
  const files = proxyFileOptions();
  const whole = (path: string): string => {
    // The host puts in something for `${workspaceFolder}`.
    const isFilled = partsOf(path, HOSTS[source.host].dialect).some((part) => typeof part !== 'string');
    return isFilled ? path : resolve(cwd, path);
  };
  return options.map((word, index) => {
    if (files.includes(options[index - 1] ?? '')) return whole(word);
    const [name = ''] = word.split('=', 1);
    return word.includes('=') && files.includes(name) ? `${name}=${whole(word.slice(name.length + 1))}` : word;
  });
}

/** Where the captures of a wrapped entry go, and the label by which commands find them; undefined where it records nothing. */
export function capturesOf(
  options: readonly string[],
  original: Command,
  entry: StdioEntry,
  { home, platform }: Pick<Io, 'home' | 'platform'>,
): { readonly place: string; readonly label: string | undefined } | undefined {
  const request = readProxyArgv([...options, '--', ...original]);
  if (request.kind !== 'run' || request.capture === false) return undefined;
  if (request.capture !== undefined) return { place: request.capture, label: undefined };
  const ownHome = entry.env.get('HOME') ?? home;
  const label = safeLabel(request.label ?? labelOfCommand(original));
  return { place: captureFolder(ownHome, platform), label: label === '' ? 'capture' : label };
}
