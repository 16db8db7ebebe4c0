import { Worker } from 'node:worker_threads';

import { dataStartOf } from '../data-place.ts';
import { PLACES } from '../skim/line-scan.ts';
import { WasmLineScan } from './wasm-line-scan.ts';

/** Parts of the file that are held at most, read and not asked for. */
const PARTS = 3;

/** What is told of each part: numbers of 32 bits. */
const FIELDS = 8;
const STATE = 0;
const END = 1;
const ROWS = 2;
const UTF8 = 3;
const EMPTY = 0;
const READY = 1;
const STOPPED = 2;

/** How long a part is waited for, in milliseconds; longer than any disk takes. */
const PATIENCE_MS = 10_000;

/** A stretch of the file that starts with a record, with the rows of its first records. */
export interface Part {
  readonly offset: number;
  readonly scan: WasmLineScan;
  /** The memory up to the part's end. */
  readonly window: Buffer;
  readonly isUtf8: boolean;
}

/**
 * Reads a capture file ahead of who asks for its parts, in a thread, and makes the rows of each part there. It guesses
 * where records begin; whoever asks must be at that place, and go on alone where the guess was wrong.
 */
export class ReadAhead {
  readonly #scans: readonly AheadScan[];
  readonly #control: Int32Array;
  readonly #offsets: Float64Array;
  readonly #worker: Worker;
  readonly #startAt: number;
  #turn = 0;
  /** True as soon as who asks has come to what is read ahead. */
  #isMet = false;
  /** True while a part is looked at. */
  #isHeld = false;

  /** Starts to read an open file of the capture with this mark, from the first record behind `startAt` on. */
  constructor(
    fd: number,
    c: string,
    { chunkBytes, startAt }: { readonly chunkBytes: number; readonly startAt: number },
  ) {
    this.#startAt = startAt;
    this.#scans = Array.from({ length: PARTS }, () => new AheadScan(4 * chunkBytes));
    this.#control = new Int32Array(new SharedArrayBuffer(PARTS * FIELDS * 4));
    this.#offsets = new Float64Array(new SharedArrayBuffer(PARTS * 8));
    const start = dataStartOf(c);
    for (const { memory, numbers } of this.#scans) {
      numbers[PLACES.startLength / 4] = start.length;
      memory.set(start, PLACES.start);
    }
    const [{ shared }] = this.#scans as readonly [AheadScan];
    this.#worker = new Worker(CODE, {
      eval: true,
      execArgv: [],
      workerData: {
        fd,
        start,
        chunkBytes,
        room: 4 * chunkBytes,
        first: PLACES.first,
        startAt,
        memories: this.#scans.map((scan) => scan.shared.memory),
        module: shared.module,
        control: this.#control,
        offsets: this.#offsets,
      },
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 },
    });
    // Without it we go on alone.
    this.#worker.on('error', () => this.stop());
    this.#worker.unref();
  }

  /**
   * The part in which this place of the file lies, for who is there. `wait` where it lies before all that is read ahead;
   * undefined where there is no such part, and will not be.
   */
  next(offset: number): Part | 'wait' | undefined {
    if (this.#isHeld) this.#release();
    if (!this.#isMet && offset < this.#startAt) return 'wait';
    for (;;) {
      const at = this.#turn * FIELDS;
      if (Atomics.wait(this.#control, at + STATE, EMPTY, PATIENCE_MS) === 'timed-out') return undefined;
      if (Atomics.load(this.#control, at + STATE) === STOPPED) return undefined;
      const base = this.#offsets[this.#turn] ?? 0;
      const end = this.#control[at + END] ?? 0;
      if (offset < base) return this.#isMet ? undefined : 'wait';
      if (offset < base + end - PLACES.first) return this.#part(base, end);
      this.#release();
    }
  }

  stop(): void {
    for (let part = 0; part < PARTS; part++) {
      Atomics.store(this.#control, part * FIELDS + STATE, STOPPED);
      Atomics.notify(this.#control, part * FIELDS + STATE);
    }
    void this.#worker.terminate();
  }

  #part(offset: number, end: number): Part | undefined {
    const at = this.#turn * FIELDS;
    const scan = this.#scans[this.#turn];
    if (scan === undefined) return undefined;
    this.#isMet = true;
    this.#isHeld = true;
    scan.isMade(PLACES.first, end, this.#control[at + ROWS] ?? 0);
    return { offset, scan, window: scan.memory.subarray(0, end), isUtf8: this.#control[at + UTF8] === 1 };
  }

  /** The part whose turn it is can be filled anew. */
  #release(): void {
    const state = this.#turn * FIELDS + STATE;
    this.#isHeld = false;
    Atomics.compareExchange(this.#control, state, READY, EMPTY);
    Atomics.notify(this.#control, state);
    this.#turn = (this.#turn + 1) % PARTS;
  }
}

/** A scan whose first rows were made already. */
class AheadScan extends WasmLineScan {
  #from = 0;
  #to = 0;
  #rows = 0;

  constructor(bytes: number) {
    super(bytes);
    const make = this.records;
    this.records = (from, to) => {
      const isMade = from === this.#from && to === this.#to;
      this.#from = 0;
      return isMade ? this.#rows : make(from, to);
    };
  }

  isMade(from: number, to: number, rows: number): void {
    this.#from = from;
    this.#to = to;
    this.#rows = rows;
  }
}

/** The thread's program: a text, so that it needs no file of its own wherever this is bundled. */
const CODE = `
const { readSync } = require('node:fs');
const { isUtf8 } = require('node:buffer');
const { workerData } = require('node:worker_threads');
const { fd, start, chunkBytes, room, first, startAt, memories, module, control, offsets } = workerData;
const needle = Buffer.from(start);
const parts = memories.map((memory) => ({
  bytes: Buffer.from(memory.buffer),
  records: new WebAssembly.Instance(module, { env: { memory } }).exports.records,
}));
let offset = startAt;
let carry = Buffer.alloc(0);
let isAligned = false;
for (let turn = 0; ; turn = (turn + 1) % parts.length) {
  const at = turn * ${FIELDS};
  Atomics.wait(control, at + ${STATE}, ${READY});
  if (Atomics.load(control, at + ${STATE}) !== ${EMPTY}) break;
  const { bytes, records } = parts[turn];
  carry.copy(bytes, first);
  let end = first + carry.length;
  let tail = 0;
  while (tail === 0) {
    let read = 0;
    try {
      if (end + chunkBytes <= first + room) read = readSync(fd, bytes, end, chunkBytes, offset + (end - first));
    } catch {}
    end += read;
    if (read === 0) tail = -1;
    else if (isAligned) tail = bytes.subarray(first, end).lastIndexOf(needle);
    else {
      const begin = bytes.subarray(first, end).indexOf(needle);
      bytes.copyWithin(first, first + begin, end);
      end -= begin;
      offset += begin;
      isAligned = true;
      tail = begin === -1 ? -1 : bytes.subarray(first, end).lastIndexOf(needle);
    }
  }
  if (tail < 0) {
    for (let part = 0; part < parts.length; part++) {
      Atomics.compareExchange(control, part * ${FIELDS} + ${STATE}, ${EMPTY}, ${STOPPED});
      Atomics.notify(control, part * ${FIELDS} + ${STATE});
    }
    break;
  }
  const window = bytes.subarray(first, end);
  control[at + ${UTF8}] = isUtf8(window.subarray(0, Math.max(0, window.lastIndexOf(10)))) ? 1 : 0;
  control[at + ${ROWS}] = records(first, end);
  control[at + ${END}] = end;
  offsets[turn] = offset;
  Atomics.store(control, at + ${STATE}, ${READY});
  Atomics.notify(control, at + ${STATE});
  carry = bytes.subarray(first + tail, end);
  offset += tail;
}
`;
