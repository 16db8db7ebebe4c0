import { createReadStream, createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { ReadStream, WriteStream, isatty } from 'node:tty';

/**
 * Opens a standard descriptor for reading such that destroying the stream closes the descriptor itself. That is
 * how the writer at the other end learns that nobody reads any more; `process.stdin` keeps it open until we exit.
 */
export function openInput(fd: number): Readable {
  switch (kindOf(fd)) {
    case 'terminal':
      return new ReadStream(fd);
    case 'pipe':
      return new Socket({ fd, readable: true, writable: false });
    case 'file':
      return createReadStream('', { fd });
  }
}

/** Opens a standard descriptor for writing, closed with its stream; `process.stdout` keeps it open until we exit. */
export function openOutput(fd: number): Writable {
  switch (kindOf(fd)) {
    case 'terminal':
      return new WriteStream(fd);
    case 'pipe':
      return new Socket({ fd, readable: false, writable: true });
    case 'file':
      return createWriteStream('', { fd });
  }
}

function kindOf(fd: number): 'terminal' | 'pipe' | 'file' {
  if (isatty(fd)) return 'terminal';
  const status = fstatSync(fd);
  return status.isFIFO() || status.isSocket() ? 'pipe' : 'file';
}
