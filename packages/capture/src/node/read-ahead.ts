import { Worker } from 'node:worker_threads';

import { dataStartOf } from '../data-place.ts';
import { PLACES } from '../skim/line-scan.ts';
import { CONTROL, type ThreadData, readAheadThread } from './read-ahead-thread.ts';
import { WasmLineScan } from './wasm-line-scan.ts';

/** Parts of the file that are held at most, read and not asked for. */
const PARTS = 3;

/**
 * How long a part is waited for, in milliseconds. The thread tells when it ends; this is for when it cannot, since it
 * died, and for a file system that hangs. Reading on alone is always right.
 */
const PATIENCE_MS = 3000;

const MIB = 1024 * 1024;

/** A stretch of the file that starts with a record, with the rows of its first records. */
export interface Part {
  readonly offset: number;
  readonly scan: WasmLineScan;
  /** The memory up to the part's end. */
  readonly window: Buffer;
  readonly isUtf8: boolean;
}

/** What is read ahead, and how. */
export interface ReadAheadOf {
  readonly path: string;
  /** The file that is open there; another one is not read. */
  readonly file: { readonly dev: bigint; readonly ino: bigint };
  /** The mark of the capture. */
  readonly c: string;
  readonly chunkBytes: number;
  /** How far ahead of who asks it begins: until the thread runs, they come so far alone. */
  readonly lead: number;
}

/**
 * Reads a capture file ahead of who asks for its parts, in a thread, and makes the rows of each part there. It guesses
 * where records begin; whoever asks must be at that place, and go on alone where the guess was wrong.
 */
export class ReadAhead {
  readonly #scans: readonly AheadScan[];
  readonly #control = new Int32Array(new SharedArrayBuffer((PARTS + 1) * CONTROL.fields * 4));
  readonly #offsets = new Float64Array(new SharedArrayBuffer(PARTS * 8));
  readonly #worker: Worker;
  #turn = 0;
  /** True as soon as who asks has come to what is read ahead. */
  #isMet = false;
  /** True while a part is looked at. */
  #isHeld = false;

  /** Starts to read; undefined where this Node may start no thread, or there is no memory for one. */
  static start(of: ReadAheadOf): ReadAhead | undefined {
    try {
      return new ReadAhead(of);
    } catch {
      return undefined;
    }
  }

  private constructor({ path, file, c, chunkBytes, lead }: ReadAheadOf) {
    const room = 4 * chunkBytes;
    this.#scans = Array.from({ length: PARTS }, () => new AheadScan(room));
    const start = dataStartOf(c);
    for (const { memory, numbers } of this.#scans) {
      numbers[PLACES.startLength / 4] = start.length;
      memory.set(start, PLACES.start);
    }
    const [{ shared }] = this.#scans as readonly [AheadScan];
    const workerData: ThreadData = {
      path,
      file: `${file.dev}:${file.ino}`,
      start,
      chunkBytes,
      room,
      first: PLACES.first,
      lead,
      memories: this.#scans.map((scan) => scan.shared.memory),
      module: shared.module,
      control: this.#control,
      offsets: this.#offsets,
      layout: CONTROL,
    };
    const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 };
    this.#worker = new Worker(PROGRAM, { eval: true, execArgv: [], workerData, resourceLimits });
    // Without it we go on alone.
    this.#worker.on('error', () => this.stop());
    this.#worker.unref();
  }

  /**
   * The part in which this place of the file lies, for who is there. `wait` where it lies before all that is read ahead,
   * also while the thread does not run yet; undefined where there is no such part, and will not be.
   */
  next(offset: number): Part | 'wait' | undefined {
    if (this.#isHeld) this.#release();
    if (!this.#isMet) Atomics.store(this.#control, PARTS * CONTROL.fields + CONTROL.passed, Math.floor(offset / MIB));
    for (;;) {
      const at = this.#turn * CONTROL.fields;
      const state = at + CONTROL.state;
      if (!this.#isMet && Atomics.load(this.#control, state) === CONTROL.empty) return 'wait';
      if (Atomics.wait(this.#control, state, CONTROL.empty, PATIENCE_MS) === 'timed-out') return undefined;
      if (Atomics.load(this.#control, state) === CONTROL.stopped) return undefined;
      const base = this.#offsets[this.#turn] ?? 0;
      const end = this.#control[at + CONTROL.end] ?? 0;
      if (offset < base) return this.#isMet ? undefined : 'wait';
      if (offset < base + end - PLACES.first) return this.#part(base, end);
      this.#release();
    }
  }

  stop(): void {
    for (let part = 0; part < PARTS; part++) {
      const state = part * CONTROL.fields + CONTROL.state;
      Atomics.store(this.#control, state, CONTROL.stopped);
      Atomics.notify(this.#control, state);
    }
    void this.#worker.terminate();
  }

  #part(offset: number, end: number): Part | undefined {
    const at = this.#turn * CONTROL.fields;
    const scan = this.#scans[this.#turn];
    if (scan === undefined) return undefined;
    this.#isMet = true;
    this.#isHeld = true;
    scan.isMade(PLACES.first, end, this.#control[at + CONTROL.rows] ?? 0);
    return { offset, scan, window: scan.memory.subarray(0, end), isUtf8: this.#control[at + CONTROL.utf8] === 1 };
  }

  /** The part whose turn it is can be filled anew. */
  #release(): void {
    const state = this.#turn * CONTROL.fields + CONTROL.state;
    this.#isHeld = false;
    Atomics.compareExchange(this.#control, state, CONTROL.ready, CONTROL.empty);
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

const PROGRAM = `const wasm = WebAssembly;
const tools = { fs: require('node:fs'), buffer: require('node:buffer'), wasm };
(${readAheadThread.toString()})(require('node:worker_threads').workerData, tools);`;
