import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import {
  type Deadline,
  type Exit,
  type ForwardedSignal,
  type Observer,
  type Say,
  type ServerCommand,
  isEnding,
  isForProcess,
  killDeadline,
  openInput,
  openOutput,
} from '@mcp-dbg/proxy';
import type { Sender } from '@mcp-dbg/wire';

import { SYSTEM_CLOCK } from './clock.ts';
import { StderrFlood, floodPieces } from './faults/stderr-flood.ts';
import { Gate } from './gate.ts';
import { type Cut, LineCutter } from './line-cutter.ts';
import { PacedWriter } from './paced-writer.ts';
import type { RelayEvent } from './relay-event.ts';
import { RelayFrame } from './relay-frame.ts';
import type { ServerLife } from './server-life.ts';
import { ServerSide } from './server-side.ts';
import type { MakeStage, RunningServer } from './stage.ts';
import { StageRow } from './stage-row.ts';

export interface RelayOptions {
  readonly command: ServerCommand;
  /** Makes the observers of one process of the server; called once for each. */
  readonly observe: () => readonly Observer<RelayEvent>[];
  /** Whether the client's connection outlives the server's process. */
  readonly restarts: boolean;
  /** The stations between the client and the server, from the client's side on. */
  readonly stages: readonly MakeStage[];
  /** Calls back for each signal we get, the ones that came before the server was there included. */
  readonly onSignal: (listener: (signal: ForwardedSignal) => void) => void;
  /** Milliseconds from SIGTERM, SIGINT or SIGHUP to SIGKILL of the server's group; at most 2147483647. */
  readonly killAfterMs?: number;
  /** Is given the way to say something on the client's stderr, which then stays open until this process ends. */
  readonly onStderr?: (say: Say) => void;
  /** Told what happens, sentence by sentence. */
  readonly onNews?: (sentence: string) => void;
  /** Is given what can be done to the server, once its first process was started. */
  readonly onStarted?: (server: RunningServer) => void;
}

/**
 * Stands between the client at our standard descriptors and a server, frame by frame, with stages that may do more than
 * watch. Resolves with the exit of the server's last process when all was delivered. Throws ProxyError when the first one
 * cannot be started.
 */
export async function runRelay(options: RelayOptions): Promise<Exit> {
  // A client that is not read for the moment, and no server: nothing else may keep this process alive.
  const staying = setInterval(() => {}, 2 ** 30);
  try {
    return await new Relay(options).run();
  } finally {
    clearInterval(staying);
  }
}

class Relay implements RunningServer {
  readonly #options: RelayOptions;
  readonly #gates: Readonly<Record<Sender, Gate>> = {
    client: new Gate(
      () => this.#client?.resume(),
      () => this.#client?.pause(),
    ),
    server: new Gate(() => this.#server?.life?.resume()),
  };
  readonly #row: StageRow;
  #server: ServerSide | undefined;
  readonly #toClient = new PacedWriter({
    write: (frame) => this.#deliver(frame),
    holds: (bytes) => this.#row.holds('server', bytes),
    clock: SYSTEM_CLOCK,
  });
  #client: Readable | undefined;
  #output: Writable | undefined;
  #stderr: Writable | undefined;
  readonly #flood = new StderrFlood((piece) => this.#toStderr(piece));
  #inputEndedAt = Number.NEGATIVE_INFINITY;
  /** The process that is not told to end. */
  #ignoring: ServerLife | undefined;
  #isServerEnded = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#row = new StageRow(options.stages, {
      toClient: (frame) => this.#toClient.write(frame),
      toServer: (frame) => this.#server?.fromClient(frame),
      record: (event) => this.#server?.records.record(event),
      show: (frame) => this.#server?.records.shown(frame),
      onHeld: (from, isFull) => (isFull ? this.#gates[from].close('held') : this.#gates[from].open('held')),
      server: this,
    });
  }

  async run(): Promise<Exit> {
    const { command, observe, restarts, onSignal, killAfterMs, onStderr, onStarted } = this.#options;
    const server = await ServerSide.start({
      command,
      observe,
      restarts,
      toClient: (frame) => this.#row.fromServer(frame),
      onStderr: (bytes) => this.#toStderr(bytes),
      wants: () => this.#gates.server.isOpen,
      onDrain: () => this.#gates.client.open('drain'),
      onFull: () => this.#gates.client.close('drain'),
      holds: (bytes) => this.#row.holds('client', bytes),
      tell: this.#options.onNews ?? (() => {}),
      onOutputEnd: () => {
        this.#row.flush();
        this.#toClient.finish();
      },
      onLast: () => this.#serverEnded(),
      onDied: (answer) => {
        this.#row.died(answer);
        this.#toClient.finish();
        // The next process begins with a line of its own.
        this.#toClient.endLine();
      },
    });
    this.#server = server;
    const client = openInput(0);
    this.#client = client;
    const output = openOutput(1);
    this.#output = output;
    const stderr = openOutput(2);
    this.#stderr = stderr;
    const outputClosed = passedOn(
      output,
      () => {
        this.#toClient.drained();
        this.#gates.server.open('drain');
      },
      () => {
        this.#toClient.finish();
        server.clientGone();
      },
    );
    const stderrClosed = passedOn(
      stderr,
      () => {
        this.#flood.drained();
        server.life?.resumeStderr();
      },
      () => this.#flood.giveUp(),
    );
    this.#passInput(client, server);
    onStderr?.((text) => written(stderr, text));
    onStarted?.(this);

    let deadline: Deadline | undefined;
    const givenUp = new Promise<void>((giveUp) => {
      onSignal((signal) => {
        const isEnd = isEnding(signal);
        const { life } = server;
        if (isEnd && life !== undefined)
          deadline ??= killDeadline(life.deadlineEnd, { endedAt: () => this.#inputEndedAt }, killAfterMs, giveUp);
        const whom = isForProcess(signal) ? 'process' : 'group';
        server.signal(signal, isEnd && life !== undefined && life === this.#ignoring ? 'nobody' : whom, isEnd);
      });
    });

    const exit = await server.over;
    // Who waited for the next process hears first that there is none.
    await nextTurn();
    this.#serverEnded();
    this.#row.close();
    output.end(() => output.destroy());
    const said = this.#flood.over().then(async () => {
      // Whoever has something to say there says it last.
      if (onStderr === undefined) stderr.end(() => stderr.destroy());
      await (onStderr === undefined ? stderrClosed : written(stderr, ''));
    });
    await Promise.race([Promise.all([outputClosed, said]), givenUp]);
    if (deadline !== undefined) {
      deadline.callOff();
      server.killRest();
    }
    client.destroy();
    return exit;
  }

  get pid(): number | undefined {
    return this.#server?.life?.pid;
  }

  kill(signal: NodeJS.Signals, as?: { readonly code: number }): void {
    this.#server?.life?.kill(signal, as);
  }

  endOf(sender: Sender): void {
    if (sender === 'client') this.#server?.life?.endInput();
    else if (this.#options.restarts) this.#server?.life?.endOutput();
    else this.#output?.end(() => this.#output?.destroy());
  }

  floodStderr(bytes: number): void {
    for (const piece of floodPieces(bytes)) this.#server?.records.said(piece);
    this.#flood.add(bytes);
  }

  ignoreShutdown(): void {
    this.#ignoring = this.#server?.life;
  }

  note(text: string): void {
    this.#server?.records.record({ kind: 'note', text });
  }

  async restart(reason: string): Promise<void> {
    await this.#server?.restart(reason);
  }

  #toStderr(bytes: Uint8Array): boolean {
    return this.#stderr === undefined || this.#stderr.destroyed || this.#stderr.write(bytes);
  }

  #passInput(client: Readable, server: ServerSide): void {
    const lines = new LineCutter();
    const take = ({ bytes, ...cut }: Cut): void => this.#row.fromClient(new RelayFrame('client', bytes, cut));
    const end = (): void => {
      if (this.#inputEndedAt > 0) return;
      this.#inputEndedAt = performance.now();
      const torn = lines.end();
      if (torn !== undefined) take(torn);
      this.#row.ended('client');
      server.clientEnded(server.life === undefined || server.life !== this.#ignoring);
    };
    client.on('data', (bytes: Buffer) => {
      for (const line of lines.push(bytes)) take(line);
    });
    client.once('end', end);
    client.once('error', end);
  }

  #serverEnded(): void {
    if (this.#isServerEnded) return;
    this.#isServerEnded = true;
    this.#row.ended('server');
    this.#toClient.finish();
  }

  /** Gives the client a frame, on record before it has it; false where it takes no more for now. */
  #deliver(frame: RelayFrame): boolean {
    const output = this.#output;
    if (output === undefined || output.destroyed || output.writableEnded) {
      const { from, bytes: original } = frame;
      this.#server?.records.record({
        kind: 'note',
        text: 'The client does not read any more: not passed on',
        from,
        original,
      });
      return true;
    }
    this.#server?.records.shown(frame);
    if (output.write(frame.bytes)) return true;
    this.#gates.server.close('drain');
    return false;
  }
}

/** Resolves when everything was delivered and the descriptor is closed, or its reader went away. */
function passedOn(stream: Writable, onDrain: () => void, onGone: () => void): Promise<void> {
  stream.on('drain', onDrain);
  stream.on('error', () => {
    stream.destroy();
    onDrain();
    onGone();
  });
  return new Promise((resolve) => stream.once('close', resolve));
}

function written(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write(text, () => resolve());
  });
}
