import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { copyOf } from '../copy-of.ts';
import type { ScanSource } from '../scan/scan-source.ts';
import { PLACES } from '../skim/line-scan.ts';
import { ReadAhead, type ReadAheadOf } from './read-ahead.ts';
import { empty, notAFile, notOpened, unreadable } from './unreadable-capture.ts';
import { WasmLineScan } from './wasm-line-scan.ts';

const LF = 0x0a;

const CHUNK_BYTES = 256 * 1024;

/** From this size of a file on a second thread pays. */
const LARGE_BYTES = 64 * 1024 * 1024;

/** How far ahead the second thread begins. */
const LEAD_BYTES = 1024 * 1024;

/** How a file is read. Apart from the name, only the time that it takes depends on this. */
export interface ScanPace {
  /** What errors about what is in the file call it; its path unless given. */
  readonly name?: string;
  readonly chunkBytes?: number;
  /** The size of a file from which a second thread reads ahead, and how far ahead it begins. */
  readonly largeBytes?: number;
  readonly leadBytes?: number;
}

const OPENING = /^\{"t":"open","c":"([0-9a-f]{16})"/;

/** A capture file that is scanned; close it when done. The reads are synchronous, and small. */
export class ScanFile implements ScanSource {
  window: Buffer;
  at: number;
  scan: WasmLineScan;
  isWindowUtf8 = false;
  readonly isUtf8: (bytes: Uint8Array) => boolean = isUtf8;
  readonly #path: string;
  readonly #fd: number;
  readonly #own: WasmLineScan;
  #ahead: ReadAhead | undefined;
  readonly #chunkBytes: number;
  /** Where the window's first byte stands in the file. */
  #base = 0;
  #wanted = 0;

  /** Opens a file. Throws CaptureError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`; `NOT_A_CAPTURE` where it is empty). */
  constructor(path: string, pace: ScanPace = {}) {
    const { name = path, chunkBytes = CHUNK_BYTES, largeBytes = LARGE_BYTES, leadBytes = LEAD_BYTES } = pace;
    this.#path = path;
    this.#chunkBytes = chunkBytes;
    this.#fd = openFile(path, name);
    this.#own = new WasmLineScan(2 * chunkBytes);
    this.scan = this.#own;
    this.at = PLACES.first;
    this.window = this.scan.memory.subarray(0, this.at);
    const { size, dev, ino } = fstatSync(this.#fd, { bigint: true });
    if (size >= largeBytes) this.#readAhead({ dev, ino }, leadBytes);
  }

  get offset(): number {
    return this.#base + this.at - PLACES.first;
  }

  makeScan(bytes: number): WasmLineScan {
    return new WasmLineScan(bytes);
  }

  wantBytes(wanted: number): void {
    this.#wanted = wanted;
  }

  wantLine(limit: number): void {
    this.#wanted = limit + 1;
  }

  fill(): boolean {
    const part = this.#ahead?.next(this.offset);
    if (part === undefined) this.#goOnAlone();
    if (part === undefined || part === 'wait') return this.#fillAlone();
    const { offset } = this;
    this.scan = part.scan;
    this.window = part.window;
    this.at = PLACES.first + offset - part.offset;
    this.#base = part.offset;
    this.isWindowUtf8 = part.isUtf8;
    return true;
  }

  read(offset: number, size: number): Uint8Array {
    const inWindow = offset - this.#base + PLACES.first;
    if (inWindow >= PLACES.first && inWindow + size <= this.window.length) {
      return copyOf(this.window, inWindow, inWindow + size);
    }
    const bytes = Buffer.allocUnsafeSlow(size);
    let at = 0;
    while (at < size) {
      const read = this.#read(bytes, at, size - at, offset + at);
      if (read === 0) break;
      at += read;
    }
    return bytes;
  }

  close(): void {
    this.#ahead?.stop();
    closeSync(this.#fd);
  }

  #readAhead(file: ReadAheadOf['file'], lead: number): void {
    const [, c] = OPENING.exec(Buffer.from(this.read(0, 64)).toString('latin1')) ?? [];
    if (c === undefined) return;
    this.#ahead = ReadAhead.start({ path: this.#path, file, c, chunkBytes: this.#chunkBytes, lead });
  }

  #goOnAlone(): void {
    this.#ahead?.stop();
    this.#ahead = undefined;
    if (this.scan === this.#own) return;
    this.#base = this.offset;
    this.scan = this.#own;
    this.at = PLACES.first;
    this.window = this.scan.memory.subarray(0, this.at);
  }

  #fillAlone(): boolean {
    const { offset } = this;
    const kept = this.window.length - this.at;
    const room = Math.max(this.#chunkBytes, this.#wanted - kept);
    this.#own.reserve(kept + room);
    this.#own.memory.copyWithin(PLACES.first, this.at, this.window.length);
    const read = this.#read(this.#own.memory, PLACES.first + kept, room, offset + kept);
    this.#base = offset;
    this.#wanted = 0;
    this.at = PLACES.first;
    this.window = this.#own.memory.subarray(0, PLACES.first + kept + read);
    // What stands behind the last newline may be cut off in the middle of a character.
    this.isWindowUtf8 = isUtf8(this.window.subarray(this.at, Math.max(this.at, this.window.lastIndexOf(LF))));
    return read > 0;
  }

  #read(into: Uint8Array, at: number, length: number, position: number): number {
    try {
      return readSync(this.#fd, into, at, length, position);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }
}

function openFile(path: string, name: string): number {
  let fd: number;
  try {
    // Without O_NONBLOCK the opening of a named pipe would wait for its writer.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw notOpened(path, error);
  }
  const status = fstatSync(fd);
  if (status.isFile() && status.size > 0) return fd;
  closeSync(fd);
  throw status.isFile() ? empty(name) : notAFile(path);
}
