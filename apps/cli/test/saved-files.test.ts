import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { SavedFiles } from '../src/chat/saved-files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mcp-dbg-files-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const KIB = 1024;
const image = (bytes: number) => ({ kind: 'image', mimeType: 'image/png', bytes: Buffer.alloc(bytes, 'x') });

/** A home of its own, and the files of a chat in it, which may hold 64 KiB. */
function fresh(most = 64 * KIB) {
  const home = mkdtempSync(join(scratch, 'home-'));
  const folder = join(home, 'state', 'files');
  return { home, folder, files: () => new SavedFiles(folder, home, most) };
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Puts a file there that is so many seconds old. */
function old(folder: string, name: string, bytes: number, seconds: number): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, Buffer.alloc(bytes));
  const at = Date.now() / 1000 - seconds;
  utimesSync(path, at, at);
  return path;
}

describe('what a terminal cannot show', () => {
  test('is saved whole, for nobody else to read, and told with its path', () => {
    const { home, folder, files } = fresh();
    const told = files().save(image(70));
    const [, path = ''] = /^\[image image\/png, 70 B: ~\/(state\/files\/\S+-1\.png)\]$/.exec(told) ?? [];
    expect(readFileSync(join(home, path), 'latin1')).toBe('x'.repeat(70));
    if (process.platform === 'win32') return;
    expect(statSync(join(home, path)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('never takes more room than there is for it, however much one chat gets', () => {
    const { folder, files } = fresh();
    const chat = files();
    for (let n = 0; n < 40; n++) {
      expect(chat.save(image(10 * KIB))).toMatch(/^\[image image\/png, 10\.2 kB: /);
      expect(sizeOf(folder)).toBeLessThanOrEqual(64 * KIB);
    }
    // The newest is among those that stay.
    expect(readdirSync(folder).some((name) => name.endsWith('-40.png'))).toBe(true);
  });

  test('takes the room of a block even where it is tiny', () => {
    const { folder, files } = fresh();
    const chat = files();
    for (let n = 0; n < 100; n++) chat.save(image(1));
    expect(readdirSync(folder).length).toBeLessThanOrEqual(16);
  });

  test('that is larger than all that is kept is not saved, and nothing goes for it', () => {
    const { folder, files } = fresh();
    const before = old(folder, 'before.png', 10, 60);
    expect(files().save(image(65 * KIB))).toBe(
      '[image image/png, 66.6 kB; not saved: more than the 65.5 kB that are kept of such files]',
    );
    expect(existsSync(before)).toBe(true);
  });
});

describe('the oldest files go first', () => {
  test('and what is no file of ours, or cannot be reached, stops nobody', () => {
    const { home, folder, files } = fresh();
    const [oldest, older, newer] = [
      old(folder, 'b.png', 20 * KIB, 300),
      old(folder, 'c.png', 20 * KIB, 200),
      old(folder, 'a.png', 20 * KIB, 100),
    ];
    const precious = old(join(home, 'else'), 'precious', 90 * KIB, 1000);
    symlinkSync(precious, join(folder, 'link'));
    symlinkSync(join(home, 'none'), join(folder, 'dangling'));
    mkdirSync(join(folder, 'folder'));
    expect(files().save(image(10 * KIB))).toContain('~/state/files/');
    expect([oldest, older, newer, precious].map((path) => existsSync(path))).toEqual([false, true, true, true]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['link', 'dangling', 'folder']));
  });

  test('of whichever chat they are, when this one has filled the folder', () => {
    const { folder, files } = fresh();
    const chat = files();
    for (let n = 0; n < 20; n++) {
      old(folder, `other-${n}.png`, 12 * KIB, 100 - n);
      expect(chat.save(image(12 * KIB))).toContain(': ~/');
      expect(sizeOf(folder)).toBeLessThanOrEqual(2 * 64 * KIB);
    }
    expect(existsSync(join(folder, 'other-0.png'))).toBe(false);
  });
});

test('a folder that cannot be made is told, and nothing waits for it', (context) => {
  if (process.platform !== 'linux') return context.skip('there is no /proc here');
  expect(new SavedFiles('/proc/none/files', '/proc').save(image(1))).toMatch(/; not saved: ENOENT/);
});

test('a folder that is gone is made again with the next file', () => {
  const { folder, files } = fresh();
  const chat = files();
  chat.save(image(1));
  rmSync(folder, { recursive: true });
  expect(chat.save(image(1))).toContain('; not saved: ENOENT');
  expect(chat.save(image(1))).toContain(': ~/');
});
