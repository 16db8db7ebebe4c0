import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { CaptureWriter, captureFolder, captureName, listCaptures, pruneOldCaptures } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fixture } from './running.ts';
import { stored } from './storing.ts';
import { inFolder } from './writing.ts';

describe('captureFolder', () => {
  it('is the same whatever the environment says', () => {
    expect(captureFolder('/home/me', 'linux')).toBe('/home/me/.local/state/mcp-dbg/captures');
    expect(captureFolder('/home/me', 'freebsd')).toBe('/home/me/.local/state/mcp-dbg/captures');
    expect(captureFolder('/Users/me', 'darwin')).toBe('/Users/me/Library/Application Support/mcp-dbg/captures');
  });
});

describe('captureName', () => {
  const at = new Date('2026-11-20T20:40:00.123Z');

  it('is made of time, label and pid', () => {
    expect(captureName({ at, label: 'weather', pid: 4101 })).toBe('20261120T204000.123Z-weather-4101.mcpcap');
  });

  it.each([
    ['../../etc/passwd', '20261120T204000.123Z-etc-passwd-1.mcpcap'],
    ['a b\n\u{202e}c', '20261120T204000.123Z-a-b-c-1.mcpcap'],
    ['Wëtter-Übersicht', '20261120T204000.123Z-Wetter-Ubersicht-1.mcpcap'],
    ['', '20261120T204000.123Z-capture-1.mcpcap'],
    ['...', '20261120T204000.123Z-capture-1.mcpcap'],
    ['x'.repeat(300), `20261120T204000.123Z-${'x'.repeat(40)}-1.mcpcap`],
  ])('makes a safe name of %j', (label, name) => {
    expect(captureName({ at, label, pid: 1 })).toBe(name);
  });

  it('never leads out of its folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (label) => {
        const name = captureName({ at, label, pid: 1 });
        expect(name).toMatch(/^[\w.-]+\.mcpcap$/);
        expect(name).not.toContain('..');
        expect(basename(name)).toBe(name);
      }),
    );
  });
});

describe('listCaptures', () => {
  it('gives the captures of a folder by the start time that they tell, and nothing else', async () => {
    await inFolder(async (folder) => {
      expect(await listCaptures(folder)).toEqual([]);
      expect(await listCaptures(join(folder, 'missing'))).toEqual([]);
      const first = stored(folder, 'z', '2026-11-20T00:00:01.000Z');
      const last = stored(folder, 'a', '2026-11-20T00:00:03.000Z', { close: false });
      const middle = stored(folder, 'm', '2026-11-20T00:00:02.000Z');
      writeFileSync(join(folder, 'zz.mcpcap'), 'no capture');
      writeFileSync(join(folder, 'empty.mcpcap'), '');
      mkdirSync(join(folder, 'folder.mcpcap'));
      symlinkSync(first, join(folder, 'link.mcpcap'));
      expect((await listCaptures(folder)).map(({ path }) => path)).toEqual([first, middle, last]);
    });
  });

  it('finds all among more files than may be open at once', async () => {
    await inFolder(async (folder) => {
      const text = readFileSync(stored(folder, 'c0', '2026-11-20T00:00:01.100Z', { size: 1 }), 'latin1');
      for (let index = 1; index < 300; index++)
        writeFileSync(join(folder, `c${index}.mcpcap`), text.replace('01.100Z', `01.${index + 100}Z`));
      const found = await listCaptures(folder);
      expect(found).toHaveLength(300);
      expect(found.at(-1)?.path).toBe(join(folder, 'c299.mcpcap'));
    });
  });

  it('tells label, writer, command, size, state and length', async () => {
    await inFolder(async (folder) => {
      let now = 0;
      const writer = new CaptureWriter({
        path: join(folder, captureName({ at: new Date(), label: 'weather v2', pid: process.pid })),
        argv: ['python3', 'weather.py', '--token', 'abc'],
        label: 'weather v2',
        now: () => (now += 5),
      });
      writer.connection().read('client', Buffer.alloc(200_000, '\n'));
      const [open] = await listCaptures(folder);
      expect(open).toMatchObject({
        path: writer.path,
        label: 'weather-v2',
        pid: process.pid,
        ppid: process.ppid,
        argv: ['python3', 'weather.py', '--token', '***'],
        state: 'open',
        us: undefined,
        isProbe: false,
      });
      expect(open?.size).toBeGreaterThan(200_000);
      writer.close();
      expect(await listCaptures(folder)).toMatchObject([{ state: 'closed', us: 10_000 }]);
    });
  });

  it('knows a writer that was killed from one that lives', async () => {
    await inFolder(async (folder) => {
      const [file, ...args] = fixture('write-on-demand', join(folder, 'a.mcpcap'));
      const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const state = async (): Promise<string | undefined> => (await listCaptures(folder))[0]?.state;
      expect(await state()).toBe('open');
      expect((await pruneOldCaptures(folder, { before: Infinity })).kept).toHaveLength(1);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await state()).toBe('died');
      expect((await pruneOldCaptures(folder, { before: Infinity })).deleted).toHaveLength(1);
    });
  });

  it.each([
    ['20261120T204000.123Z-weather-4101', 'weather'],
    ['20261120T204000.123Z-weather-v-2-4101', 'weather-v-2'],
    ['20261120T204000.123Z-weather-4101-4101-2', 'weather'],
    ['my notes', 'my notes'],
    ['20261120-x-1', '20261120-x-1'],
  ])('reads the label in the name %s', async (name, label) => {
    await inFolder(async (folder) => {
      stored(folder, name, '2026-11-20T00:00:01.000Z');
      expect(await listCaptures(folder)).toMatchObject([{ label }]);
    });
  });

  it('reads the start of a capture whose command line is longer than usual', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), argv: ['x', 'ä'.repeat(50_000)] });
      writer.close();
      expect(await listCaptures(folder)).toMatchObject([{ state: 'closed', argv: ['x', 'ä'.repeat(50_000)] }]);
    });
  });
});
