import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';

import { isAlive } from '@mcp-dbg/capture/node';
import type { HoldDesk } from '@mcp-dbg/relay/hold';

import { CliError } from '../exit-code.ts';
import { failure } from '../private-file.ts';
import {
  type Place,
  makeLiveFolder,
  placeName,
  placeNamed,
  placeTrouble,
  placesIn,
  removePlace,
} from './live-folder.ts';
import { type FromProxy, LIVE_VERSION } from './live-message.ts';
import { Viewer } from './viewer.ts';

/** Viewers of one proxy at a time. */
const MAX_VIEWERS = 8;

/** Milliseconds that the last words to viewers may take. */
const GOODBYE_MS = 100;

/** What a proxy tells of itself to who attaches. */
export interface ProxyFacts {
  readonly label: string;
  /** Where it records; undefined while it does not. */
  readonly capture: () => string | undefined;
  readonly filters: readonly string[];
  readonly holdMs: number;
}

/** A place at which others of this user can watch a desk, and decide. */
export interface HoldSocket {
  close(): Promise<void>;
}

/**
 * Listens in the folder, which only its owner can enter, and never at a port. Throws CliError (`UNAVAILABLE`), with the
 * reason and the next step, where that is not possible or the folder cannot be trusted.
 */
export async function openHoldSocket(desk: HoldDesk, facts: ProxyFacts, folder: string): Promise<HoldSocket> {
  const { platform, pid } = process;
  makeLiveFolder(folder);
  await sweep(folder);
  const place = placeNamed(folder, placeName(pid, randomBytes(2).toString('hex')), platform);
  const viewers = new Set<Viewer>();
  const since = new Date().toISOString();
  const server = createServer((socket) => {
    // Whoever watches is no reason for the proxy to go on.
    socket.unref();
    if (viewers.size >= MAX_VIEWERS) return refuse(socket);
    const { label, filters, holdMs } = facts;
    const capture = facts.capture() ?? null;
    const hello = { type: 'hello', v: LIVE_VERSION, pid, label, capture, since, filters, holdMs } as const;
    const viewer = new Viewer(socket, desk, hello);
    viewers.add(viewer);
    socket.once('close', () => viewers.delete(viewer));
  });
  await listenAt(server, place);
  // Such as too many open files: those who come later may have more luck.
  server.on('error', () => {});
  server.unref();
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const viewer of viewers) viewer.end();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
      for (const viewer of viewers) viewer.cut();
      removePlace(place);
    },
  };
}

async function listenAt(server: Server, place: Place): Promise<void> {
  // The folder keeps others out already; between the making of the socket and its mode there is no moment either.
  const before = process.umask(0o177);
  try {
    server.listen(place.address);
  } finally {
    process.umask(before);
  }
  try {
    await once(server, 'listening');
    if (process.platform === 'win32') writeFileSync(place.file, '', { flag: 'wx' });
    else chmodSync(place.file, 0o600);
    const trouble = placeTrouble(place, process.platform);
    if (trouble !== undefined) throw new CliError('UNAVAILABLE', `${trouble}: "${place.file}"; move it away`);
  } catch (error) {
    server.close();
    throw failure(error);
  }
}

function refuse(socket: Socket): void {
  const message = `${MAX_VIEWERS} are attached already; detach one of them`;
  socket.on('error', () => {});
  socket.end(`${JSON.stringify({ type: 'refused', re: null, code: 'TOO_MANY', message } satisfies FromProxy)}\n`);
}

/** Deletes the places of proxies that are gone: nobody listens there, and their process does not run. */
async function sweep(folder: string): Promise<void> {
  const left = placesIn(folder, process.platform).filter(({ pid }) => !isAlive(pid));
  await Promise.all(left.map(async (place) => ((await isSilent(place)) ? removePlace(place) : undefined)));
}

async function isSilent({ address }: Place): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK';
  } finally {
    socket.destroy();
  }
}
