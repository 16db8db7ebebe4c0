import { type Outline, outlineOf } from '@mcp-dbg/protocol';
import { readFrame } from '@mcp-dbg/wire';

import { LineMembers } from './line-members.ts';
import { type LineScan, type MakeLineScan, PLACES } from './line-scan.ts';
import { outlineFrom } from './outline-from.ts';

const OPEN_BRACE = 0x7b;
const CR = 0x0d;

/** The longest line that is copied into memory of a scan; longer ones are read whole. */
const MAX_COPIED: number = 64 * 1024 * 1024;

/** Where lines stand already, and how memory is made for others. */
interface Scans {
  readonly scan: LineScan;
  readonly makeScan: MakeLineScan;
}

/**
 * Takes the outline of a line without reading all of it. It is the one that `outlineOf(readFrame(line))` gives, whatever
 * the line is: what the scan is not certain to be JSON, it leaves to be read whole. The bytes have to be UTF-8; who does
 * not know that must not skim them.
 */
export class Skim {
  readonly #scans: Scans;
  /** Memory for lines that stand elsewhere. */
  #other: LineScan | undefined;
  readonly #members = new LineMembers();

  constructor(scans: Scans) {
    this.#scans = scans;
  }

  outline(window: Uint8Array, start: number, end: number): Outline {
    if (window[start] === OPEN_BRACE) {
      const scan = this.#scanFor(window, start, end);
      if (scan !== undefined) {
        const from = scan === this.#scans.scan ? start : PLACES.first;
        const outline = this.#read(scan, from, from + (end - start));
        if (outline !== undefined) return outline;
      }
    }
    return outlineOf(readFrame(window.subarray(start, end)));
  }

  #scanFor(window: Uint8Array, start: number, end: number): LineScan | undefined {
    if (window.buffer === this.#scans.scan.memory.buffer) return this.#scans.scan;
    const size = end - start;
    if (size > MAX_COPIED) return undefined;
    if (this.#other === undefined || this.#other.memory.length < size + PLACES.first + 64) {
      this.#other = this.#scans.makeScan(Math.max(size, 1024 * 1024));
    }
    this.#other.memory.set(window.subarray(start, end), PLACES.first);
    return this.#other;
  }

  /** The outline of the line whose row stands there in the memory of the scan. */
  outlineOfRow(row: number): Outline | undefined {
    return this.#outlineAt(this.#scans.scan, row);
  }

  /** The outline of the object that stands there; undefined where it has to be read whole. */
  #read(scan: LineScan, from: number, to: number): Outline | undefined {
    // A carriage return before the newline is a fault of the frame, but JSON reads on over it.
    if (scan.line(from, scan.memory[to - 1] === CR ? to - 1 : to) === 0) return undefined;
    return this.#outlineAt(scan, PLACES.lineRow);
  }

  #outlineAt(scan: LineScan, row: number): Outline | undefined {
    this.#members.use(scan, row);
    try {
      return outlineFrom(this.#members);
    } catch {
      // A string that is looked at is none: it has a wrong escape.
      return undefined;
    }
  }
}
