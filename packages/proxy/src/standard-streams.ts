import { closeSync, constants, createReadStream, createWriteStream, fstatSync, openSync, read, write } from 'node:fs';
import { Socket } from 'node:net';
import { devNull } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { ReadStream, WriteStream, isatty } from 'node:tty';

/**
 * Opens a standard descriptor for reading such that destroying the stream closes the descriptor itself. That is
 * how the writer at the other end learns that nobody reads any more; `process.stdin` keeps it open until we exit.
 */
export function openInput(fd: number): Readable {
  return closing(fd, inputOf(fd));
}

/** Opens a standard descriptor for writing, closed with its stream; `process.stdout` keeps it open until we exit. */
export function openOutput(fd: number): Writable {
  const own = kindOf(fd) === 'pipe' ? openedAnew(fd) : undefined;
  if (own === undefined) return closing(fd, outputOf(fd));
  vacate(fd);
  return new OutputSocket(own);
}

function inputOf(fd: number): Readable {
  switch (kindOf(fd)) {
    case 'terminal':
      return new ReadStream(fd);
    case 'pipe':
    case 'socket':
      return new Socket({ fd, readable: true, writable: false });
    case 'file':
      return createReadStream('', { fd, fs: { read, close: leaveOpen } });
  }
}

function outputOf(fd: number): Writable {
  switch (kindOf(fd)) {
    case 'terminal':
      return unblocked(new WriteStream(fd));
    case 'pipe':
    case 'socket':
      // Node makes process.stderr when it destroys its first socket, which fails while a stream of ours uses that
      // descriptor, and leaves the socket open. So it is made now.
      void process.stderr;
      return new OutputSocket(fd);
    case 'file':
      return createWriteStream('', { fd, fs: { write, close: leaveOpen } });
  }
}

function kindOf(fd: number): 'terminal' | 'pipe' | 'socket' | 'file' {
  if (isatty(fd)) return 'terminal';
  const status = fstatSync(fd);
  if (status.isFIFO()) return 'pipe';
  return status.isSocket() ? 'socket' : 'file';
}

/**
 * A socket that ends by being closed. The usual end, shutdown(2), would end it for everybody who holds it, and a
 * client's stderr, which it lets its servers share, is often a socket.
 */
class OutputSocket extends Socket {
  constructor(fd: number) {
    super({ fd, readable: false, writable: true });
  }

  override _final(done: () => void): void {
    done();
  }
}

/**
 * The same pipe under a new descriptor. Node makes what it streams non-blocking for everybody who shares it, such as
 * a client whose own stderr it is. Undefined where the system cannot open it anew.
 */
function openedAnew(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** Node's streams never close a standard descriptor. */
function closing<S extends Readable | Writable>(fd: number, stream: S): S {
  stream.once('close', () => vacate(fd));
  return stream;
}

/** Closes a standard descriptor, and keeps its number taken: it must not become the number of a file of ours. */
function vacate(fd: number): void {
  closeSync(fd);
  try {
    openSync(devNull, constants.O_RDWR);
  } catch {
    // A sandbox without it costs the precaution only.
  }
}

/**
 * Node makes a terminal block us whole while it is stopped (Ctrl-S) or slow: nothing would flow any more, not even
 * signals. There is no public way to change that; where this one is gone, a stopped terminal blocks.
 */
function unblocked(stream: WriteStream): WriteStream {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): unknown } };
  handle?.setBlocking?.(false);
  return stream;
}

/** For streams of files, which would close them and leave the number free. */
function leaveOpen(_fd: number, done?: (error?: NodeJS.ErrnoException | null) => void): void {
  done?.();
}
