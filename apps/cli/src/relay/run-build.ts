import { spawn } from 'node:child_process';

/** Bytes of a build's output that are kept, its end. */
const MAX_OUTPUT = 4096;
/** Milliseconds that a build may take to end when it is told to. */
const GRACE_MS = 500;
/** Milliseconds after the exit in which more output may come: what it left running may hold its pipes for ever. */
const LAST_OUTPUT_MS = 200;

/** How a build ended. */
export type BuildOutcome =
  | { readonly kind: 'built' }
  /** `how` it ended, and the end of what it wrote. */
  | { readonly kind: 'failed'; readonly how: string; readonly output: string };

/**
 * Runs a build as the shell (`sh`) reads it, as `npm run` does. Nothing of it is printed. When `signal` aborts, it is
 * ended with all that it started.
 */
export async function runBuild(command: string, signal: AbortSignal): Promise<BuildOutcome> {
  const child = spawn(command, {
    shell: true,
    // A group of its own: what it starts can be ended with it.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = Buffer.alloc(0);
  const take = (bytes: Buffer): void => {
    output = Buffer.concat([output, bytes]).subarray(-MAX_OUTPUT);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const end = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    end('SIGTERM');
    kill = setTimeout(() => end('SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', stop);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const how = await new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, name) => resolve(howItEnded(code, name)));
    if (signal.aborted) stop();
  });
  signal.removeEventListener('abort', stop);
  clearTimeout(kill);
  // The shell may be gone before what it started.
  if (signal.aborted) end('SIGKILL');
  if (child.pid !== undefined) await Promise.race([closed, after(LAST_OUTPUT_MS)]);
  child.stdout.destroy();
  child.stderr.destroy();
  return how === undefined ? { kind: 'built' } : { kind: 'failed', how, output: output.toString('utf8').trim() };
}

/** Undefined for a success. */
function howItEnded(code: number | null, name: NodeJS.Signals | null): string | undefined {
  if (name !== null) return `signal ${name}`;
  return code === 0 ? undefined : `exit code ${code ?? 'unknown'}`;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
