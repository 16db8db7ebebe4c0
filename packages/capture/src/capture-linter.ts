import { type Finding, Linter, type LinterOptions } from '@mcp-dbg/protocol';
import { type Frame, FrameCounter, FrameStream, StderrTail } from '@mcp-dbg/wire';

import type { CaptureRecord, DataRecord, Source, TornStretch } from './record.ts';

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
  readonly stderr: StderrTail;
  /** True when the server has ended its output. */
  isOver: boolean;
  /** Undefined where bytes are missing: what was said there is not known. */
  linter: Linter | undefined;
}

const SENDERS = ['client', 'server'] as const;

/**
 * Checks every connection of a capture, record by record. Frames have the numbers that `readCapture` gives them. Where
 * bytes are missing, by a gap or a tear, a connection is not checked any further, since what was said then is not known.
 */
export class CaptureLinter {
  readonly #options: LinterOptions;
  readonly #counter = new FrameCounter();
  readonly #connections = new Map<number, Checked>();
  #us = 0;

  constructor(options: LinterOptions = {}) {
    this.#options = options;
  }

  /** How many frames there were so far. */
  get frames(): number {
    return this.#counter.last;
  }

  /** Takes the next record and gives what it made certain. */
  push(record: CaptureRecord | TornStretch): readonly CaptureFinding[] {
    if (record.t === 'torn') return this.#giveUp(0);
    if (record.t === 'open') {
      const before = this.end();
      this.#us = record.us;
      return before;
    }
    this.#us = record.us;
    if (record.t === 'gap') return record.missed.flatMap(({ conn }) => this.#giveUp(conn));
    if (record.t === 'close') return [];
    const checked = this.#connection(record.conn);
    switch (record.t) {
      case 'data':
        return this.#read(checked, record);
      case 'spawn':
        checked.server = record.server;
        return [];
      case 'eof':
        if (record.from === 'server') checked.isOver = true;
        // What ends a server's input after it ended its output follows that, and asks for nothing.
        if (record.from === 'client' && !checked.isOver) checked.linter?.asksToEnd('eof', record.us);
        return this.#endOf(checked, record.from);
      case 'signal':
        if (!checked.isOver) checked.linter?.asksToEnd('signal', record.us);
        return [];
      case 'exit': {
        const last = SENDERS.flatMap((from) => this.#endOf(checked, from));
        const { us, code, signal } = record;
        return [...last, ...located(checked, checked.linter?.exit({ us, code, signal, stderr: checked.stderr.last }))];
      }
      case 'note':
      case 'other':
        return [];
    }
  }

  /** Nothing follows. */
  end(): readonly CaptureFinding[] {
    const found = [...this.#connections.values()].flatMap((checked) => [
      ...SENDERS.flatMap((from) => this.#endOf(checked, from)),
      ...located(checked, checked.linter?.end(this.#us)),
    ]);
    this.#connections.clear();
    return found;
  }

  #read(checked: Checked, { from, bytes, us }: DataRecord): readonly CaptureFinding[] {
    if (from !== 'stderr') return this.#see(checked, checked.frames.read(from, bytes, us));
    checked.stderr.push(bytes);
    return [];
  }

  #see(checked: Checked, frames: readonly Frame[]): readonly CaptureFinding[] {
    return frames.flatMap((frame) => located(checked, checked.linter?.see(frame)));
  }

  #endOf(checked: Checked, from: Source): readonly CaptureFinding[] {
    const frame = from === 'stderr' ? undefined : checked.frames.end(from, this.#us);
    return frame === undefined ? [] : this.#see(checked, [frame]);
  }

  /** Bytes are missing of a connection, or of any if it is 0. What a line broke off in is no fault of its writer. */
  #giveUp(conn: number): readonly CaptureFinding[] {
    for (const checked of this.#connections.values()) {
      if (conn !== 0 && conn !== checked.conn) continue;
      checked.linter = undefined;
      for (const from of SENDERS) this.#endOf(checked, from);
    }
    return [];
  }

  #connection(conn: number): Checked {
    const known = this.#connections.get(conn);
    if (known !== undefined) return known;
    const checked: Checked = {
      conn,
      server: undefined,
      frames: new FrameStream(this.#counter),
      stderr: new StderrTail(),
      isOver: false,
      linter: new Linter(this.#options),
    };
    this.#connections.set(conn, checked);
    return checked;
  }
}

function located({ conn, server }: Checked, found: readonly Finding[] = []): readonly CaptureFinding[] {
  return found.map((finding) => ({ ...finding, conn, server }));
}
