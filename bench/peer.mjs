import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What MCP hosts pass on. Settings of Node itself, such as certificates to load, would slow all that starts. */
export const ENVIRONMENT = { PATH: process.env.PATH, HOME: process.env.HOME };

export const NODE = process.execPath;
export const MCP_DBG = here('../apps/cli/dist/bin.js');
export const SERVER = [NODE, here('server.mjs')];

const captures = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(captures, { recursive: true, force: true }));

let turn = 0;

/** What stands between client and server: nothing, the control, and ours with recording on. */
export const BETWEEN = {
  direct: (command) => command,
  pipe: (command) => [NODE, here('bare-pipe.mjs'), ...command],
  ours: (command) => [NODE, MCP_DBG, 'proxy', '--log', join(captures, `${++turn}.mcpcap`), '--', ...command],
};

const REQUEST = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hello' } } })}\n`;
const NEWLINE = 10;

/** The client of one benchmark, at the end of whatever is between it and the server. */
export class Peer {
  constructor(argv) {
    this.child = spawn(argv[0], argv.slice(1), { stdio: ['pipe', 'pipe', 'ignore'], env: ENVIRONMENT });
    this.child.stdin.on('error', () => {});
    this.onLines = () => {};
    this.child.stdout.on('data', (chunk) => this.onLines(countLines(chunk), chunk.length));
  }

  get pid() {
    return this.child.pid;
  }

  /** Resolves when so many lines have come. */
  lines(wanted) {
    return new Promise((resolve) => {
      let seen = 0;
      this.onLines = (lines) => {
        seen += lines;
        if (seen >= wanted) resolve(seen);
      };
    });
  }

  /** One request and its answer. */
  async ask(line = REQUEST) {
    const answered = this.lines(1);
    this.child.stdin.write(line);
    await answered;
  }

  /** So many requests with at most `open` of them unanswered. */
  async pipeline(total, open) {
    let sent = open;
    let seen = 0;
    await new Promise((resolve) => {
      this.onLines = (lines) => {
        seen += lines;
        const more = Math.min(lines, total - sent);
        if (more > 0) this.child.stdin.write(REQUEST.repeat(more));
        sent += more;
        if (seen >= total) resolve();
      };
      this.child.stdin.write(REQUEST.repeat(open));
    });
  }

  async close() {
    const gone = once(this.child, 'exit');
    this.child.stdout.resume();
    this.child.stdin.end();
    await gone;
  }

  async kill() {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

function countLines(chunk) {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds from the start of a program to its end. */
export async function runTime(argv) {
  return await timed(async () => {
    const child = spawn(argv[0], argv.slice(1), { stdio: 'ignore', env: ENVIRONMENT });
    await once(child, 'exit');
  });
}

/** Milliseconds of processor time that a process has used, in steps of 10; undefined where the system does not tell. */
export function cpuMs(pid) {
  const fields = procText(pid, 'stat')?.split(') ')[1]?.split(' ');
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Megabytes of memory that a process has now (`VmRSS`) or had at most (`VmHWM`). */
export function memoryMb(pid, what) {
  const [, kilobytes] = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(procText(pid, 'status') ?? '') ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function procText(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
