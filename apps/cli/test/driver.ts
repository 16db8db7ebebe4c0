import { type ChildProcess, type ChildProcessWithoutNullStreams, type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { waitFor } from '@mcp-dbg/testkit';
import { expect } from 'vitest';

/** The built program: what users run is what is tested. */
export const BIN: string = process.env['BIN'] ?? fileURLToPath(new URL('../dist/bin.js', import.meta.url));

/** How long one run may take before it counts as hung (milliseconds): longer than anything that is waited for in it. */
const LIMIT_MS = 90_000;

/** What a run of the program came to. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What it reads; nothing unless given. */
  readonly stdin?: string | Uint8Array;
  /** Variables beside PATH and HOME, or instead of them; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder it runs in; one of its own unless given. Its servers work there too, by which they are known. */
  readonly cwd?: string;
  /** How long it may take (milliseconds); 90 s unless given. */
  readonly limitMs?: number;
  /** Another copy of the program. */
  readonly bin?: string;
  /** Words before the program, such as a shell that sets a limit and then becomes it. */
  readonly under?: readonly string[];
  /** True for one more pipe into it, as descriptor 3. */
  readonly control?: boolean;
}

/** A folder for tests; deleted after the last of them. */
export const scratch: string = realpathSync(mkdtempSync(join(process.env['MCP_DBG_TEST_ROOT'] ?? tmpdir(), 'cli-')));

const running = new Set<ChildProcess>();

/** Ends what the tests of a file started; fails where something of it is left. */
export async function endPrograms(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  await waitFor(() => running.size === 0, 'the end of the program');
  await expectNoneLeft(scratch);
}

/** Runs the program to its end. Fails when it does not end, or leaves a process behind. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const program = start(argv, options);
  program.child.stdin?.end(options.stdin ?? '');
  const ran = await program.ended;
  await expectNoneLeft(program.cwd);
  return ran;
}

/** A run of the program that goes on. */
export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly cwd: string;
  /** What it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ran>;
  write(text: string): void;
  /** Writes to descriptor 3. */
  tell(text: string): void;
  /** Waits until the condition holds, but no longer than the program runs. */
  until(condition: () => boolean, what: string): Promise<void>;
  /** Waits until stdout and stderr, taken together, match. */
  saw(pattern: RegExp | string): Promise<void>;
}

/** Starts the program in a home of its own, without credentials of any kind. */
export function start(argv: readonly string[], options: RunOptions = {}): Running {
  const [file = '', ...args] = [...(options.under ?? []), process.execPath, options.bin ?? BIN, ...argv];
  const cwd = options.cwd ?? mkdtempSync(join(scratch, 'run-'));
  const stdio: StdioOptions = options.control === true ? ['pipe', 'pipe', 'pipe', 'pipe'] : 'pipe';
  const settings = { cwd, env: environment(options.env), stdio };
  const child = spawn(file, args, settings) as ChildProcessWithoutNullStreams;
  running.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => {});
  const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? LIMIT_MS);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  const program: Running = {
    child,
    pid: child.pid ?? 0,
    cwd,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    ended,
    write: (text) => void child.stdin.write(text),
    tell: (text) => void (child.stdio[3] as Writable | undefined)?.write(text),
    until: async (condition, what) => {
      const isOver = (): boolean => !running.has(child);
      await waitFor(() => condition() || isOver(), what).catch(() => {});
      if (!condition()) throw new Error(`Waited in vain for ${what}; stdout: ${stdout}; stderr: ${stderr}`);
    },
    saw: async (pattern) => {
      const matches = (): boolean =>
        typeof pattern === 'string' ? (stdout + stderr).includes(pattern) : pattern.test(stdout + stderr);
      await program.until(matches, String(pattern));
    },
  };
  return program;
}

/** The environment of a run: a home of its own, the programs of this machine, and no word of the tester's. */
export function environment(more: RunOptions['env'] = {}): Record<string, string> {
  const { PATH } = process.env;
  const all = { PATH, HOME: home(), LANG: 'C.UTF-8', ...more };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** The home of this file's runs. */
export function home(): string {
  const folder = join(scratch, 'home');
  mkdirSync(folder, { recursive: true });
  return folder;
}

let files = 0;

/** Writes a file of its own into the scratch folder and gives its path. */
export function file(name: string, text: string): string {
  const folder = join(scratch, `files-${++files}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Writes a script for the script model and gives the `--model` that plays it. */
export function script(...turns: readonly object[]): string {
  return `script:${file('script.json', JSON.stringify({ turns }))}`;
}

/** Each line of a JSON lines text. */
export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

/** Fails when a process goes on working in a folder. */
export async function expectNoneLeft(folder: string): Promise<void> {
  await waitFor(() => workingIn(folder).length === 0, 'the end of every process of a run').catch(() => {});
  expect(workingIn(folder), 'processes left behind').toEqual([]);
}

/** The ids of processes whose folder is `folder` or in it; none where the system does not tell (no /proc). */
export function workingIn(folder: string): readonly number[] {
  const pids = (() => {
    try {
      return readdirSync('/proc').map(Number).filter(Number.isInteger);
    } catch {
      return [];
    }
  })();
  return pids.filter((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      return cwd === folder || cwd.startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}
