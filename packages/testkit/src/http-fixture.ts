import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { type FixtureName, fixture } from './fixtures.ts';

/** A fixture server that runs behind a URL on this machine. */
export interface HttpFixture extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a crash does, and starts it again at the same URL where that is wanted. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Starts a fixture server that serves HTTP, and waits until it does. Its disposal ends it. */
export async function httpFixture(name: FixtureName, ...args: readonly string[]): Promise<HttpFixture> {
  let { url, child } = await start(name, args);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url,
    kill,
    restart: async () => {
      await kill();
      ({ url, child } = await start(name, [...args, '--port', new URL(url).port]));
    },
    [Symbol.asyncDispose]: kill,
  };
}

async function start(name: FixtureName, args: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  // The pipe to its stdin ends with us, and so does the server.
  const child = spawn(process.execPath, [fixture(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const url of createInterface({ input: child.stdout })) return { url, child };
  throw new Error(`The fixture ${name} ended before it said its URL`);
}
