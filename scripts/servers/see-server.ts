import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { FOLDER } from './popular-servers.ts';
import { type End, type SeenRun, seenRun } from './seen-run.ts';

/** A server as the table shows it. */
export interface SeenServer {
  readonly from: string;
  readonly name: string;
  readonly version: string;
  readonly era: string;
  readonly protocolVersion: string;
  readonly tools: number;
  readonly resources: number;
  readonly resourceTemplates: number;
  readonly prompts: number;
  /** Milliseconds to the answer to the opening, the median of the runs. */
  readonly startMs: number;
  /** The median end of all runs: a busy machine can make the best server late once. */
  readonly end: End;
  /** The most processes that one run started. */
  readonly starts: number;
}

export interface SeeOptions {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The built program. */
  readonly bin: string;
  /** Runs of which the start time is the median. */
  readonly runs: number;
}

type Facts = Omit<SeenServer, 'from' | 'name' | 'version'>;

/** How long one run may take (milliseconds). */
const LIMIT_MS = 120_000;
/** From the best to the worst. */
const ENDS: readonly End[] = ['by itself', 'SIGTERM', 'SIGKILL'];

/** Asks a server for all that it has by the built program. Throws where a run fails or leaves a process behind. */
export async function seeServer({ argv, env = {}, bin, runs }: SeeOptions): Promise<Facts> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-dbg-servers-')));
  const seen: SeenRun[] = [];
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const ask = async (command: string): Promise<Record<string, unknown>> => {
    const capture = join(folder, `${seen.length}.mcpcap`);
    const server = argv.map((word) => (word === FOLDER ? folder : word));
    const said = await run(bin, [command, '--json', '--capture', capture, ...variables, '--', ...server], folder);
    const left = workingIn(folder);
    if (left.length > 0) throw new Error(`${command} left processes behind: ${left.join(', ')}`);
    seen.push(seenRun(await run(bin, ['log', '--json', capture], folder)));
    return JSON.parse(said) as Record<string, unknown>;
  };
  try {
    let listed: Record<string, unknown> = {};
    for (let count = 0; count < runs; count++) listed = await ask('tools');
    const timed = seen.map(({ startMs }) => startMs);
    const resources = await ask('resources');
    const prompts = await ask('prompts');
    return {
      era: String(listed['era']),
      protocolVersion: String(listed['protocolVersion']),
      tools: lengthOf(listed['tools']),
      resources: lengthOf(resources['resources']),
      resourceTemplates: lengthOf(resources['resourceTemplates']),
      prompts: lengthOf(prompts['prompts']),
      startMs: Math.round(median(timed)),
      end: ENDS[median(seen.map(({ end }) => ENDS.indexOf(end)))] ?? 'SIGKILL',
      starts: Math.max(...seen.map(({ starts }) => starts)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the program writes to stdout, run in `folder` with a home there and no variable of ours but the PATH. */
async function run(bin: string, argv: readonly string[], folder: string): Promise<string> {
  const child = spawn(process.execPath, [bin, ...argv], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${argv[0]} ended with ${code}: ${stderr.trim()}`);
  return stdout;
}

/** The processes whose folder is `folder` or in it (Linux; none elsewhere). */
function workingIn(folder: string): readonly string[] {
  const pids = (() => {
    try {
      return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
  })();
  return pids.filter((pid) => {
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      );
    } catch {
      return false;
    }
  });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function lengthOf(list: unknown): number {
  if (!Array.isArray(list)) throw new Error('The program gave no list');
  return list.length;
}
