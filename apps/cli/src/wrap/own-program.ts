import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { HOSTS as STARTED, type Surroundings, environmentOf } from '../doctor/hosts.ts';
import { CliError } from '../exit-code.ts';
import { HOSTS, type HostId } from '../config/hosts.ts';
import { VERSION } from '../version.ts';

/** How a host is to start this program. */
export interface OwnProgram {
  /** A command and its first arguments, before the word `proxy`. */
  readonly words: readonly [string, ...string[]];
  /** What a person should know of it, in a sentence. */
  readonly note?: string;
}

/** Where package managers keep the Node of the day, whatever its version: the path of the version itself goes with an update. */
const STEADY_NODES = ['/opt/homebrew/bin/node', '/usr/local/bin/node', '/home/linuxbrew/.linuxbrew/bin/node'];

/** The built program that runs, or that stands beside the sources that run. */
export function ownBin(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = ['bin.js', '../bin.js', '../../dist/bin.js']
    .map((each) => join(here, each))
    .find((each) => existsSync(each));
  if (found === undefined) throw new CliError('UNAVAILABLE', `mcp-dbg is not whole at ${here}; install it anew`);
  return realpathSync(found);
}

/**
 * How a host starts us. Programs with windows have a short PATH, and a terminal's may be another one tomorrow, so it is by
 * whole paths, of the Node that is `running` and of us. Throws CliError where we run from the cache of npx and the host would not find npx.
 */
export function ownProgram(
  host: HostId,
  { bin, running = process.execPath }: { readonly bin: string; readonly running?: string },
  io: Surroundings,
): OwnProgram {
  const node = steadyNode(running);
  if (!/[/\\]_npx[/\\]/.test(bin)) return { words: [node, bin] };
  const npx = join(dirname(node), io.platform === 'win32' ? 'npx.cmd' : 'npx');
  const install = 'npm install -g mcp-dbg, then wrap with that one';
  if (!findsNode(host, node, io))
    throw new CliError(
      'UNAVAILABLE',
      `This mcp-dbg runs from the cache of npx, which npm empties, and ${HOSTS[host].name} has a PATH without Node; install it: ${install}`,
    );
  return {
    words: [existsSync(npx) ? npx : 'npx', '-y', `mcp-dbg@${VERSION}`],
    note: `This mcp-dbg runs from the cache of npx, which npm empties, so the server is started by npx, which is slower; to avoid that: ${install}`,
  };
}

/** npx is a script, for which Node must be in PATH. */
function findsNode(host: HostId, node: string, io: Surroundings): boolean {
  const id = host === 'windsurf' ? 'cursor' : host;
  const started = STARTED.find((each) => each.id === id);
  if (started === undefined) return true;
  return (environmentOf(started, io)['PATH'] ?? '').split(delimiter).includes(dirname(node));
}

function steadyNode(running: string): string {
  const real = pathOf(running);
  return STEADY_NODES.find((each) => real !== undefined && pathOf(each) === real) ?? running;
}

function pathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
