import { type FileHandle, open } from 'node:fs/promises';

import { HEADER_START, parseHeader } from '../header.ts';
import { MAX_HEADER_BYTES, type OpenRecord } from '../record.ts';
import type { CaptureFile } from './capture-files.ts';
import { isAlive } from './process-life.ts';

/** Enough for the `open` header of any usual command line, and for the last record of a closed capture. */
const PEEK_BYTES = 64 * 1024;

const LF = 0x0a;

/**
 * What became of a capture's writer: `open` while its process lives, so that it may still write; `closed` when it ended
 * in good order; `died` when it is gone without that. A process of another machine or container counts as gone, and
 * one that got the id of a dead writer as the writer.
 */
export type WriterState = 'open' | 'closed' | 'died';

/** What the two ends of a capture's file tell. */
export interface Peek extends CaptureFile {
  readonly open: OpenRecord;
  readonly state: WriterState;
  /** Microseconds from the start to the last record that the end of the file shows. */
  readonly us: number | undefined;
  /** The start of the file; all of it, where it is small. */
  readonly head: Uint8Array;
}

/** Looks at the ends of a file; undefined where it is no capture that can be read. Never rejects. */
export async function peekCapture({ path, size }: CaptureFile): Promise<Peek | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const head = await headOf(file);
    const header = parseHeader(firstLine(head), undefined);
    if (header?.t !== 'open') return undefined;
    const tail = size <= head.length ? head : await bytesAt(file, size - PEEK_BYTES, PEEK_BYTES);
    const last = lastHeader(tail, header.c);
    return { path, size, open: header, state: stateOf(header.pid, last), us: last?.us, head };
  } catch {
    return undefined;
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** The oldest first; those of the same moment by their paths. */
export function byStart(
  one: { readonly at: string; readonly path: string },
  other: { readonly at: string; readonly path: string },
): number {
  const [a, b] = [`${one.at} ${one.path}`, `${other.at} ${other.path}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

interface LastHeader {
  readonly us: number;
  /** Where it stands at the very end, with nothing behind it. */
  readonly isClose: boolean;
}

function stateOf(pid: number, last: LastHeader | undefined): WriterState {
  if (last?.isClose === true) return 'closed';
  return isAlive(pid) ? 'open' : 'died';
}

async function headOf(file: FileHandle): Promise<Uint8Array> {
  const head = await bytesAt(file, 0, PEEK_BYTES);
  return head.includes(LF) || head.length < PEEK_BYTES ? head : await bytesAt(file, 0, MAX_HEADER_BYTES);
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function firstLine(head: Uint8Array): string {
  return text(head.subarray(0, Math.max(0, head.indexOf(LF))));
}

/** The last line that is a header of this capture: the peers do not know its `c`, so none of their lines is. */
function lastHeader(tail: Uint8Array, c: string): LastHeader | undefined {
  const whole = text(tail).trimEnd();
  for (let end = whole.length; end > 0;) {
    const start = whole.lastIndexOf('\n', end - 1) + 1;
    const line = whole.slice(start, end);
    const header = line.startsWith(HEADER_START) && line.includes(c) ? parseHeader(line, c) : undefined;
    if (header !== undefined) return { us: header.us, isClose: header.t === 'close' && end === whole.length };
    end = start - 1;
  }
  return undefined;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
