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
  labelCapture,
  listCaptures,
  openCapture,
  probeOf,
  probedBy,
  pruneCaptures,
  pruneOldCaptures,
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

describe('labelCapture', () => {
  const NAME = '20261120T204000.123Z-weather-4101';

  it('changes the label in the name and nothing else, and the writer goes on', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, `${NAME}.mcpcap`) });
      const path = await labelCapture(writer.path, 'before the fix!');
      expect(path).toBe(join(folder, '20261120T204000.123Z-before-the-fix-4101.mcpcap'));
      writer.connection().read('client', Buffer.from('x'));
      writer.close();
      expect(readdirSync(folder)).toEqual([basename(path)]);
      expect(decode(readFileSync(path)).map(({ t }) => t)).toEqual(['open', 'data', 'close']);
      expect(await labelCapture(path, 'before the fix!')).toBe(path);
    });
  });

  it('makes the label the whole name of a file that was named by a person', async () => {
    await inFolder(async (folder) => {
      const path = await labelCapture(stored(folder, 'x', '2026-11-20T00:00:01.000Z'), 'crash');
      expect(path).toBe(join(folder, 'crash.mcpcap'));
      expect(await listCaptures(folder)).toMatchObject([{ label: 'crash' }]);
    });
  });

  it('never overwrites', async () => {
    await inFolder(async (folder) => {
      const [one, other] = ['one', 'other'].map((name) => stored(folder, name, '2026-11-20T00:00:01.000Z'));
      const before = [one, other].map((path) => readFileSync(path ?? ''));
      await expect(labelCapture(one ?? '', 'other')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
      expect([one, other].map((path) => readFileSync(path ?? ''))).toEqual(before);
    });
  });

  it.each([
    ['an empty label', 'BAD_ARGUMENTS', ' ../..', 'x.mcpcap'],
    ['a missing file', 'NOT_FOUND', 'a', 'missing.mcpcap'],
    ['a folder', 'NOT_A_FILE', 'a', '.'],
    ['another file', 'NOT_A_CAPTURE', 'a', 'notes.mcpcap'],
  ])('refuses %s, and changes nothing', async (_, code, label, name) => {
    await inFolder(async (folder) => {
      stored(folder, 'x', '2026-11-20T00:00:01.000Z');
      writeFileSync(join(folder, 'notes.mcpcap'), 'my notes');
      await expect(labelCapture(join(folder, name), label)).rejects.toMatchObject({ name: 'CaptureError', code });
      expect(readdirSync(folder).toSorted()).toEqual(['notes.mcpcap', 'x.mcpcap']);
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

describe('a probe on a process that is thrown away', () => {
  const discover = '{"jsonrpc":"2.0","id":0,"method":"server/discover"}\n';
  const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled"}\n';
  const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call"}\n';

  interface Told {
    readonly said?: string;
    readonly argv?: string;
    /** Null for a capture that does not tell. */
    readonly ppid?: number | null;
    readonly close?: boolean;
  }

  /** A capture that began at a second, and in which the client said something; after it, its writer is gone. */
  function told(folder: string, second: number, { said = discover, argv = 'a.py', ppid = 7 }: Told = {}): string {
    const path = join(folder, `${second}.mcpcap`);
    const text = record(path, [
      { from: 'client', bytes: Buffer.from(said) },
      { from: 'server', bytes: Buffer.from('{}\n') },
    ]);
    writeFileSync(
      path,
      text
        .toString('latin1')
        .replace(/"at":"[^"]+"/, `"at":"2026-11-20T00:00:${String(second).padStart(2, '0')}.000Z"`)
        .replace('weather.py', argv)
        .replace(/"ppid":\d+,?/, ppid === null ? '' : `"ppid":${ppid},`)
        .replace(/,\}/, '}'),
      'latin1',
    );
    return path;
  }

  /** The paths of the probe of the last capture, and of the capture that the first is the probe of. */
  async function pair(folder: string): Promise<readonly (string | undefined)[]> {
    const all = await listCaptures(folder);
    const [first, last] = [all.at(0), all.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [probeOf(last, all)?.path, probedBy(first, all)?.path];
  }

  it.each<[string, Told, Told, number]>([
    ['right before it', {}, { said: discover + call }, 1],
    ['some seconds before it', {}, { said: call }, 4],
    ['of a writer that told no parent', { ppid: null }, { said: call }, 1],
    ['with a notification', { said: discover + cancelled }, { said: call }, 1],
    ['in several pieces', { said: discover + discover }, { said: call }, 1],
  ])('is found by its connection, and finds it: %s', async (_, probe, main, after) => {
    await inFolder(async (folder) => {
      const [one, other] = [told(folder, 1, probe), told(folder, 1 + after, main)];
      expect(await pair(folder)).toEqual([one, other]);
    });
  });

  it.each<[string, Told, Told, number]>([
    ['of another command', { argv: 'b.py' }, { said: call }, 1],
    ['of another host', { ppid: 8 }, { said: call }, 1],
    ['long before', {}, { said: call }, 6],
    ['that asked more', { said: discover + call }, { said: call }, 1],
    ['that asked nothing', { said: cancelled }, { said: call }, 1],
    ['that asked in a batch', { said: `[${discover.trim()}]\n` }, { said: call }, 1],
    ['of another probe', {}, {}, 1],
  ])('is none: %s', async (_, probe, main, after) => {
    await inFolder(async (folder) => {
      told(folder, 1, probe);
      told(folder, 1 + after, main);
      expect(await pair(folder)).toEqual([undefined, undefined]);
    });
  });

  it('is not one as long as its writer lives: it may ask more', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), argv: ['x'] });
      writer.connection().read('client', Buffer.from(discover));
      expect(await listCaptures(folder)).toMatchObject([{ state: 'open', isProbe: false }]);
      writer.close();
      expect(await listCaptures(folder)).toMatchObject([{ isProbe: true }]);
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
