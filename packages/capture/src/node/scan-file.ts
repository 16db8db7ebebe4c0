import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import type { ScanSource } from '../scan/scan-source.ts';
import { PLACES } from '../skim/line-scan.ts';
import { empty, notAFile, notOpened, unreadable } from './unreadable-capture.ts';
import { WasmLineScan } from './wasm-line-scan.ts';

const CHUNK_BYTES = 256 * 1024;

/** A capture file that is scanned; close it when done. The reads are synchronous, and small. */
export class ScanFile implements ScanSource {
  window: Buffer;
  at: number;
  readonly scan: WasmLineScan;
  readonly isUtf8: (bytes: Uint8Array) => boolean = isUtf8;
  readonly #path: string;
  readonly #fd: number;
  /** Where the window's first byte stands in the file. */
  #base = 0;
  #wanted = 0;

  /** Throws CaptureError (`NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`; `NOT_A_CAPTURE` where the file is empty). */
  constructor(path: string, name: string = path) {
    this.#path = path;
    this.#fd = openFile(path, name);
    this.scan = new WasmLineScan(2 * CHUNK_BYTES);
    this.at = PLACES.first;
    this.window = this.scan.memory.subarray(0, this.at);
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
    const { offset } = this;
    const kept = this.window.length - this.at;
    this.scan.memory.copyWithin(PLACES.first, this.at, this.window.length);
    this.scan.reserve(Math.max(kept + CHUNK_BYTES, this.#wanted));
    this.#base = offset;
    this.#wanted = 0;
    const read = this.#read(this.scan.memory, PLACES.first + kept, CHUNK_BYTES, null);
    this.at = PLACES.first;
    this.window = this.scan.memory.subarray(0, PLACES.first + kept + read);
    return read > 0;
  }

  read(offset: number, size: number): Uint8Array {
    const inWindow = offset - this.#base + PLACES.first;
    if (inWindow >= PLACES.first && inWindow + size <= this.window.length) {
      return new Uint8Array(this.window.subarray(inWindow, inWindow + size));
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
    closeSync(this.#fd);
  }

  #read(into: Uint8Array, at: number, length: number, position: number | null): number {
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
