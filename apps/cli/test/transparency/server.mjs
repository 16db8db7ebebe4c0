// A server of many behaviours; the first argument names one. It uses descriptors as they are, so that nothing but
// the proxy stands between a test and its bytes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

const [behaviour, ...args] = process.argv.slice(2);

const behaviours = {
  /** Writes two files to stdout and stderr in pieces of the given sizes; then takes all of stdin into a third. */
  exchange(outFile, errFile, inFile, ...sizes) {
    writeInPieces(1, readFileSync(outFile), sizes.map(Number));
    writeInPieces(2, readFileSync(errFile), sizes.map(Number));
    writeFileSync(inFile, readFileSync(0));
  },

  /** Says what it got on stdin, once that has ended. */
  async digest() {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of process.stdin) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    writeAll(1, `${JSON.stringify({ bytes, sha256: hash.digest('hex') })}\n`);
  },

  /** Writes one line of so many bytes; ends when stdin does. */
  line(bytes) {
    const block = Buffer.alloc(1 << 20, 'x');
    for (let left = Number(bytes) - 1; left > 0; left -= block.length) {
      writeAll(1, block.subarray(0, Math.min(left, block.length)));
    }
    writeAll(1, '\n');
    readFileSync(0);
  },

  /** Writes to one descriptor as much as is taken, until stdin ends; tells on the other, for each byte of stdin, how much. */
  flood(fd) {
    const stream = fd === '1' ? process.stdout : process.stderr;
    const block = Buffer.alloc(1 << 16, 'y');
    let asked = 0;
    let ended = false;
    const pour = () => {
      while (!ended && stream.write(block)) asked += block.length;
      if (!ended) asked += block.length;
    };
    stream.on('drain', pour);
    pour();
    process.stdin.on('data', () => writeAll(fd === '1' ? 2 : 1, `${asked - stream.writableLength}\n`));
    process.stdin.on('end', () => (ended = true));
  },

  /** Never reads; writes a line to stdout and one to stderr over and over, until it is signalled. */
  ticks() {
    setInterval(() => {
      process.stdout.write('tick\n');
      process.stderr.write('tock\n');
    }, 5);
  },

  /** Writes to a descriptor until that fails; says why on the other and exits with 3. */
  writes(fd) {
    try {
      for (;;) writeSync(Number(fd), 'z'.repeat(1000));
    } catch (error) {
      writeAll(fd === '1' ? 2 : 1, `${error.code}\n`);
      process.exitCode = 3;
    }
  },

  /** Closes its stdin, says so, and lives on until it is signalled. */
  deaf() {
    closeSync(0);
    writeAll(1, 'deaf\n');
    setInterval(() => {}, 1000);
  },

  /** Tells its pid on stderr, writes so many bytes and exits at once with 5. */
  parting(bytes) {
    writeAll(2, `${process.pid}\n`);
    writeInPieces(1, Buffer.from(Array.from({ length: Number(bytes) }, (_, index) => index % 251)), [65_536]);
    process.exit(5);
  },

  /** Says each signal that it gets; at the end of stdin says how often each came. */
  signals() {
    const counts = {};
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']) {
      process.on(signal, () => {
        counts[signal] = (counts[signal] ?? 0) + 1;
        writeAll(1, `${signal}\n`);
      });
    }
    process.stdin.on('data', () => {});
    process.stdin.on('end', () => {
      writeAll(1, `${JSON.stringify(counts)}\n`);
      process.exit(0);
    });
    writeAll(1, `ready ${process.pid}\n`);
  },

  /** Ends for nothing but SIGKILL. */
  stubborn() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});
    process.stdin.on('data', () => {});
    process.stdin.on('end', () => {});
    setInterval(() => {}, 1000);
    writeAll(1, `ready ${process.pid}\n`);
  },

  /** Runs another behaviour as its child, as launchers do, and passes no signal on. */
  launcher(...rest) {
    const child = spawn(process.execPath, [process.argv[1], ...rest], { stdio: 'inherit' });
    child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
  },

  /** Says how it was started. */
  self(...rest) {
    writeAll(1, JSON.stringify({ args: rest, cwd: process.cwd() }));
  },
};

await behaviours[behaviour](...args);

function writeInPieces(fd, bytes, sizes) {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length];
    writeAll(fd, bytes.subarray(at, at + size));
    at += size;
  }
}

function writeAll(fd, content) {
  let bytes = Buffer.from(content);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      // The descriptor does not block where Node made a stream of it.
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
