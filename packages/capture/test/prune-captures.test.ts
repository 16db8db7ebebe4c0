import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter, pruneCaptures, pruneOldCaptures } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { deadPid, stored } from './storing.ts';
import { inFolder } from './writing.ts';

describe('pruneCaptures', () => {
  it('deletes the oldest by start time until the rest fits', async () => {
    await inFolder(async (folder) => {
      const pid = await deadPid();
      // Names and times of change tell the opposite of the start times.
      const young = stored(folder, 'a', '2026-11-20T00:00:03.000Z', { pid });
      const middle = stored(folder, 'b', '2026-11-20T00:00:02.000Z', { pid });
      const old = stored(folder, 'c', '2026-11-20T00:00:01.000Z', { pid });
      expect(await pruneCaptures(folder, 10_000)).toEqual([]);
      expect(await pruneCaptures(folder, 3000)).toEqual([old]);
      expect([young, middle, old].map((path) => existsSync(path))).toEqual([true, true, false]);
      expect(await pruneCaptures(folder, 0)).toEqual([middle, young]);
    });
  });

  it('never deletes a capture whose writer lives', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'mine.mcpcap') });
      writer.connection().read('client', Buffer.alloc(5000));
      expect(await pruneCaptures(folder, 0)).toEqual([]);
      writer.close();
      expect(await pruneCaptures(folder, 0)).toEqual([writer.path]);
    });
  });

  it('deletes a capture whose writer died, even in the middle of a record', async () => {
    await inFolder(async (folder) => {
      const path = stored(folder, 'torn', '2026-11-20T00:00:01.000Z', { pid: await deadPid(), close: false });
      truncateSync(path, 700);
      expect(await pruneCaptures(folder, 0)).toEqual([path]);
    });
  });

  it('is not fooled by bytes that look like the end of a capture', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'mine.mcpcap') });
      writer.connection().read('client', Buffer.from('{"t":"close","c":"0123456789abcdef","seq":2,"us":1}\n'));
      expect(await pruneCaptures(folder, 0)).toEqual([]);
      writer.close();
    });
  });

  it('leaves everything that is no capture', async () => {
    await inFolder(async (folder) => {
      const target = stored(folder, 'target', '2026-11-20T00:00:01.000Z');
      const kept = join(folder, 'elsewhere');
      renameSync(target, kept);
      symlinkSync(kept, join(folder, 'link.mcpcap'));
      mkdirSync(join(folder, 'folder.mcpcap'));
      writeFileSync(join(folder, 'text.mcpcap'), 'my notes '.repeat(1000));
      writeFileSync(join(folder, 'empty.mcpcap'), '');
      expect(await pruneCaptures(folder, 0)).toEqual([]);
      expect(await pruneCaptures(join(folder, 'missing'), 0)).toEqual([]);
      expect(await pruneCaptures(kept, 0)).toEqual([]);
    });
  });
});

describe('pruneOldCaptures', () => {
  const at = (second: number): string => `2026-11-20T00:00:0${second}.000Z`;

  it('deletes what ended before a time, or only tells it', async () => {
    await inFolder(async (folder) => {
      const old = stored(folder, 'old', at(1));
      const young = stored(folder, 'young', at(5));
      writeFileSync(join(folder, 'notes.mcpcap'), 'my notes');
      const before = Date.parse(at(3));
      const told = await pruneOldCaptures(folder, { before, dryRun: true });
      expect(told).toMatchObject({ deleted: [{ path: old }], kept: [], refused: [] });
      expect(existsSync(old)).toBe(true);
      expect(await pruneOldCaptures(folder, { before })).toEqual(told);
      expect([existsSync(old), existsSync(young), existsSync(join(folder, 'notes.mcpcap'))]).toEqual([
        false,
        true,
        true,
      ]);
    });
  });

  it('goes by the end of a capture, not by its start', async () => {
    await inFolder(async (folder) => {
      const path = stored(folder, 'long', at(1));
      const text = readFileSync(path, 'latin1');
      writeFileSync(path, text.replace(/("t":"close".*"us":)\d+/, '$15000000'), 'latin1');
      expect((await pruneOldCaptures(folder, { before: Date.parse(at(5)) })).deleted).toEqual([]);
      expect((await pruneOldCaptures(folder, { before: Date.parse(at(7)) })).deleted).toHaveLength(1);
    });
  });

  it('keeps what does not tell when it began', async () => {
    await inFolder(async (folder) => {
      stored(folder, 'x', 'yesterday');
      expect(await pruneOldCaptures(folder, { before: Infinity })).toEqual({ deleted: [], kept: [], refused: [] });
    });
  });
});
