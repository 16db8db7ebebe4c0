import { type Finding, Linter, type LinterOptions, PROCESS_RULES } from '@mcp-dbg/protocol/lint';
import { type Frame, FrameCounter, FrameStream, StderrTail, readFrame } from '@mcp-dbg/wire';

import { Excuses } from './excuses.ts';
import { WholeOriginals } from './original/whole-originals.ts';
import type { CaptureRecord, DataRecord, FaultRecord, NoteRecord, Source, TornStretch } from './record.ts';

/** A finding with the connection of the capture that it is about. */
export interface CaptureFinding extends Finding {
  readonly conn: number;
  /** The name that the session has for the connection's server, where it has one. */
  readonly server: string | undefined;
}

interface Checked {
  readonly conn: number;
  server: string | undefined;
  readonly frames: FrameStream;
  /** True where it is to a server behind a URL: each record, or run of such with `more`, is one message. */
  ofMessages: boolean;
  readonly stderr: StderrTail;
  /** True when the server has ended its output. */
  isOver: boolean;
  /** True when the server's process has ended. */
  hasExited: boolean;
  /** False where bytes are missing, so that it is not known what was said, and once nothing is left to be checked. */
  isChecked: boolean;
  /** Made with the first that there is to be checked: it is large. */
  linter: Linter | undefined;
  /** Made with the first frame that was not passed on as it came, or is not its sender's own. */
  excuses: Excuses | undefined;
}

const SENDERS = ['client', 'server'] as const;

/** Connections that are checked at the same time, of about 70 kB each; what is opened beyond them is not checked. */
const MAX_CHECKED = 256;

/** Connections whose lines are cut and counted; then the oldest are forgotten. */
const MAX_CONNECTIONS = 10_000;

/**
 * Checks every connection of a capture, record by record. Frames have the numbers that `readCapture` gives them. Where
 * bytes are missing, by a gap or a tear, a connection is not checked any further, since what was said then is not known,
 * nor is one that was not known before. What was done to the traffic on purpose is no peer's fault, and frames that were not
 * passed on are not judged.
 */
export class CaptureLinter {
  readonly #options: LinterOptions;
  readonly #counter = new FrameCounter();
  readonly #connections = new Map<number, Checked>();
  readonly #more = new Map<string, number>();
  readonly #originals = new WholeOriginals();
  #checked = 0;
  /** True where a connection may have begun unseen. */
  #isTorn = false;
  #us = 0;

  constructor(options: LinterOptions = {}) {
    this.#options = options;
  }

  /** How many frames there were so far. */
  get frames(): number {
    return this.#counter.last;
  }

  /** By rule, how many findings the connections that have ended had beyond those that were given. */
  get more(): ReadonlyMap<string, number> {
    return this.#more;
  }

  /** Takes the next record and gives what it made certain. */
  push(record: CaptureRecord | TornStretch): readonly CaptureFinding[] {
    if (record.t === 'torn') return this.#giveUp();
    if (record.t === 'open') {
      const before = this.end();
      this.#us = record.us;
      return before;
    }
    this.#us = record.us;
    switch (record.t) {
      case 'gap':
        return record.missed.flatMap(({ conn }) => this.#giveUp(conn === 0 ? undefined : conn));
      case 'data':
        return this.#read(this.#connections.get(record.conn) ?? this.#open(record.conn, !this.#isTorn), record);
      case 'spawn':
      case 'connect':
        return this.#start(record.conn, record.server, record.t === 'connect');
      case 'disconnect': {
        const checked = this.#connections.get(record.conn);
        return checked === undefined ? [] : this.#close(checked);
      }
      case 'eof':
      case 'signal':
      case 'exit': {
        const checked = this.#connections.get(record.conn);
        return checked === undefined ? [] : this.#happen(checked, record);
      }
      case 'fault':
      case 'note':
        for (const whole of this.#originals.push(record)) this.#withhold(whole);
        return [];
      case 'http':
      case 'close':
      case 'other':
        return [];
    }
  }

  /** Nothing follows. What a line breaks off in there is no fault: its writer may have gone on. */
  end(): readonly CaptureFinding[] {
    const found = [...this.#connections.values()].flatMap((checked) => this.#close(checked));
    this.#connections.clear();
    this.#isTorn = false;
    return found;
  }

  #start(conn: number, server: string | undefined, ofMessages: boolean): readonly CaptureFinding[] {
    const known = this.#connections.get(conn);
    const found = known === undefined ? [] : this.#close(known);
    Object.assign(this.#open(conn, true), { server, ofMessages });
    return found;
  }

  #happen(
    checked: Checked,
    record: Extract<CaptureRecord, { t: 'eof' | 'signal' | 'exit' }>,
  ): readonly CaptureFinding[] {
    const { us } = record;
    switch (record.t) {
      case 'eof': {
        if (record.from === 'server') checked.isOver = true;
        // What ends a server's input after it ended its output follows that, and asks for nothing.
        if (record.from === 'client' && !checked.isOver) this.#linterOf(checked)?.asksToEnd('eof', us);
        const last = this.#endOf(checked, record.from);
        return [...last, ...this.#closeEnded(checked)];
      }
      case 'signal':
        if (!checked.isOver) this.#linterOf(checked)?.asksToEnd('signal', us);
        return [];
      case 'exit': {
        checked.hasExited = true;
        const last = SENDERS.flatMap((from) => this.#endOf(checked, from));
        const { code, signal } = record;
        const found = this.#linterOf(checked)?.exit({ us, code, signal, stderr: checked.stderr.last });
        return [...last, ...located(checked, found), ...this.#closeEnded(checked)];
      }
    }
  }

  /** A frame was not passed on as it came. */
  #withhold({ conn, from, original, us }: FaultRecord | NoteRecord): void {
    if (from === undefined || original === undefined) return;
    const checked = this.#connections.get(conn) ?? this.#open(conn, !this.#isTorn);
    const reading = readFrame(original);
    checked.excuses ??= new Excuses();
    checked.excuses.withhold(from, original, reading, us);
    const frame = { n: this.#counter.last, from, us, endUs: us, bytes: original, terminated: true };
    this.#linterOf(checked)?.withheld(frame, reading);
  }

  #read(checked: Checked, { from, bytes, us, more, by }: DataRecord): readonly CaptureFinding[] {
    if (checked.ofMessages && from !== 'stderr') {
      return this.#see(checked, checked.frames.readMessage(from, bytes, us, more === true, by));
    }
    if (from !== 'stderr') return this.#see(checked, checked.frames.read(from, bytes, us, by));
    checked.stderr.push(bytes);
    return [];
  }

  #see(checked: Checked, frames: readonly Frame[]): readonly CaptureFinding[] {
    return frames.flatMap((frame) => {
      if (frame.by !== undefined) checked.excuses ??= new Excuses();
      const { excuses } = checked;
      const linter = this.#linterOf(checked);
      if (excuses === undefined) return located(checked, linter?.see(frame));
      const reading = readFrame(frame.bytes);
      return located(checked, linter?.see(frame, reading, excuses.covers(frame, reading)));
    });
  }

  #endOf(checked: Checked, from: Source): readonly CaptureFinding[] {
    const frame = from === 'stderr' ? undefined : checked.frames.end(from, this.#us);
    return frame === undefined ? [] : this.#see(checked, [frame]);
  }

  /** What comes after the process ended, and its output too, is said to nobody. */
  #closeEnded(checked: Checked): readonly CaptureFinding[] {
    return checked.hasExited && checked.isOver ? this.#close(checked) : [];
  }

  #close(checked: Checked): readonly CaptureFinding[] {
    const found = located(checked, checked.linter?.end(this.#us));
    this.#release(checked);
    return found;
  }

  /** Bytes are missing of a connection, or of any. What a line broke off in is no fault of its writer. */
  #giveUp(conn?: number): readonly CaptureFinding[] {
    const known = conn === undefined ? undefined : this.#connections.get(conn);
    if (known === undefined) this.#isTorn = true;
    const lost = conn === undefined ? this.#connections.values() : known === undefined ? [] : [known];
    for (const checked of lost) {
      this.#release(checked);
      for (const from of SENDERS) checked.frames.end(from, this.#us);
    }
    return [];
  }

  #release(checked: Checked): void {
    checked.isChecked = false;
    if (checked.linter === undefined) return;
    for (const [rule, count] of checked.linter.more) this.#more.set(rule, (this.#more.get(rule) ?? 0) + count);
    checked.linter = undefined;
    this.#checked--;
  }

  #linterOf(checked: Checked): Linter | undefined {
    if (checked.linter !== undefined || !checked.isChecked) return checked.linter;
    if (this.#checked === MAX_CHECKED) {
      checked.isChecked = false;
      return undefined;
    }
    this.#checked++;
    checked.linter = new Linter(checked.ofMessages ? withoutProcess(this.#options) : this.#options);
    return checked.linter;
  }

  #open(conn: number, isChecked: boolean): Checked {
    const checked: Checked = {
      conn,
      server: undefined,
      frames: new FrameStream(this.#counter),
      ofMessages: false,
      stderr: new StderrTail(),
      isOver: false,
      hasExited: false,
      isChecked,
      linter: undefined,
      excuses: undefined,
    };
    this.#connections.delete(conn);
    this.#connections.set(conn, checked);
    const [oldest] = this.#connections.size > MAX_CONNECTIONS ? this.#connections.values() : [];
    if (oldest !== undefined) this.#forget(oldest);
    return checked;
  }

  #forget(checked: Checked): void {
    this.#release(checked);
    this.#connections.delete(checked.conn);
    this.#isTorn = true;
  }
}

/** What holds for pipes and processes does not for servers behind a URL. */
function withoutProcess(options: LinterOptions): LinterOptions {
  return { ...options, off: [...(options.off ?? []), ...PROCESS_RULES] };
}

function located({ conn, server }: Checked, found: readonly Finding[] = []): readonly CaptureFinding[] {
  return found.map((finding) => ({ ...finding, conn, server }));
}
