import { type ChildProcess, type StdioOptions, execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readdirSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { type CaptureRecord, type Source } from '@mcp-dbg/capture';
import { openCapture } from '@mcp-dbg/capture/node';
import { waitFor } from '@mcp-dbg/testkit';

/** The built program: what users run is what is tested. */
export const BIN: string = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));

/** The command of a server that behaves as `server.mjs` says. */
export function server(behaviour: string, ...args: readonly string[]): readonly string[] {
  return [process.execPath, SERVER, behaviour, ...args];
}

/** How a host gives a server its standard streams: Node gives socket pairs, everybody else pipes. */
export type HostKind = 'sockets' | 'pipes';
export const HOST_KINDS: readonly HostKind[] = ['sockets', 'pipes'];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A proxy with its server, seen from the host's side. */
export interface Run {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<Ended>;
}

export interface RunOptions {
  readonly host?: HostKind;
  /** Options of the proxy. */
  readonly own?: readonly string[];
  /** Words before the proxy's command, such as a shell that sets a limit and then becomes it. */
  readonly under?: readonly string[];
  readonly cwd?: string;
  /** The whole environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the three streams are where they are not the host's pipes: descriptors of the test. */
  readonly stdio?: StdioOptions;
}

/** A folder for tests, and the home of their proxies; deleted after the last of them. */
export const scratch: string = mkdtempSync(join(process.env['MCP_DBG_TEST_ROOT'] ?? tmpdir(), 'transparency-'));
const running = new Set<ChildProcess>();

/** Ends what a failed test leaves; the proxy takes its server along. */
export async function endProxies(): Promise<void> {
  for (const child of running) child.kill('SIGTERM');
  await waitFor(() => running.size === 0, 'the end of the proxies');
}

/** What MCP hosts pass on to a server, with a home of its own. */
export const environment: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ),
  HOME: scratch,
};

/** Starts `mcp-dbg proxy -- COMMAND` as a host would. */
export function startProxy(command: readonly string[], options: RunOptions = {}): Run {
  return start([process.execPath, BIN, 'proxy', ...(options.own ?? []), '--', ...command], options);
}

/** Starts any program as a host would. */
export function start(argv: readonly string[], options: RunOptions = {}): Run {
  const pipes = options.host === 'pipes' ? openPipes() : undefined;
  const [file = '', ...args] = [...(options.under ?? []), ...argv];
  const child = spawn(file, args, {
    stdio: options.stdio ?? pipes?.theirs ?? 'pipe',
    env: options.env ?? environment,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  running.add(child);
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  for (const fd of pipes?.theirs ?? []) closeSync(fd);
  const stdin = pipes?.stdin ?? child.stdin;
  // Where a stream is not a pipe, nobody uses it.
  const run = {
    pid: child.pid ?? 0,
    stdin,
    stdout: pipes?.stdout ?? child.stdout,
    stderr: pipes?.stderr ?? child.stderr,
  };
  stdin?.on('error', () => {});
  return { ...(run as Pick<Run, 'pid' | 'stdin' | 'stdout' | 'stderr'>), ended };
}

/** Three real pipes: named ones, which have no name any more once both ends are open. */
function openPipes(): { theirs: [number, number, number]; stdin: Writable; stdout: Readable; stderr: Readable } {
  const folder = mkdtempSync(join(scratch, 'pipes-'));
  const [input, output, error] = ['in', 'out', 'err'].map((name) => {
    const path = join(folder, name);
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY);
    unlinkSync(path);
    return { reader, writer };
  }) as [Ends, Ends, Ends];
  return {
    theirs: [input.reader, output.writer, error.writer],
    stdin: new Socket({ fd: input.writer, readable: false, writable: true }),
    stdout: new Socket({ fd: output.reader, readable: true, writable: false }),
    stderr: new Socket({ fd: error.reader, readable: true, writable: false }),
  };
}

interface Ends {
  readonly reader: number;
  readonly writer: number;
}

/** Everything that a stream gives until its end. */
export async function all(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Everything that a stream gives until its end, as text. */
export async function text(stream: Readable): Promise<string> {
  return (await all(stream)).toString('utf8');
}

/** Closes the writing end after everything written: on a pipe that is the only way to end it. */
export async function finish(stdin: Writable): Promise<void> {
  await written(stdin, '');
  stdin.destroy();
}

/** Writes and resolves when the system has taken it, or the stream is closed. */
export function written(stream: Writable, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => stream.write(bytes, () => resolve()));
}

/** Reads a stream piece by piece while its other lines are still to come. */
export class Lines {
  #text = '';
  #ended = false;

  constructor(stream: Readable) {
    stream.on('data', (chunk: Buffer) => (this.#text += chunk.toString('latin1')));
    stream.once('close', () => (this.#ended = true));
    stream.once('end', () => (this.#ended = true));
    stream.on('error', () => {});
  }

  get text(): string {
    return this.#text;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next whole line, without its newline. */
  async next(): Promise<string> {
    await waitFor(() => this.#text.includes('\n'), 'a line');
    const end = this.#text.indexOf('\n');
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 1);
    return line;
  }
}

/** True when no process of this id runs; one that ended and waits to be collected is gone. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return /^\d+ \(.*\) Z/s.test(fileText(`/proc/${pid}/stat`));
}

/** The most memory that a process ever had, in MB; undefined where the system does not tell. */
export function peakMemoryMb(pid: number): number | undefined {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(fileText(`/proc/${pid}/status`)) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

export interface Recorded {
  readonly path: string;
  readonly records: readonly CaptureRecord[];
  readonly streams: Readonly<Record<Source, Buffer>>;
  readonly torn: number;
}

/** Reads a capture back. */
export async function recorded(path: string): Promise<Recorded> {
  const records: CaptureRecord[] = [];
  const parts: Record<Source, Uint8Array[]> = { client: [], server: [], stderr: [] };
  let torn = 0;
  for await (const record of openCapture(path)) {
    if (record.t === 'torn') torn += 1;
    else records.push(record);
    if (record.t === 'data') parts[record.from].push(Buffer.from(record.bytes));
  }
  const { client, server, stderr } = parts;
  const streams = { client: Buffer.concat(client), server: Buffer.concat(server), stderr: Buffer.concat(stderr) };
  return { path, records, streams, torn };
}

/** The captures in a folder, by name. */
export function capturesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mcpcap'))
    .toSorted()
    .map((name) => join(folder, name));
}

/** The processes that a process started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  return execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, status]) => Number(parent) === pid && status?.startsWith('Z') === false)
    .map(([child]) => Number(child));
}
