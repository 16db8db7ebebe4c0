import { isAbsolute, resolve } from 'node:path';

import { captureFolder, safeLabel } from '@mcp-dbg/capture/folder';

import { holdFilter } from '../attach/hold-for-proxy.ts';
import { proxyPathOptions } from '../commands/proxy-option-table.ts';
import { type ProxyRequest, readProxyArgv } from '../commands/proxy-options.ts';
import type { StdioEntry } from '../config/config-entry.ts';
import { partsOf } from '../config/dialect.ts';
import { HOSTS } from '../config/hosts.ts';
import { emptyFault } from '../empty-values.ts';
import { CliError } from '../exit-code.ts';
import { readFaults } from '../faults/read-faults.ts';
import type { Io } from '../io.ts';
import { labelOfCommand } from '../label-of-command.ts';

type Command = readonly [string, ...string[]];
type Accepted = Extract<ProxyRequest, { readonly kind: 'run' }>;

/**
 * The options that the proxy gets in an entry: those that were asked for, and the entry's name as the label of its captures.
 * The host starts it in a folder of its own, so relative paths become whole. Throws CliError `USAGE` where the proxy would not
 * take them.
 */
export function proxyWords(
  asked: readonly string[],
  entry: StdioEntry,
  original: Command,
  { cwd }: Pick<Io, 'cwd'>,
): readonly string[] {
  if (asked.includes('--'))
    throw new CliError(
      'USAGE',
      'Behind -- stand options of the proxy alone, without another --: the command of the server is that of the entry',
    );
  // As they were given: an empty path would become a whole one.
  const { capture } = acceptedBy(asked, original);
  if (capture === '')
    throw new CliError('USAGE', `The proxy does not take that: --log: ${emptyFault('FILE', '') ?? ''}`);
  const options = withWholePaths(asked, entry, cwd);
  const request = acceptedBy(options, original);
  checkRelay(request, cwd);
  const label = safeLabel(entry.name);
  if (request.label !== undefined || request.capture === false || label === '') return options;
  return [...options, '--label', label];
}

/** What the proxy makes of options. Throws CliError `USAGE` where it does not take them. */
function acceptedBy(options: readonly string[], original: Command): Accepted {
  const request = readProxyArgv([...options, '--', ...original]);
  if (request.kind === 'misuse') throw new CliError('USAGE', `The proxy does not take that: ${request.message}`);
  if (request.kind === 'help')
    throw new CliError('USAGE', 'Behind -- stand the options of the proxy; mcp-dbg proxy --help shows them');
  return request;
}

/** What the proxy itself reads only when it starts: a host would not show what is wrong with it. Throws CliError. */
function checkRelay({ relay }: Accepted, cwd: string): void {
  for (const filter of relay?.hold?.filters ?? []) holdFilter(filter);
  if (relay?.faults === undefined) return;
  const { faultFile, ...faults } = relay.faults;
  // The host puts in something for `${workspaceFolder}`.
  readFaults(faultFile === undefined || faultFile.includes('${') ? faults : relay.faults, cwd);
}

function withWholePaths(options: readonly string[], { source }: StdioEntry, cwd: string): readonly string[] {
  const kinds = proxyPathOptions();
  const whole = (path: string, kind: 'FILE' | 'GLOB'): string => {
    // The host puts in something for `${workspaceFolder}`.
    const isFilled = partsOf(path, HOSTS[source.host].dialect).some((part) => typeof part !== 'string');
    if (isFilled) return path;
    return kind === 'FILE' ? resolve(cwd, path) : wholeGlob(path, cwd);
  };
  return options.map((word, index) => {
    const before = kinds.get(options[index - 1] ?? '');
    if (before !== undefined) return whole(word, before);
    const [name = ''] = word.split('=', 1);
    const own = word.includes('=') ? kinds.get(name) : undefined;
    return own === undefined ? word : `${name}=${whole(word.slice(name.length + 1), own)}`;
  });
}

/** The same pattern from anywhere; what means something in patterns is itself in the name of the folder. */
function wholeGlob(pattern: string, cwd: string): string {
  const [, not = '', own = ''] = /^(!?)([^]*)$/.exec(pattern) ?? [];
  if (isAbsolute(own)) return pattern;
  return `${not}${cwd.replaceAll(/[*?[\]{}()!+@\\]/g, '\\$&')}/${own}`;
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
