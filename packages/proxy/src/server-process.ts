import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import spawn from 'cross-spawn';

import { ProxyError } from './errors.ts';
import { Inlet } from './inlet.ts';
import { type Observer, fanOut } from './observer.ts';
import { Outlet } from './outlet.ts';
import { explainStartFailure } from './start-failure.ts';

/** How to start a server. No shell is involved; `env`, when given, is the whole environment. */
export interface ServerCommand {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a process ended: by itself with a code, or by a signal. */
export type Exit =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: NodeJS.Signals };

/** Milliseconds that {@link ServerProcess.stop} waits after the end of stdin, and again after SIGTERM. */
export const STOP_GRACE_MS = 2000;

/**
 * One server process in a process group of its own, with the tap on its three pipes. Everything that crosses them
 * and everything that happens to the process is shown to the observers, in order.
 */
export class ServerProcess {
  readonly pid: number;
  readonly stdin: Inlet;
  readonly stdout: Outlet;
  readonly stderr: Outlet;
  /** Resolves when the process has exited; its pipes may still hold bytes. */
  readonly exited: Promise<Exit>;
  /** Resolves when the process has exited and the last byte of both outlets was taken. */
  readonly ended: Promise<Exit>;
  readonly #tap: Required<Observer>;
  #gone = false;

  /** Starts the process. Throws {@link ProxyError} when the system cannot. */
  static async start(command: ServerCommand, observers: readonly Observer[] = []): Promise<ServerProcess> {
    const [file, ...args] = command.argv;
    let child: ChildProcess;
    try {
      child = spawn(file, args, {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
        windowsHide: true,
        ...(command.cwd !== undefined && { cwd: command.cwd }),
        ...(command.env !== undefined && { env: command.env }),
      });
      if (child.pid === undefined) await once(child, 'spawn');
    } catch (error) {
      throw error instanceof ProxyError ? error : explainStartFailure(command, error);
    }
    return new ServerProcess(child, fanOut(observers));
  }

  private constructor(child: ChildProcess, tap: Required<Observer>) {
    const { pid, stdin, stdout, stderr } = child;
    if (pid === undefined || !stdin || !stdout || !stderr) throw new TypeError('the process has no pid or no pipes');
    // A signal to a process that is just gone is reported here too; 'exit' tells the same.
    child.on('error', () => {});
    this.pid = pid;
    this.#tap = tap;
    tap.event({ kind: 'spawn', pid });
    const atEnd = (from: 'server' | 'stderr') => () => tap.event({ kind: 'eof', from });
    this.stdin = new Inlet(
      stdin,
      (bytes) => tap.read('client', bytes),
      // A process that has exited is given no end of its input: that it was asked to end would be untrue.
      () => this.#gone || tap.event({ kind: 'eof', from: 'client' }),
    );
    this.stdout = new Outlet(stdout, (bytes) => tap.read('server', bytes), atEnd('server'));
    this.stderr = new Outlet(stderr, (bytes) => tap.read('stderr', bytes), atEnd('stderr'));
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#gone = true;
        resolve(signal === null ? { code: code ?? 0, signal } : { code: null, signal });
        this.stdout.processExited();
        this.stderr.processExited();
      });
    });
    this.ended = this.#end();
  }

  async #end(): Promise<Exit> {
    const exit = await this.exited;
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    this.#tap.event({ kind: 'exit', ...exit });
    return exit;
  }

  /** Sends a signal to the server, or to its whole group, as a terminal does. False when nobody is left to get it. */
  signal(signal: NodeJS.Signals, whom: 'process' | 'group' = 'group'): boolean {
    // The pid of a process that has exited may be another's by now.
    if (whom === 'process' && this.#gone) return false;
    try {
      process.kill(whom === 'group' && process.platform !== 'win32' ? -this.pid : this.pid, signal);
    } catch {
      return false;
    }
    this.#tap.event({ kind: 'signal', signal });
    return true;
  }

  /**
   * Ends the server and everything in its group: end of stdin, SIGTERM after `graceMs`, SIGKILL after as much
   * again. Resolves when the process is gone and its output was read.
   */
  async stop(graceMs: number = STOP_GRACE_MS): Promise<Exit> {
    this.stdin.end();
    const term = setTimeout(() => this.signal('SIGTERM'), graceMs);
    const kill = setTimeout(() => this.signal('SIGKILL'), graceMs * 2);
    try {
      await this.exited;
    } finally {
      clearTimeout(term);
      clearTimeout(kill);
    }
    // The server is gone; what it left behind in its group goes too.
    this.signal('SIGKILL');
    return await this.ended;
  }
}
