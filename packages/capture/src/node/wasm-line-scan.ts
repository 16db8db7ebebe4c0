import { KEYS } from '../skim/key-slots.ts';
import { type LineScan, PLACES } from '../skim/line-scan.ts';
import { LINE_SCAN_CODE } from './line-scan-code.ts';
import { type WasmMemory, type WasmModule, wasm } from './web-assembly.ts';

const PAGE_BYTES = 65_536;

/** What the code was compiled with: a gigabyte. */
const MAX_PAGES = 16_384;

/** Bytes behind the last line: 64 are looked at as one. */
const SLACK_BYTES = 64;

let compiled: WasmModule | undefined;

/** A scan in WebAssembly. What the memory held stays when it grows, but in another buffer. */
export class WasmLineScan implements LineScan {
  readonly line: LineScan['line'];
  records: LineScan['records'];
  memory: Buffer;
  numbers: Int32Array;
  doubles: Float64Array;
  /** What a thread needs that scans too. */
  readonly shared: { readonly memory: WasmMemory; readonly module: WasmModule };

  /** Makes a scan with room for so many bytes of lines. */
  constructor(bytes: number) {
    const memory = new wasm.Memory({ initial: pagesFor(bytes), maximum: MAX_PAGES, shared: true });
    compiled ??= new wasm.Module(Buffer.from(LINE_SCAN_CODE, 'base64'));
    this.shared = { memory, module: compiled };
    const { exports } = new wasm.Instance(compiled, { env: { memory } });
    this.line = exports['line'] as LineScan['line'];
    this.records = exports['records'] as LineScan['records'];
    this.memory = Buffer.from(memory.buffer);
    this.numbers = new Int32Array(memory.buffer);
    this.doubles = new Float64Array(memory.buffer);
    this.#writeKeys();
  }

  #writeKeys(): void {
    for (const [index, { text, group, slot }] of KEYS.entries()) {
      const at = PLACES.keys + index * PLACES.keyBytes;
      const first = PLACES.keyIndex / 4 + group * PLACES.maxKey + text.length;
      this.numbers.set([this.numbers[first] ?? 0, slot], at / 4);
      this.memory.write(text, at + 8, 'latin1');
      this.numbers[first] = at;
    }
  }

  /** Makes room for so many bytes of lines. */
  reserve(bytes: number): void {
    const pages = this.memory.length / PAGE_BYTES;
    const missing = pagesFor(bytes) - pages;
    if (missing <= 0) return;
    // Twice as much at least, so that what needs room bit by bit is not copied each time.
    this.shared.memory.grow(Math.max(missing, pages));
    this.memory = Buffer.from(this.shared.memory.buffer);
    this.numbers = new Int32Array(this.shared.memory.buffer);
    this.doubles = new Float64Array(this.shared.memory.buffer);
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil((PLACES.first + bytes + SLACK_BYTES) / PAGE_BYTES);
}
