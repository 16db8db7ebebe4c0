import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import {
  CaptureWriter,
  captureFolder,
  captureName,
  newestCapture,
  openCapture,
  pruneCaptures,
} from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fixture } from './running.ts';
import { decode, inFolder, record } from './writing.ts';

/** Writes a closed capture of about `size` bytes that says it was started at `at`, by the process `pid`. */
function stored(folder: string, name: string, at: string, { size = 1000, pid = 1, close = true } = {}): string {
  const path = join(folder, `${name}.mcpcap`);
  const file = record(path, [{ from: 'client', bytes: Buffer.alloc(size, 'x') }], close);
  const text = file
    .toString('latin1')
    .replace(/"at":"[^"]+"/, `"at":"${at}"`)
    .replace(/"pid":\d+/, `"pid":${pid}`);
  writeFileSync(path, text, 'latin1');
  return path;
}

/** The id of a process that is gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

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

describe('newestCapture', () => {
  it('goes by the start time that the capture tells', async () => {
    await inFolder(async (folder) => {
      expect(await newestCapture(folder)).toBeUndefined();
      stored(folder, 'z', '2026-11-20T00:00:01.000Z');
      const newest = stored(folder, 'a', '2026-11-20T00:00:03.000Z', { close: false });
      stored(folder, 'm', '2026-11-20T00:00:02.000Z');
      writeFileSync(join(folder, 'zz.mcpcap'), 'no capture');
      expect(await newestCapture(folder)).toBe(newest);
    });
  });

  it('finds it among more files than may be open at once', async () => {
    await inFolder(async (folder) => {
      for (let index = 0; index < 300; index++)
        stored(folder, `c${index}`, `2026-11-20T00:00:01.${index + 100}Z`, { size: 1 });
      expect(await newestCapture(folder)).toBe(join(folder, 'c299.mcpcap'));
    });
  });
});

describe('openCapture', () => {
  it('gives the records of a file of many chunks', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const sizes = [1, 3_000_000, 65_536, 1_048_576, 7];
      const file = record(
        path,
        sizes.map((size) => ({ from: 'server', bytes: Buffer.alloc(size, '0123456789') })),
      );
      const expected = decode(file);
      let at = 0;
      for await (const each of openCapture(path)) {
        const other = expected[at++];
        expect(each.t).toBe(other?.t);
        if (each.t === 'data' && other?.t === 'data') expect(Buffer.compare(each.bytes, other.bytes)).toBe(0);
      }
      expect(at).toBe(expected.length);
    });
  });

  it('reads the capture of a writer that still runs', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      writer.connection().read('client', Buffer.from('half a li'));
      const kinds: string[] = [];
      for await (const { t } of openCapture(writer.path)) kinds.push(t);
      expect(kinds).toEqual(['open', 'data']);
      writer.close();
    });
  });

  it.each([
    ['a missing file', 'NOT_FOUND', (): unknown => undefined],
    ['a folder', 'NOT_A_FILE', (path: string): unknown => mkdirSync(path)],
    ['another file', 'NOT_A_CAPTURE', (path: string): unknown => writeFileSync(path, '{"jsonrpc":"2.0"}\n')],
    [
      'a capture of the future',
      'NEWER_FORMAT',
      (path: string): unknown =>
        writeFileSync(path, '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":2,"at":"","pid":1}\n'),
    ],
  ])('says of %s what it is: %s', async (_, code, make) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'x.mcpcap');
      make(path);
      const reading = openCapture(path).next();
      await expect(reading).rejects.toMatchObject({ name: 'CaptureError', code });
      await expect(reading).rejects.toThrow(path);
    });
  });

  it('does not wait for the writer of a named pipe', async (context) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'pipe.mcpcap');
      const [code] = (await once(spawn('mkfifo', [path], { stdio: 'ignore' }), 'exit').catch(() => [1])) as [number];
      if (code !== 0) context.skip('this system has no mkfifo');
      await expect(openCapture(path).next()).rejects.toMatchObject({ code: 'NOT_A_FILE' });
      expect(() => new CaptureWriter({ path })).toThrow(expect.objectContaining({ code: 'NOT_A_FILE' }));
    });
  });
});

describe('two writers at one moment', () => {
  it('never share a file', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const runs = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const [file, ...args] = fixture('write-limited', path, '10', '20000', '30');
          return (await once(spawn(file, args, { stdio: 'ignore' }), 'exit')) as [number];
        }),
      );
      expect(runs.map(([code]) => code)).toEqual([0, 0, 0, 0]);
      const names = readdirSync(folder);
      expect(names).toHaveLength(4);
      for (const name of names) {
        const kinds = decode(readFileSync(join(folder, name))).map(({ t }) => t);
        expect(kinds).toEqual(['open', 'spawn', 'data', 'data', 'data', 'exit', 'close']);
      }
    });
  });
});
