import { basename } from 'node:path';

import { type CaptureFile, captureFiles, inBatches } from './capture-files.ts';
import { labelOfName } from './capture-folder.ts';
import { type Peek, type WriterState, byStart, peekCapture } from './peek-capture.ts';
import { asksOnlyDiscover } from './probe-traffic.ts';

/** A capture of a folder, as its name and the two ends of its file tell it. */
export interface StoredCapture {
  readonly path: string;
  /** What a person calls it: the part of the file name between time and pid, or else the whole name without `.mcpcap`. */
  readonly label: string;
  /** Wall time of the start, ISO 8601 in UTC. */
  readonly at: string;
  /** The process that wrote it, and the one that started that; 0 and undefined where the capture does not tell. */
  readonly pid: number;
  readonly ppid: number | undefined;
  /** The server's command with secret-shaped values masked; undefined where one session has several servers. */
  readonly argv: readonly string[] | undefined;
  /** In bytes. */
  readonly size: number;
  readonly state: WriterState;
  /** Microseconds from the start to the last record; undefined where the end of the file does not show it. */
  readonly us: number | undefined;
  /**
   * True where its writer has ended and its client asked nothing but `server/discover`: an SDK of the second generation
   * does so on a process that it throws away. Found in captures of up to 64 KiB.
   */
  readonly isProbe: boolean;
}

/**
 * The captures of a folder, the oldest first. Reads no more than 128 KiB of any, and skips what is no capture, is a link
 * or cannot be read; a folder that is missing has none. Never rejects.
 */
export async function listCaptures(folder: string): Promise<readonly StoredCapture[]> {
  return (await inBatches(await captureFiles(folder), storedAt)).toSorted(byStart);
}

async function storedAt(file: CaptureFile): Promise<StoredCapture | undefined> {
  const peek = await peekCapture(file);
  return peek === undefined ? undefined : storedCapture(peek);
}

function storedCapture({ path, size, open, state, us, head }: Peek): StoredCapture {
  return {
    path,
    label: labelOfName(basename(path)),
    at: open.at,
    pid: open.pid,
    ppid: open.ppid,
    argv: open.argv,
    size,
    state,
    us,
    isProbe: state !== 'open' && size <= head.length && asksOnlyDiscover(head),
  };
}
