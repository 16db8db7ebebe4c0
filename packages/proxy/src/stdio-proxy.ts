import type { Readable, Writable } from 'node:stream';

import type { Observer } from './observer.ts';
import type { ForwardedSignal } from './signals.ts';
import { openInput, openOutput } from './standard-streams.ts';
import { type Exit, type ServerCommand, ServerProcess } from './server-process.ts';

/** Milliseconds from a signal that ends to SIGKILL: under the 2 s after which MCP clients send SIGKILL to us. */
const KILL_AFTER_MS = 1800;
/** The same where the client ends stdin along with the signal: SDK clients end a probe so, and kill after 1 s. */
const KILL_AFTER_PROBE_MS = 700;
/** How close the end of stdin and the signal must be to count as the end of a probe. */
const PROBE_END_MS = 250;
/** Milliseconds that the last bytes of a killed server may take; with them we still end before the client kills us. */
const LAST_BYTES_MS = 100;

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
      if (isEnding(signal)) deadline ??= startDeadline(server, input, options.killAfterMs, giveUp);
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

function isForProcess(signal: ForwardedSignal): boolean {
  return signal === 'SIGUSR1' || signal === 'SIGUSR2';
}

function isEnding(signal: ForwardedSignal): boolean {
  return signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP';
}

interface Deadline {
  callOff(): void;
}

/** Kills the server's group when the client is about to kill us; soon after, gives up what nobody takes. */
function startDeadline(
  server: ServerProcess,
  input: Input,
  killAfterMs: number | undefined,
  giveUp: () => void,
): Deadline {
  const signalledAt = performance.now();
  const kill = (): void => {
    server.signal('SIGKILL');
    timer = setTimeout(() => {
      server.stdout.close();
      server.stderr.close();
      giveUp();
    }, LAST_BYTES_MS);
  };
  // The signal may come before the end of stdin or after it, so which of the two waits applies is decided later.
  const decide = (): void => {
    const isProbe = Math.abs(signalledAt - input.endedAt()) < PROBE_END_MS;
    if (isProbe) kill();
    else timer = setTimeout(kill, KILL_AFTER_MS - KILL_AFTER_PROBE_MS);
  };
  let timer = killAfterMs === undefined ? setTimeout(decide, KILL_AFTER_PROBE_MS) : setTimeout(kill, killAfterMs);
  return { callOff: () => clearTimeout(timer) };
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
