import type { CaptureRecord, DataRecord, ExitRecord, OpenRecord, SpawnRecord, TornStretch } from '@mcp-dbg/capture';
import { FrameCounter, type Sender } from '@mcp-dbg/wire';

import { KeptTraffic } from './kept-traffic.ts';

/** Processes of which traffic is kept at a time; of those beyond, a crash goes untold. */
const MAX_WATCHED = 64;

/** Connections whose lines are counted; then the oldest are forgotten. */
const MAX_CONNECTIONS = 10_000;

const SENDERS: readonly Sender[] = ['client', 'server'];

const LF = 0x0a;

/** A process that ended although nobody asked it to. */
export interface Crash {
  /** What opened the capture; undefined where it was not seen. */
  readonly opened: OpenRecord | undefined;
  readonly spawn: SpawnRecord;
  readonly exit: ExitRecord;
  readonly traffic: KeptTraffic;
}

/** A process while it runs. */
interface Watched {
  readonly spawn: SpawnRecord;
  readonly traffic: KeptTraffic;
  /** The signals that we or the host sent it. */
  readonly signals: Set<string>;
  /** True when it was given the end of its input while it went on, or a fault ends it. */
  isAskedToEnd: boolean;
}

interface Connection {
  /** Undefined where no process is watched: behind a URL there is none, one that has ended is over. */
  process: Watched | undefined;
  /** True where each record, or run of such with `more`, is one message. */
  readonly ofMessages: boolean;
  /** Where no process is watched: whether a frame goes on in the next record. */
  readonly isOpen: { client: boolean; server: boolean };
}

/**
 * Follows the records of a capture, or what an observer made records of, and gives each crash: an exit of a process that
 * had not been told to end, by the end of its input, a signal or a fault. Frames get the numbers that `readCapture` gives them.
 * Holds a bounded part of the traffic.
 */
export class CrashScan {
  readonly #counter = new FrameCounter();
  readonly #connections = new Map<number, Connection>();
  #opened: OpenRecord | undefined;

  push(record: CaptureRecord | TornStretch): Crash | undefined {
    switch (record.t) {
      case 'open':
        this.#opened = record;
        this.#connections.clear();
        return undefined;
      case 'torn':
        this.#tear(0, SENDERS);
        return undefined;
      case 'gap':
        for (const { conn, from } of record.missed) if (from !== 'stderr') this.#tear(conn, [from]);
        return undefined;
      case 'spawn':
        this.#add(record.conn, {
          spawn: record,
          traffic: new KeptTraffic(this.#counter),
          signals: new Set(),
          isAskedToEnd: false,
        });
        return undefined;
      case 'connect':
        this.#add(record.conn, undefined, true);
        return undefined;
      case 'data':
        this.#read(record);
        return undefined;
      case 'eof':
        this.#end(record);
        return undefined;
      case 'signal':
        this.#signal(record);
        return undefined;
      case 'fault':
        this.#fault(record);
        return undefined;
      case 'exit':
        return this.#exit(record);
      case 'http':
      case 'disconnect':
      case 'note':
      case 'close':
      case 'other':
        return undefined;
    }
  }

  #add(conn: number, process: Watched | undefined, ofMessages: boolean = false): Connection {
    const connection: Connection = { process, ofMessages, isOpen: { client: false, server: false } };
    this.#connections.delete(conn);
    this.#connections.set(conn, connection);
    const [oldest] = this.#connections.size > MAX_CONNECTIONS ? this.#connections.keys() : [];
    if (oldest !== undefined) this.#connections.delete(oldest);
    if (process !== undefined) this.#limit();
    return connection;
  }

  /** What many that never end have said would be much together. */
  #limit(): void {
    const running = [...this.#connections.values()].filter(({ process }) => process !== undefined);
    const [oldest] = running.length > MAX_WATCHED ? running : [];
    if (oldest !== undefined) oldest.process = undefined;
  }

  #tear(conn: number, senders: readonly Sender[]): void {
    for (const [number, { process, isOpen }] of this.#connections) {
      if (conn !== 0 && conn !== number) continue;
      for (const from of senders) {
        isOpen[from] = false;
        process?.traffic.tear(from);
      }
    }
  }

  #read({ conn, from, bytes, us, by, more }: DataRecord): void {
    const { process, ofMessages, isOpen } = this.#connections.get(conn) ?? this.#add(conn, undefined);
    if (from === 'stderr') process?.traffic.readStderr(bytes);
    else if (process !== undefined) process.traffic.read(from, bytes, us, by);
    else if (!ofMessages) isOpen[from] = this.#countLines(bytes, isOpen[from]);
    else {
      if (!isOpen[from]) this.#counter.next();
      isOpen[from] = more === true;
    }
  }

  /** Numbers the lines that begin; true where the last of them goes on. */
  #countLines(bytes: Uint8Array, isOpen: boolean): boolean {
    let isMidLine = isOpen;
    for (let at = 0; at < bytes.length;) {
      if (!isMidLine) this.#counter.next();
      const end = bytes.indexOf(LF, at);
      if (end === -1) return true;
      isMidLine = false;
      at = end + 1;
    }
    return isMidLine;
  }

  #end({ conn, from, us }: Extract<CaptureRecord, { readonly t: 'eof' }>): void {
    const connection = this.#connections.get(conn);
    if (connection === undefined || from === 'stderr') return;
    connection.isOpen[from] = false;
    const { process } = connection;
    if (process === undefined) return;
    // What ends a server's input after it ended its output follows that, and asks for nothing.
    if (from === 'client' && !process.traffic.isServerDone) process.isAskedToEnd = true;
    process.traffic.end(from, us);
  }

  #signal({ conn, signal }: Extract<CaptureRecord, { readonly t: 'signal' }>): void {
    const process = this.#connections.get(conn)?.process;
    // What is done to a server that has ended its output follows that, as above.
    if (process?.traffic.isServerDone === false) process.signals.add(signal);
  }

  #fault({ conn, action }: Extract<CaptureRecord, { readonly t: 'fault' }>): void {
    const process = this.#connections.get(conn)?.process;
    if (process !== undefined && ENDING_FAULT.test(action)) process.isAskedToEnd = true;
  }

  #exit(exit: ExitRecord): Crash | undefined {
    const connection = this.#connections.get(exit.conn);
    if (connection?.process === undefined) return undefined;
    const { spawn, traffic, ...asked } = connection.process;
    connection.process = undefined;
    for (const from of SENDERS) traffic.end(from, exit.us);
    return isAsked(asked, exit) ? undefined : { opened: this.#opened, spawn, exit, traffic };
  }
}

/** The faults that end a process on purpose, as they are recorded: `kill=SIGTERM`, `exit=3`. */
const ENDING_FAULT = /^(?:kill|exit)(?:=|$)/;

/** Signals that ask for no end: a program does with them what it likes, and dies where it knows them not. */
const ASKING_NOTHING: ReadonlySet<string> = new Set(['SIGUSR1', 'SIGUSR2']);

/** Whether an end was asked for. SIGKILL, where it did not end the process, only swept up what a dead one left behind. */
function isAsked(
  { isAskedToEnd, signals }: Pick<Watched, 'isAskedToEnd' | 'signals'>,
  { signal }: Pick<ExitRecord, 'signal'>,
): boolean {
  if (isAskedToEnd) return true;
  return [...signals].some((sent) => sent === signal || (sent !== 'SIGKILL' && !ASKING_NOTHING.has(sent)));
}

/** Every crash of a capture, in order. */
export async function* crashesIn(
  records: AsyncIterable<CaptureRecord | TornStretch>,
): AsyncGenerator<Crash, void, undefined> {
  const scan = new CrashScan();
  for await (const record of records) {
    const crash = scan.push(record);
    if (crash !== undefined) yield crash;
  }
}
