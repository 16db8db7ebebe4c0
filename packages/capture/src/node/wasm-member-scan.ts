import { ENTRY_SIZE, MAX_MEMBERS, type MemberScan } from '../skim/member-scan.ts';
import { MEMBER_SCAN_CODE } from './member-scan-code.ts';

const PAGE_BYTES = 65_536;

/** The table stands below this address, and lines from here on. */
const FIRST = 4096;

/** Bytes behind the last line: 64 are looked at as one. */
const SLACK_BYTES = 64;

let compiled: WebAssembly.Module | undefined;

/** A scan in WebAssembly. What the memory held stays when it grows, but in another buffer. */
export class WasmMemberScan implements MemberScan {
  readonly first: number = FIRST;
  readonly scan: MemberScan['scan'];
  memory: Buffer;
  table: Int32Array;
  readonly #memory: WebAssembly.Memory;

  /** Makes a scan with room for so many bytes of lines. */
  constructor(bytes: number) {
    this.#memory = new WebAssembly.Memory({ initial: pagesFor(bytes) });
    compiled ??= new WebAssembly.Module(Buffer.from(MEMBER_SCAN_CODE, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.scan = exports['scan'] as MemberScan['scan'];
    this.memory = Buffer.from(this.#memory.buffer);
    this.table = new Int32Array(this.#memory.buffer, 0, MAX_MEMBERS * ENTRY_SIZE);
  }

  /** Makes room for so many bytes of lines. */
  reserve(bytes: number): void {
    const missing = pagesFor(bytes) - this.memory.length / PAGE_BYTES;
    if (missing <= 0) return;
    // Twice as much at least, so that what needs room bit by bit is not copied each time.
    this.#memory.grow(Math.max(missing, this.memory.length / PAGE_BYTES));
    this.memory = Buffer.from(this.#memory.buffer);
    this.table = new Int32Array(this.#memory.buffer, 0, MAX_MEMBERS * ENTRY_SIZE);
  }
}

function pagesFor(bytes: number): number {
  return Math.ceil((FIRST + bytes + SLACK_BYTES) / PAGE_BYTES);
}
