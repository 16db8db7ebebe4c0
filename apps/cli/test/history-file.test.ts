import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { HistoryFile } from '../src/chat/history-file.ts';
import { visible } from '../src/render/visible.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mcp-dbg-history-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A path in a folder that is not there yet. */
function fresh(): string {
  return join(mkdtempSync(join(scratch, 'home-')), 'state', 'mcp-dbg', 'history');
}

/** A path of a file with this text. */
function having(text: string): string {
  const path = fresh();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Lines of a file that another chat would find, and what it would be told. */
function reopened(path: string): { readonly lines: readonly string[]; readonly told: readonly string[] } {
  const told: string[] = [];
  return { lines: HistoryFile.open(path, (sentence) => told.push(sentence)).lines, told };
}

const isPosix = process.platform !== 'win32';

describe('the lines of a chat', () => {
  test('are found by the next one, the newest first and each once', () => {
    const path = fresh();
    const history = HistoryFile.open(path);
    for (const line of ['one', 'two', '  three', 'deux\nlignes', 'one', 'one']) history.add(line);
    expect(history.lines).toEqual([]);
    expect(reopened(path)).toEqual({ lines: ['one', 'deux\nlignes', 'two'], told: [] });
    if (isPosix) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    }
  });

  test('are not kept where they are empty, begin with a space, are too long, or are the last one again', () => {
    const path = fresh();
    HistoryFile.open(path).add('last');
    const history = HistoryFile.open(path);
    for (const line of ['last', '', '  ', '\t', ' secret', 'é'.repeat(5001)]) history.add(line);
    expect(readFileSync(path, 'utf8')).toBe('"last"\n');
    history.add('é'.repeat(5000));
    expect(reopened(path).lines).toHaveLength(2);
  });

  test('come back as they were typed, whatever they hold; only what a terminal would act on does not', () => {
    const line = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (typed) => {
        const path = fresh();
        const history = HistoryFile.open(path);
        for (const each of typed) history.add(each);
        const kept = typed.filter(
          (each) => each.trim() !== '' && !each.startsWith(' ') && visible(each, 'kept') === each,
        );
        expect(reopened(path).lines).toEqual([...new Set(kept.toReversed())]);
      }),
      { numRuns: 25 },
    );
  });

  test('of several chats at once are all kept', () => {
    const path = fresh();
    const chats = [HistoryFile.open(path), HistoryFile.open(path), HistoryFile.open(path)];
    for (let n = 0; n < 30; n++) chats[n % 3]?.add(`line ${n}`);
    expect(reopened(path).lines).toEqual(Array.from({ length: 30 }, (_, n) => `line ${29 - n}`));
  });
});

describe('a file that has grown', () => {
  const numbered = (count: number): string => Array.from({ length: count }, (_, n) => `"line ${n}"\n`).join('');

  test('gives the newest thousand lines, and is made smaller beyond two thousand', () => {
    const path = having(numbered(1900));
    expect(reopened(path).lines).toHaveLength(1000);
    expect(readFileSync(path, 'utf8')).toBe(numbered(1900));
    const open = HistoryFile.open(path);
    appendFileSync(path, numbered(2100).slice(numbered(1900).length));
    const { lines } = reopened(path);
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([1000, 'line 2099', 'line 1100']);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1001);
    expect(readdirSync(dirname(path))).toEqual(['history']);
    if (isPosix) expect(statSync(path).mode & 0o777).toBe(0o600);
    // A chat that was open meanwhile goes on in the new file.
    open.add('after');
    expect(reopened(path).lines[0]).toBe('after');
  });

  test('beyond reason is read from its end', () => {
    const path = having(`"first"\n${`${'x'.repeat(999)}\n`.repeat(17_000)}"last"\n`);
    expect(reopened(path)).toEqual({ lines: ['last'], told: [] });
    expect(readFileSync(path, 'utf8')).toBe('"last"\n');
  });
});

describe('a file that is not as it should be', () => {
  test('gives what is a line of it', () => {
    const path = having('"one"\nnot json\n5\nnull\n{"a":1}\n""\n\n"\\u001b[31mred"\n\u0000\ufffd\n"two"\n"torn');
    expect(reopened(path)).toEqual({ lines: ['two', 'one'], told: [] });
    HistoryFile.open(path).add('three');
    expect(reopened(path).lines).toEqual(['three', 'two', 'one']);
  });

  test('is closed to others', (context) => {
    if (!isPosix) return context.skip('there are no modes here');
    const path = having('"one"\n');
    chmodSync(path, 0o644);
    expect(reopened(path).lines).toEqual(['one']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is left alone where it is no file of ours, and that is said once', (context) => {
    if (!isPosix) return context.skip('there are no links and pipes here');
    const linked = fresh();
    const target = having('"theirs"\n');
    mkdirSync(dirname(linked), { recursive: true });
    symlinkSync(target, linked);
    const piped = fresh();
    mkdirSync(dirname(piped), { recursive: true });
    execFileSync('mkfifo', [piped]);
    const folder = fresh();
    mkdirSync(folder, { recursive: true });
    const below = join(having(''), 'history');
    for (const [path, reason] of [
      [linked, /: it is not a regular file; use one, and not a link to it$/],
      [piped, /: it is not a regular file; /],
      [folder, /: it is not a regular file; /],
      [below, /: a part of the path is not a folder \(ENOTDIR\)$/],
      ['/dev/null', /: it is not a regular file; /],
    ] as const) {
      const told: string[] = [];
      const history = HistoryFile.open(path, (sentence) => told.push(sentence));
      history.add('one');
      history.add('two');
      expect(history.lines).toEqual([]);
      expect(told).toEqual([expect.stringMatching(/^What is typed is not kept for later chats in ".*": /)]);
      expect(told[0]).toMatch(reason);
    }
    expect(readFileSync(target, 'utf8')).toBe('"theirs"\n');
  });

  test('in a folder that cannot be made is done without, and nothing waits for it', (context) => {
    if (process.platform !== 'linux') return context.skip('there is no /proc here');
    const told: string[] = [];
    HistoryFile.open('/proc/none/mcp-dbg/history', (sentence) => told.push(sentence)).add('one');
    expect(told).toEqual([expect.stringMatching(/ENOENT/)]);
  });

  test('that becomes one while a chat runs is said once, too', (context) => {
    if (!isPosix) return context.skip('there are no links here');
    const path = fresh();
    const told: string[] = [];
    const history = HistoryFile.open(path, (sentence) => told.push(sentence));
    symlinkSync('/dev/null', path);
    history.add('one');
    history.add('two');
    expect(told).toHaveLength(1);
    expect(() => HistoryFile.open(path).add('nobody listens')).not.toThrow();
  });

  test('that is another user’s is left alone', (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can give a file away');
    const path = having('"theirs"\n');
    execFileSync('chown', ['12345', path]);
    const { lines, told } = reopened(path);
    expect(lines).toEqual([]);
    expect(told[0]).toMatch(/: it belongs to another user; move it away$/);
  });
});
