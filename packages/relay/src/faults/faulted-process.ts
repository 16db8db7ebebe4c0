import {
  type Exit,
  type Observer,
  type ProcessEvent,
  type RunningServer,
  STOP_GRACE_MS,
  type ServerCommand,
  ServerProcess,
  fanOut,
} from '@mcp-dbg/proxy';
import type { Sender } from '@mcp-dbg/wire';

import { SYSTEM_CLOCK } from '../clock.ts';
import { type Cut, LineCutter } from '../line-cutter.ts';
import { PacedWriter } from '../paced-writer.ts';
import type { RelayEvent } from '../relay-event.ts';
import { RelayFrame } from '../relay-frame.ts';
import { StageRow } from '../stage-row.ts';
import type { MakeStage, ServerControl } from '../stage.ts';
import { floodPieces } from './stderr-flood.ts';

/** A server's process behind a stage. Its observers are shown what either side gets, not what the other sent. */
export class FaultedProcess implements RunningServer {
  readonly stdin: RunningServer['stdin'];
  readonly stdout: RunningServer['stdout'];
  readonly stderr: RunningServer['stderr'];
  readonly exited: Promise<Exit>;
  readonly #process: ServerProcess;
  readonly #tap: Required<Observer<RelayEvent>>;
  readonly #row: StageRow;
  /** The ends of the ways of both senders: to the process, and to whoever reads it. */
  readonly #writers: Readonly<Record<Sender, PacedWriter>>;
  readonly #lines: Readonly<Record<Sender, LineCutter>> = { client: new LineCutter(), server: new LineCutter() };
  #takeOutput: (bytes: Uint8Array, by?: 'mcp-dbg') => unknown = () => {};
  #takeStderr: (bytes: Uint8Array) => unknown = () => {};
  #isOutputEnded = false;
  #hasExited = false;
  #isFull = false;
  #seemsToExit: Exit | undefined;
  #ignoresShutdown = false;

  /** Throws ProxyError when the process cannot be started. */
  static async start(command: ServerCommand, observers: readonly Observer[], make: MakeStage): Promise<FaultedProcess> {
    const tap = fanOut<RelayEvent>(observers);
    let happened = (event: ProcessEvent): void => tap.event(event);
    const process = await ServerProcess.start(command, [
      {
        read: (from, bytes) => {
          if (from === 'stderr') tap.read(from, bytes);
        },
        event: (event) => happened(event),
      },
    ]);
    const faulted = new FaultedProcess(process, tap, make);
    happened = (event) => faulted.#happened(event);
    return faulted;
  }

  private constructor(process: ServerProcess, tap: Required<Observer<RelayEvent>>, make: MakeStage) {
    this.#process = process;
    this.#tap = tap;
    const writer = (from: Sender, write: (frame: RelayFrame) => boolean): PacedWriter =>
      new PacedWriter({ write, holds: (bytes) => this.#row.holds(from, bytes), clock: SYSTEM_CLOCK });
    this.#writers = {
      client: writer('client', (frame) => this.#toServer(frame)),
      server: writer('server', (frame) => this.#toClient(frame)),
    };
    this.#row = new StageRow([make], {
      toServer: (frame) => this.#writers.client.write(frame),
      toClient: (frame) => this.#writers.server.write(frame),
      record: (event) => tap.event(event),
      show: ({ from, bytes, by }) => tap.read(from, bytes, by),
      onHeld: (from, isFull) => this.#onHeld(from, isFull),
      server: this.#control(),
    });
    const drained = (): void => this.#writers.client.drained();
    process.stdin.onDrain(drained);
    void process.stdin.closed.then(drained);
    this.stdin = {
      get writable() {
        return process.stdin.writable;
      },
      closed: process.stdin.closed,
      write: (bytes) => {
        this.#pass('client', bytes);
        return true;
      },
    };
    this.stdout = {
      ended: process.stdout.ended,
      start: (take) => {
        this.#takeOutput = take;
        process.stdout.start((bytes) => {
          this.#pass('server', bytes);
          return this.#hasExited || !this.#isFull;
        });
      },
      close: () => process.stdout.close(),
    };
    this.stderr = {
      start: (take) => {
        this.#takeStderr = take;
        process.stderr.start(take);
      },
      close: () => process.stderr.close(),
    };
    this.exited = process.exited.then((exit) => this.#seemsToExit ?? exit);
    // What a dead process left is read whatever is held: a stall for ever would keep the end of it from being seen.
    void process.exited.then(() => {
      this.#hasExited = true;
      process.stdout.resume();
    });
    void process.ended.then(() => {
      this.#row.close();
      this.#writers.client.close();
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  async stop(): Promise<Exit> {
    if (this.#ignoresShutdown) await this.#kill();
    else {
      this.#row.ended('client');
      this.#writers.client.finish();
      await this.#process.stop();
    }
    return await this.exited;
  }

  /** Ends what ignores everything else when its time is over. */
  async #kill(): Promise<void> {
    const kill = setTimeout(() => this.#process.signal('SIGKILL'), STOP_GRACE_MS * 2);
    try {
      await this.#process.exited;
    } finally {
      clearTimeout(kill);
    }
    this.#process.signal('SIGKILL');
    await this.#process.ended;
  }

  #control(): ServerControl {
    const process = this.#process;
    return {
      pid: process.pid,
      kill: (signal, as) => {
        if (as !== undefined) this.#seemsToExit = { code: as.code, signal: null };
        process.signal(signal);
      },
      endOf: (sender) => {
        if (sender === 'client') {
          this.#writers.client.finish();
          process.stdin.end();
        } else process.stdout.close();
      },
      floodStderr: (bytes) => {
        for (const piece of floodPieces(bytes)) {
          this.#tap.read('stderr', piece, 'mcp-dbg');
          this.#takeStderr(piece);
        }
      },
      ignoreShutdown: () => (this.#ignoresShutdown = true),
      restart: async () => {
        throw new Error('whoever started this process restarts it');
      },
    };
  }

  #pass(from: Sender, bytes: Uint8Array): void {
    for (const cut of this.#lines[from].push(bytes)) this.#give(from, cut);
  }

  #give(from: Sender, { bytes, ...cut }: Cut): void {
    const frame = new RelayFrame(from, bytes, cut);
    if (from === 'client') this.#row.fromClient(frame);
    else this.#row.fromServer(frame);
  }

  #toServer({ bytes, by }: RelayFrame): boolean {
    if (!this.#process.stdin.writable) return true;
    this.#tap.read('client', bytes, by);
    return this.#process.stdin.write(bytes);
  }

  #toClient({ bytes, by }: RelayFrame): boolean {
    if (this.#isOutputEnded) return true;
    this.#tap.read('server', bytes, by);
    this.#takeOutput(bytes, by);
    return true;
  }

  #onHeld(from: Sender, isFull: boolean): void {
    // Whoever started this process is not held up: what it writes is little.
    if (from === 'client') return;
    this.#isFull = isFull;
    if (!isFull) this.#process.stdout.resume();
  }

  #happened(event: ProcessEvent): void {
    if (event.kind === 'eof' && event.from === 'server') {
      // What is still on its way was written before the end.
      const torn = this.#lines.server.end();
      if (torn !== undefined) this.#give('server', { ...torn, isPiece: torn.isRest });
      this.#row.ended('server');
      this.#writers.server.finish();
      this.#isOutputEnded = true;
    }
    const as = event.kind === 'exit' ? this.#seemsToExit : undefined;
    this.#tap.event(as === undefined ? event : { kind: 'exit', ...as });
  }
}
