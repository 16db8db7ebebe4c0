import { resolve } from 'node:path';

import { nearestWord } from '@mcp-dbg/capture';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { AttachedProxy } from './attached-proxy.ts';
import { liveFolder, placesIn } from './live-folder.ts';

/** Proxies that a sentence names at most. */
const MAX_NAMED = 8;

/**
 * Attaches to the running proxy that a word means: the label, the capture's path, or the pid of one; the newest of those
 * that hold frames where there is no word, or where several have the label; `others` says how many more. Throws CliError
 * `NOT_FOUND`, which lists those that run, and `UNAVAILABLE` where the folder of their places cannot be trusted.
 */
export async function chooseProxy(io: Io, word: string | undefined): Promise<Chosen> {
  const { proxies, troubles } = await runningProxies(io);
  const meant = word === undefined ? proxies : proxies.filter((proxy) => isCalled(proxy, word, io.cwd));
  const chosen = meant.at(-1);
  for (const proxy of proxies) if (proxy !== chosen) proxy.close();
  if (chosen === undefined) throw nothingFound(word, proxies, troubles);
  return { proxy: chosen, others: meant.length - 1 };
}

/** A proxy that is attached to. */
export interface Chosen {
  readonly proxy: AttachedProxy;
  readonly others: number;
}

interface Found {
  /** The newest last. */
  readonly proxies: readonly AttachedProxy[];
  /** Why some that seem to run could not be attached to. */
  readonly troubles: readonly string[];
}

async function runningProxies({ home, platform }: Io): Promise<Found> {
  const folder = liveFolder(home, platform);
  const troubles: string[] = [];
  const attached = await Promise.all(
    placesOf(folder, platform).map(async (place) => {
      try {
        return await AttachedProxy.connect(place, platform);
      } catch (error) {
        // Nobody listens where a proxy was killed.
        const { message } = error as Error;
        if (!/ECONNREFUSED|ENOENT/.test(message)) troubles.push(`pid ${place.pid}: ${message}`);
        return undefined;
      }
    }),
  );
  const proxies = attached.filter((proxy) => proxy !== undefined);
  return { proxies: proxies.toSorted((a, b) => (a.hello.since < b.hello.since ? -1 : 1)), troubles };
}

function placesOf(folder: string, platform: NodeJS.Platform): ReturnType<typeof placesIn> {
  try {
    return placesIn(folder, platform);
  } catch (error) {
    throw new CliError('UNAVAILABLE', `Cannot look for running proxies in "${folder}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isCalled({ hello }: AttachedProxy, word: string, cwd: string): boolean {
  return hello.label === word || String(hello.pid) === word || hello.capture === resolve(cwd, word);
}

function nothingFound(
  word: string | undefined,
  proxies: readonly AttachedProxy[],
  troubles: readonly string[],
): CliError {
  const why = troubles.length === 0 ? '' : ` (${troubles.slice(0, MAX_NAMED).join('; ')})`;
  if (proxies.length === 0)
    return new CliError(
      'NOT_FOUND',
      `No proxy runs that holds frames${why}; start one with --hold, as in: mcp-dbg proxy --hold method:tools/call -- python3 server.py`,
    );
  const labels = proxies.map(({ hello }) => hello.label);
  const near = nearestWord(word ?? '', labels);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const named = proxies.slice(-MAX_NAMED).map(nameOf).join(', ');
  return new CliError(
    'NOT_FOUND',
    `No running proxy that holds frames is called ${JSON.stringify(word)}${hint} There are: ${named}${why}`,
  );
}

function nameOf({ hello }: AttachedProxy): string {
  return `${hello.label} (pid ${hello.pid})`;
}
