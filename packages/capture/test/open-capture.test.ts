import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { CaptureWriter, openCapture, openCaptureStream } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { fixture } from './running.ts';
import { decode, inFolder, record } from './writing.ts';

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

describe('openCaptureStream', () => {
  async function all(stream: AsyncIterable<Uint8Array>): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for await (const each of openCaptureStream(stream, 'stdin')) found.push(each);
    return found;
  }

  it('reads what a file holds, whatever pieces it comes in', async () => {
    await inFolder(async (folder) => {
      const bytes = record(join(folder, 'a.mcpcap'), [{ from: 'server', bytes: Buffer.from('hello') }]);
      const plain = new Uint8Array(bytes);
      const pieces = Array.from({ length: Math.ceil(plain.length / 7) }, (_, at) => plain.subarray(at * 7, at * 7 + 7));
      expect(await all(Readable.from(pieces))).toEqual(decode(bytes));
    });
  });

  it.each([
    ['nothing', Readable.from([]), 'NOT_A_CAPTURE', /"stdin": it is empty/],
    ['another text', Readable.from([Buffer.from('my notes')]), 'NOT_A_CAPTURE', /"stdin": This is not a capture/],
    [
      'a stream that breaks',
      new Readable({
        read: (): never => {
          throw Object.assign(new Error('broken'), { code: 'EIO' });
        },
      }),
      'UNAVAILABLE',
      /"stdin": the system refused \(EIO\)/,
    ],
  ])('says what is wrong with %s', async (_, input, code, why) => {
    const reading = all(input);
    await expect(reading).rejects.toMatchObject({ name: 'CaptureError', code });
    await expect(reading).rejects.toThrow(why);
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
