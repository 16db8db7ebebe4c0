import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const node = [process.execPath, '--conditions=@mcp-dbg/source', '--import', import.meta.resolve('tsx')];

/** How to run a program of `fixtures/`. */
export function fixture(name: string, ...args: readonly string[]): readonly [string, ...string[]] {
  const [file = '', ...options] = node;
  return [file, ...options, fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url)), ...args];
}

export interface Run {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; `watch` sees it while it runs. */
export async function run(
  [file, ...args]: readonly [string, ...string[]],
  watch?: (child: ChildProcess) => void,
): Promise<Run> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  watch?.(child);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr };
}
