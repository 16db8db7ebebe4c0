import { PassThrough, Writable } from 'node:stream';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Io } from '../../src/io.ts';
import { LiveArea } from '../../src/terminal/live-area.ts';
import { screen } from './terminal.ts';

/** A terminal of 40 columns that keeps what is written to it, write by write. */
class Terminal extends Writable {
  readonly columns = 40;
  readonly rows = 10;
  readonly writes: string[] = [];

  override write(chunk: unknown): boolean {
    this.writes.push(String(chunk));
    return true;
  }
}

function io(stdout: Writable, stderr: Writable): Io {
  return {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { TERM: 'xterm' },
    cwd: '/',
    home: '/',
    platform: 'linux',
    merged: false,
    terminal: { stdin: true, stdout: stdout instanceof Terminal, stderr: stderr instanceof Terminal },
    onSignal: () => () => {},
    onExit: () => () => {},
  };
}

/** What stands on the screen; a terminal begins a new row where a line ends. */
function shown({ writes }: Terminal): readonly string[] {
  return screen(writes.join('').replaceAll('\n', '\r\n')).filter((row) => row !== '');
}

/** Milliseconds that one picture takes. */
let took = 0;
let pictures = 0;
let isActive = true;

function area(stdout: Writable, stderr: Writable = stdout): LiveArea {
  return new LiveArea(io(stdout, stderr), {
    picture: () => {
      vi.setSystemTime(Date.now() + took);
      return isActive ? [`picture ${++pictures}`, 'of two rows'] : [];
    },
    isActive: () => isActive,
    isFree: () => true,
  });
}

beforeEach(() => {
  [took, pictures, isActive] = [0, 0, true];
  vi.useFakeTimers();
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('what stays is written above the rows, which are there again in the same write', () => {
  const terminal = new Terminal();
  const live = area(terminal);
  live.changed();
  live.above('one\n', terminal);
  expect(terminal.writes).toHaveLength(2);
  expect(shown(terminal)).toEqual(['one', 'picture 2', 'of two rows']);
});

test('never leaves the rows away between two lines, on either stream', () => {
  const [stdout, stderr] = [new Terminal(), new Terminal()];
  // Both end in one place, as they do in one terminal.
  stderr.write = (chunk) => stdout.write(chunk);
  const live = area(stdout, stderr);
  live.changed();
  for (let line = 0; line < 20; line++) {
    live.above(`line ${line}\n`, line % 2 === 0 ? stdout : stderr);
    expect(shown(stdout).slice(-2)).toEqual([`picture ${line + 2}`, 'of two rows']);
    vi.advanceTimersByTime(20);
  }
});

test('leaves the rows alone when something is written elsewhere', () => {
  const [file, terminal] = [new PassThrough(), new Terminal()];
  const live = area(file, terminal);
  live.changed();
  live.above('data\n', file);
  expect(String(file.read())).toBe('data\n');
  expect(terminal.writes).toHaveLength(1);
});

test('draws a fifth of the time at most, however long a picture takes and however much is written', () => {
  const terminal = new Terminal();
  const live = area(terminal);
  took = 100;
  live.changed();
  const began = Date.now();
  while (Date.now() - began < 10_000) {
    live.above('line\n', terminal);
    vi.advanceTimersByTime(1);
  }
  expect(pictures * took).toBeLessThanOrEqual(10_000 / 5 + 2 * took);
  expect(pictures).toBeGreaterThan(10);
  vi.advanceTimersByTime(400);
  expect(shown(terminal).slice(-3)).toEqual(['line', `picture ${pictures}`, 'of two rows']);
});

test('draws again within a second though a picture took minutes, as where the program is stopped', () => {
  const terminal = new Terminal();
  const live = area(terminal);
  took = 300_000;
  live.changed();
  took = 0;
  vi.advanceTimersByTime(1000);
  expect(shown(terminal)).toEqual(['picture 2', 'of two rows']);
});

test('what is over goes at once, and nothing is drawn once it is closed', () => {
  const terminal = new Terminal();
  const live = area(terminal);
  live.changed();
  isActive = false;
  live.changed();
  expect(shown(terminal)).toEqual([]);
  isActive = true;
  live.changed();
  live.close();
  live.changed();
  live.above('the end\n', terminal);
  vi.advanceTimersByTime(1000);
  expect(shown(terminal)).toEqual(['the end']);
});
