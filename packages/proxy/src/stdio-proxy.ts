import type { Readable, Writable } from 'node:stream';

import { type Deadline, killDeadline } from './kill-deadline.ts';
import type { Observer } from './observer.ts';
import { type ForwardedSignal, isEnding, isForProcess } from './signals.ts';
import { openInput, openOutput } from './standard-streams.ts';
import { type Exit, type ServerCommand, ServerProcess } from './server-process.ts';

export interface ProxyOptions {
  readonly command: ServerCommand;
  readonly observers: readonly Observer[];
  /** Calls back for each signal we get, the ones that came before the server was there included. */
  readonly onSignal: (listener: (signal: ForwardedSignal) => void) => void;
  /** Milliseconds from SIGTERM, SIGINT or SIGHUP to SIGKILL of the server's group; at most 2147483647. */
  readonly killAfterMs?: number;
  /**
   * Is given the way to say something on the client's stderr, between what the server writes there. That stderr then
   * stays open until this process ends.
   */
  readonly onStderr?: (say: Say) => void;
}

/** Writes a text of our own; resolves when it was delivered, or cannot be. */
export type Say = (text: string) => Promise<void>;

/**
 * Stands between the client at our standard descriptors and one server, and changes nothing. Resolves with the
 * server's exit when its last byte was delivered. Throws ProxyError when the server cannot be started.
 */
export async function runProxy(options: ProxyOptions): Promise<Exit> {
  const server = await ServerProcess.start(options.command, options.observers);
  const client = openInput(0);
  const input = passInput(client, server);
  const stderr = openOutput(2);
  const isShared = options.onStderr !== undefined;
  const outputs = [passOutput(server.stdout, openOutput(1)), passOutput(server.stderr, stderr, isShared)];
  options.onStderr?.((text) => written(stderr, text));

  let deadline: Deadline | undefined;
  const givenUp = new Promise<void>((giveUp) => {
    options.onSignal((signal) => {
      server.signal(signal, isForProcess(signal) ? 'process' : 'group');
      if (isEnding(signal)) deadline ??= killDeadline(server, input, options.killAfterMs, giveUp);
    });
  });

  const exit = await server.ended;
  await Promise.race([Promise.all(outputs), givenUp]);
  if (deadline !== undefined) {
    deadline.callOff();
    server.signal('SIGKILL');
  }
  client.destroy();
  return exit;
}

interface Input {
  /** When the client's bytes ended (performance.now); minus infinity before. */
  endedAt(): number;
}

function passInput(client: Readable, server: ServerProcess): Input {
  let endedAt = Number.NEGATIVE_INFINITY;
  const end = (): void => {
    endedAt = performance.now();
    server.stdin.end();
  };
  client.on('data', (bytes: Buffer) => {
    if (!server.stdin.write(bytes)) client.pause();
  });
  client.once('end', end);
  client.once('error', end);
  server.stdin.onDrain(() => client.resume());
  void server.stdin.closed.then(() => client.destroy());
  return { endedAt: () => endedAt };
}

/**
 * Resolves when everything was delivered and the descriptor is closed, or its reader went away. One that is shared stays
 * open.
 */
function passOutput(outlet: ServerProcess['stdout'], client: Writable, isShared: boolean = false): Promise<void> {
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  client.on('error', () => {
    client.destroy();
    outlet.close();
  });
  client.on('drain', () => outlet.resume());
  outlet.start((bytes) => client.destroyed || client.write(bytes));
  if (isShared) return Promise.race([closed, outlet.ended.then(() => written(client, ''))]);
  void outlet.ended.then(() => client.end(() => client.destroy()));
  return closed;
}

function written(client: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (client.destroyed) resolve();
    else client.write(text, () => resolve());
  });
}
