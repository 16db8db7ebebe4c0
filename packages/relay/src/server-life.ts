import { type Observer, type Pipe, type ProcessEvent, type ServerCommand, ServerProcess, fanOut } from '@mcp-dbg/proxy';
import { StderrTail } from '@mcp-dbg/wire';

import { after } from './after.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { LineCutter } from './line-cutter.ts';
import { PacedWriter } from './paced-writer.ts';
import type { RelayEvent } from './relay-event.ts';
import { RelayFrame } from './relay-frame.ts';
import type { ServerEnd } from './server-end.ts';

/** How long after the end of its stdout or stdin a process may take to exit before it is ended (milliseconds). */
const EXIT_AFTER_CLOSE_MS = 500;
/**
 * How long a dead server's pipes are read at most, and how many bytes of them are taken while nobody wants them: a child of
 * it that left its group may write for ever.
 */
const MAX_DRAIN_MS = 2000;
const MAX_LEFT = 16 * 1024 * 1024;
const LEFT_BEHIND = 'A child of the dead process went on writing, which nobody read: the rest of it was not passed on';
const NEWLINE = Uint8Array.of(0x0a);

/** How long a process that says nothing has to run before it counts as started (milliseconds). */
const PROOF_MS = 1000;

export interface ServerLifeOptions {
  readonly command: ServerCommand;
  readonly observers: readonly Observer<RelayEvent>[];
  readonly onFrame: (frame: RelayFrame) => void;
  /** The process has ended its output, and the observers are not told yet. */
  readonly onOutputEnd: () => void;
  /** Takes a read of stderr; false stalls it until {@link ServerLife.resumeStderr}. */
  readonly onStderr: (bytes: Uint8Array) => boolean;
  /** Whether frames are wanted now; where not, stdout waits for {@link ServerLife.resume}. */
  readonly wants: () => boolean;
  /** The process takes no more frames for now, and takes more again. */
  readonly onFull: () => void;
  readonly onDrain: () => void;
  /** So many more bytes wait until they are written (fewer, where negative). */
  readonly holds: (bytes: number) => void;
  /** Whether another process can take its place: then one that closed a pipe, or died and left others behind, is ended. */
  readonly isReplaceable: boolean;
}

/**
 * One process of the server, seen as frames. What it wrote is shown to the observers when it is passed on, not when it is
 * read: they see what the peers see.
 */
export class ServerLife {
  readonly pid: number;
  /**
   * Resolves when the process is of no more use and all that it wrote was given out: it exited, or closed a pipe and was
   * ended. Nothing of its group is left. The observers are told of its exit by {@link conclude}.
   */
  readonly ended: Promise<ServerEnd>;
  /** Resolves when the process has said something, or has run for a second: one that fails as it starts does neither. */
  readonly proven: Promise<void>;
  readonly #process: ServerProcess;
  readonly #tap: Required<Observer<RelayEvent>>;
  readonly #stderr = new StderrTail();
  readonly #startedAt = performance.now();
  readonly #options: ServerLifeOptions;
  readonly #lines = new LineCutter();
  readonly #writer: PacedWriter;
  #torn: RelayFrame | undefined;
  #exitEvent: ProcessEvent | undefined;
  #isKilled = false;
  #seemsToExit: { readonly code: number } | undefined;
  #gone: Promise<unknown> | undefined;
  #isInputEnded = false;
  #isExited = false;
  /** True while the record of what the process was given ends in the middle of a line. */
  #isMidLine = false;
  #isOutputEnded = false;
  /** Bytes that were read after the exit. */
  #left = 0;

  /** Starts the process. Throws ProxyError when the system cannot. */
  static async start(options: ServerLifeOptions): Promise<ServerLife> {
    const tap = fanOut(options.observers);
    let happened = (event: ProcessEvent): void => tap.event(event);
    const inner: Observer = {
      read: (from, bytes) => {
        if (from === 'stderr') tap.read(from, bytes);
      },
      event: (event) => happened(event),
    };
    const process = await ServerProcess.start(options.command, [inner]);
    const life = new ServerLife(process, tap, options);
    happened = (event) => life.#happened(event);
    return life;
  }

  private constructor(process: ServerProcess, tap: Required<Observer<RelayEvent>>, options: ServerLifeOptions) {
    this.pid = process.pid;
    this.#process = process;
    this.#tap = tap;
    this.#options = options;
    this.#writer = new PacedWriter({
      write: (frame) => this.#written(frame),
      holds: options.holds,
      clock: SYSTEM_CLOCK,
    });
    const drained = (): void => {
      this.#writer.drained();
      options.onDrain();
    };
    process.stdin.onDrain(drained);
    void process.stdin.closed.then(drained);
    let spoken = (): void => {};
    const hasSpoken = new Promise<void>((resolve) => (spoken = resolve));
    this.proven = Promise.race([hasSpoken, after(PROOF_MS)]);
    process.stdout.start((bytes) => {
      spoken();
      for (const { bytes: line, ...cut } of this.#lines.push(bytes))
        options.onFrame(new RelayFrame('server', line, { ...cut, origin: this }));
      return this.#isLeft(bytes) || options.wants();
    });
    process.stderr.start((bytes) => {
      this.#stderr.push(bytes);
      const isWanted = options.onStderr(bytes);
      return this.#isLeft(bytes) || isWanted;
    });
    void process.exited.then(() => {
      this.#isExited = true;
      // What it left is little, and must not be lost where its reader is slow: it is read now, whoever wants it.
      process.stdout.resume();
      process.stderr.resume();
    });
    this.ended = this.#watch(options.isReplaceable);
  }

  /** False once nothing that is written can reach the process any more, or be answered by it. */
  get takes(): boolean {
    return !this.#isExited && !this.#isOutputEnded && this.#process.stdin.writable;
  }

  /** True where the process has the beginning of a line that comes in pieces, and not its end. */
  get isInPieces(): boolean {
    return this.#writer.isInPieces;
  }

  /** Gives the process a frame, when the one before is through; then `judge` says what of it. */
  write(frame: RelayFrame, judge?: (frame: RelayFrame) => RelayFrame | undefined): void {
    this.#writer.write(frame, judge);
  }

  /** Gives the process nothing any more. Gives what waited for its turn to be judged. */
  takeUnwritten(): readonly RelayFrame[] {
    return this.#writer.close();
  }

  /** Records what is passed on in this process's name, or what never reached it. */
  show(from: Pipe, frame: Pick<RelayFrame, 'bytes' | 'by'>): void {
    this.#tap.read(from, frame.bytes, frame.by);
  }

  record(event: RelayEvent): void {
    this.#tap.event(event);
  }

  endInput(): void {
    if (this.#isInputEnded) return;
    this.#isInputEnded = true;
    this.#writer.finish();
    this.#process.stdin.end();
  }

  /** Closes the server's output: its next write fails. */
  endOutput(): void {
    this.#process.stdout.close();
  }

  resume(): void {
    this.#process.stdout.resume();
  }

  resumeStderr(): void {
    this.#process.stderr.resume();
  }

  signal(signal: NodeJS.Signals, whom: 'process' | 'group' = 'group'): void {
    this.#process.signal(signal, whom);
  }

  /** Kills the process such that it seems to have exited by itself with a code. */
  kill(signal: NodeJS.Signals, as: { readonly code: number } | undefined): void {
    this.#isKilled = true;
    this.#seemsToExit = as;
    this.#process.signal(signal);
  }

  /** Ends the process and its group: end of stdin, SIGTERM, SIGKILL. */
  async stop(): Promise<ServerEnd> {
    void this.#finish();
    return await this.ended;
  }

  /** What a deadline of the relay kills and closes. */
  get deadlineEnd(): Pick<ServerProcess, 'signal' | 'stdout' | 'stderr'> {
    return this.#process;
  }

  /** Tells the observers that the process ended, after all that was said in its name. */
  conclude(): void {
    if (this.#exitEvent === undefined) return;
    const as = this.#seemsToExit;
    this.#tap.event(as === undefined ? this.#exitEvent : { kind: 'exit', code: as.code, signal: null });
    this.#exitEvent = undefined;
  }

  #happened(event: ProcessEvent): void {
    if (event.kind === 'exit') {
      this.#exitEvent = event;
      return;
    }
    if (event.kind === 'eof' && event.from === 'server') {
      this.#isOutputEnded = true;
      this.#torn = this.#unfinished();
      this.#options.onOutputEnd();
    }
    this.#tap.event(event);
  }

  /** True for what a dead process left, up to a limit. */
  #isLeft(bytes: Uint8Array): boolean {
    if (!this.#isExited) return false;
    this.#left += bytes.length;
    return this.#left <= MAX_LEFT;
  }

  async #watch(isReplaceable: boolean): Promise<ServerEnd> {
    const { exited, ended } = this.#process;
    if (isReplaceable) {
      const isClosed = await Promise.race([exited.then(() => false), this.#closedByServer()]);
      // A process closes its pipes a moment before it exits; one that goes on living can no longer be talked to.
      if (isClosed) await Promise.race([exited, after(EXIT_AFTER_CLOSE_MS)]);
      if (!this.#isInputEnded) await this.#finish();
    }
    const exit = await ended;
    this.#stderr.end();
    return {
      pid: this.pid,
      exit: this.#seemsToExit === undefined ? exit : { code: this.#seemsToExit.code, signal: null },
      isByFault: this.#isKilled,
      uptimeMs: performance.now() - this.#startedAt,
      stderr: this.#stderr.last,
      torn: this.#torn,
    };
  }

  #written(frame: RelayFrame): boolean {
    const { writable } = this.#process.stdin;
    if (!writable && this.#isMidLine) {
      // It would stand in the line that the process never got whole.
      const text = 'The server had closed its stdin: not passed on';
      if (!frame.isRest) this.record({ kind: 'note', text, from: 'client', original: frame.bytes });
      return true;
    }
    this.#isMidLine = !frame.endsLine;
    // One that is on its way out takes nothing; what it was given is answered when it has ended.
    this.#tap.read('client', frame.bytes, frame.by);
    if (!writable || this.#process.stdin.write(frame.bytes)) return true;
    this.#options.onFull();
    return false;
  }

  /** What stands behind the last newline. A whole message is given out with a newline of ours. */
  #unfinished(): RelayFrame | undefined {
    const cut = this.#lines.end();
    if (cut === undefined) return undefined;
    const { bytes, isRest } = cut;
    if (isRest || new RelayFrame('server', bytes).messages.length === 0)
      return new RelayFrame('server', bytes, { isPiece: true, isRest, origin: this });
    const text = 'The process ended before the newline of its last message: a newline was added';
    this.record({ kind: 'note', text, from: 'server', original: bytes });
    this.#options.onFrame(new RelayFrame('server', Buffer.concat([bytes, NEWLINE]), { by: 'mcp-dbg', origin: this }));
    return undefined;
  }

  /** Resolves when the process closed its output, or its input though we did not end it. */
  async #closedByServer(): Promise<true> {
    const { stdin, stdout } = this.#process;
    const input = stdin.closed.then(async () => {
      if (this.#isInputEnded) await stdout.ended;
    });
    await Promise.race([stdout.ended, input]);
    return true;
  }

  #finish(): Promise<unknown> {
    const { exited, stdout, stderr } = this.#process;
    this.#gone ??= Promise.race([this.#process.stop(), exited.then(async () => await after(MAX_DRAIN_MS))]).then(() => {
      if (this.#left > MAX_LEFT) this.record({ kind: 'note', text: LEFT_BEHIND });
      stdout.close();
      stderr.close();
    });
    return this.#gone;
  }
}
