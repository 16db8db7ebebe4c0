import type * as NodeBuffer from 'node:buffer';
import type * as NodeFs from 'node:fs';

import type { WasmMemory, WasmModule, wasm } from './web-assembly.ts';

/** Where in the shared numbers of 32 bits what stands; of each part there are `fields`, one part behind the other. */
export const CONTROL = {
  fields: 8,
  state: 0,
  end: 1,
  rows: 2,
  utf8: 3,
  /** States of a part: it can be filled, it is filled, nothing fills it any more. */
  empty: 0,
  ready: 1,
  stopped: 2,
  /** Behind the parts: how far who asks came before the thread ran, in MiB. */
  passed: 0,
} as const;

/** What the thread is told. */
export interface ThreadData {
  readonly path: string;
  /** Which file has to be there: `dev:ino`. */
  readonly file: string;
  /** What a data record starts with. */
  readonly start: Uint8Array;
  readonly chunkBytes: number;
  /** How many bytes a part can have, and where in its memory they begin. */
  readonly room: number;
  readonly first: number;
  /** How far ahead of who asks it begins. */
  readonly lead: number;
  readonly memories: readonly WasmMemory[];
  readonly module: WasmModule;
  readonly control: Int32Array;
  /** Where each part stands in the file. */
  readonly offsets: Float64Array;
  readonly layout: typeof CONTROL;
}

/** What the thread takes from Node. */
export interface ThreadTools {
  readonly fs: typeof NodeFs;
  readonly buffer: typeof NodeBuffer;
  readonly wasm: Pick<typeof wasm, 'Instance'>;
}

/**
 * All that the thread does. Its text is what the thread is started with, so that it needs no file of its own wherever
 * this is bundled: it can use nothing but its arguments and globals, and has no functions with names, which tools wrap.
 */
export function readAheadThread(data: ThreadData, { fs, buffer, wasm: { Instance } }: ThreadTools): void {
  const { first, room, chunkBytes, control, layout } = data;
  const needle = Buffer.from(data.start);
  const parts = data.memories.map((memory) => ({
    bytes: Buffer.from(memory.buffer),
    records: new Instance(data.module, { env: { memory } }).exports['records'] as (from: number, to: number) => number,
  }));
  const behind = parts.length * layout.fields;
  let fd: number | undefined;
  try {
    fd = fs.openSync(data.path, 'r');
    const { dev, ino } = fs.fstatSync(fd, { bigint: true });
    if (`${dev}:${ino}` !== data.file) return;
    let offset = Atomics.load(control, behind + layout.passed) * 1024 * 1024 + data.lead;
    let carry: Buffer = Buffer.alloc(0);
    let isAligned = false;
    for (let turn = 0; ; turn = (turn + 1) % parts.length) {
      const at = turn * layout.fields;
      Atomics.wait(control, at + layout.state, layout.ready);
      const part = parts[turn];
      if (part === undefined || Atomics.load(control, at + layout.state) !== layout.empty) return;
      const { bytes, records } = part;
      carry.copy(bytes, first);
      let end = first + carry.length;
      let tail = 0;
      while (tail === 0) {
        if (end + chunkBytes > first + room) return;
        const read = fs.readSync(fd, bytes, end, chunkBytes, offset + (end - first));
        if (read === 0) return;
        end += read;
        if (!isAligned) {
          const begin = bytes.subarray(first, end).indexOf(needle);
          if (begin === -1) return;
          bytes.copyWithin(first, first + begin, end);
          end -= begin;
          offset += begin;
          isAligned = true;
        }
        tail = bytes.subarray(first, end).lastIndexOf(needle);
      }
      const window = bytes.subarray(first, end);
      control[at + layout.utf8] = buffer.isUtf8(window.subarray(0, Math.max(0, window.lastIndexOf(10)))) ? 1 : 0;
      control[at + layout.rows] = records(first, end);
      control[at + layout.end] = end;
      data.offsets[turn] = offset;
      Atomics.store(control, at + layout.state, layout.ready);
      Atomics.notify(control, at + layout.state);
      carry = bytes.subarray(first + tail, end);
      offset += tail;
    }
  } catch {
    // Who asks goes on alone, and tells what is wrong with the file.
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
    for (let at = 0; at < behind; at += layout.fields) {
      Atomics.compareExchange(control, at + layout.state, layout.empty, layout.stopped);
      Atomics.notify(control, at + layout.state);
    }
  }
}
