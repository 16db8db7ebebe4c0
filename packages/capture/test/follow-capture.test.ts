// Long because each promise of following a file that grows needs a writer of its own.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { type CaptureRecord, type CaughtUp, type Entry, type TornStretch, readCapture } from '@mcp-dbg/capture';
import { CaptureWriter, followCapture } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fixture } from './running.ts';
import { type Step, cut, decode, inFolder, record, stream } from './writing.ts';

type Followed = CaptureRecord | TornStretch | CaughtUp;

const steps: readonly Step[] = [
  { event: { kind: 'spawn', pid: 4102 } },
  { from: 'client', bytes: Buffer.from('{"jsonrpc":"2.0","id":0,"method":"ping"}\n') },
  { from: 'server', bytes: Uint8Array.of(0, 255, 254, 10, 13) },
  { from: 'stderr', bytes: Buffer.from('{"t":"') },
  { event: { kind: 'exit', code: 1, signal: null } },
];

/** A reading of a capture that grows, which the test asks for one record after the other. */
function following(path: string): {
  readonly abort: () => void;
  /** The next record, whatever it is. */
  readonly next: () => Promise<Followed | undefined>;
  /** The records up to the next word that all was given, without it. */
  readonly untilCaughtUp: () => Promise<readonly Followed[]>;
  /** The records up to the end. */
  readonly rest: () => Promise<readonly (CaptureRecord | TornStretch)[]>;
} {
  const stop = new AbortController();
  const records = followCapture(path, stop.signal);
  const next = async (): Promise<Followed | undefined> => {
    const { done, value } = await records.next();
    return done === true ? undefined : value;
  };
  const until = async (isLast: (record: Followed) => boolean): Promise<readonly Followed[]> => {
    const found: Followed[] = [];
    for (let record = await next(); record !== undefined; record = await next()) {
      if (isLast(record)) return found;
      found.push(record);
    }
    return found;
  };
  return {
    abort: () => stop.abort(),
    next,
    untilCaughtUp: () => until(({ t }) => t === 'caught-up'),
    rest: async () => (await until(() => false)).filter((each) => each.t !== 'caught-up'),
  };
}

/** The kinds of records, and the text of data. */
function brief(records: readonly Followed[]): readonly string[] {
  return records.map((each) => (each.t === 'data' ? Buffer.from(each.bytes).toString('latin1') : each.t));
}

/** A process that records what it is told. */
async function writerProcess(path: string): Promise<{
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly read: (text: string) => Promise<void>;
}> {
  const [file, ...args] = fixture('write-on-demand', path);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    child,
    read: async (text) => {
      const taken = once(child.stdout, 'data');
      child.stdin.write(text);
      await taken;
    },
  };
}

describe.concurrent('followCapture', () => {
  it('gives each read as soon as it is written, and ends when the writer closes the capture', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection();
      const followed = following(writer.path);
      expect(brief(await followed.untilCaughtUp())).toEqual(['open']);
      for (const text of ['one\n', 'half', ' a line\n', '{"t":"']) {
        let next = followed.next();
        connection.read('server', Buffer.from(text));
        // It may say once more that it had caught up before.
        while ((await next)?.t === 'caught-up') next = followed.next();
        expect(brief([(await next) ?? { t: 'caught-up' }])).toEqual([text]);
      }
      writer.close();
      expect(brief(await followed.rest())).toEqual(['close']);
    });
  });

  it('waits for what is there of a record, however it is cut, and gives what a reading at the end gives', async () => {
    await inFolder(async (folder) => {
      const file = record(join(folder, 'whole.mcpcap'), steps);
      const other = record(join(folder, 'other.mcpcap'), steps.slice(0, 2));
      const path = join(folder, 'a.mcpcap');
      const places = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(places, fc.boolean(), async (at, isJoined) => {
          const bytes = isJoined ? Buffer.concat([file.subarray(0, file.length - 90), other]) : file;
          writeFileSync(path, '');
          const records = following(path).rest();
          for (const piece of cut(bytes, at)) {
            await new Promise(setImmediate);
            appendFileSync(path, piece);
          }
          // Plain arrays, so that two readings compare equal.
          const plain = (await records).map((each) =>
            each.t === 'data' ? { ...each, bytes: new Uint8Array(each.bytes) } : each,
          );
          expect(plain).toEqual(decode(bytes));
        }),
        { numRuns: 30 },
      );
    });
  });

  it('does not take for torn what has not been written yet', async () => {
    await inFolder(async (folder) => {
      const file = record(join(folder, 'whole.mcpcap'), steps);
      const path = join(folder, 'a.mcpcap');
      const half = file.indexOf('"method":"ping"');
      writeFileSync(path, file.subarray(0, half));
      const followed = following(path);
      expect(brief(await followed.untilCaughtUp())).toEqual(['open', 'spawn']);
      appendFileSync(path, file.subarray(half));
      const [first, ...rest] = await followed.rest();
      expect(brief(first === undefined ? [] : [first])).toEqual(['{"jsonrpc":"2.0","id":0,"method":"ping"}\n']);
      expect(rest.map(({ t }) => t)).toEqual(['data', 'data', 'exit', 'close']);
    });
  });

  it('goes on with a capture that is joined to a closed one', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const file = record(path, steps.slice(0, 1));
      appendFileSync(path, file);
      expect(brief(await following(path).rest())).toEqual(['open', 'spawn', 'close', 'open', 'spawn', 'close']);
    });
  });

  it('follows another process, byte for byte, to its end', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const { child, read } = await writerProcess(path);
      const followed = following(path);
      const records = followed.rest();
      for (const text of ['a', 'b\n', 'c\u00e4\n']) await read(text);
      child.stdin.end('end');
      const found = await records;
      expect(stream(found, 'server').toString()).toBe('ab\nc\u00e4\n');
      expect(found.at(-1)?.t).toBe('close');
    });
  });

  it('ends when the writer is killed, with all that it had written', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const { child, read } = await writerProcess(path);
      await read('last words');
      const followed = following(path);
      expect(brief(await followed.untilCaughtUp())).toEqual(['open', 'last words']);
      child.kill('SIGKILL');
      expect(await followed.rest()).toEqual([]);
      appendFileSync(path, '{"t":"data","c":"');
      expect(brief(await following(path).rest())).toEqual(['open', 'last words', 'torn']);
    });
  });

  it('follows a file that is renamed', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const followed = following(writer.path);
      expect(brief(await followed.untilCaughtUp())).toEqual(['open']);
      renameSync(writer.path, join(folder, 'b.mcpcap'));
      const next = followed.next();
      writer.connection().read('client', Buffer.from('x'));
      expect(await next).toMatchObject({ t: 'data', from: 'client' });
      writer.close();
      expect(brief(await followed.rest())).toEqual(['close']);
    });
  });

  it.each([
    ['deleted', 'was deleted', (path: string): void => rmSync(path)],
    ['replaced', 'was deleted or replaced', (path: string): void => renameSync(`${path}.other`, path)],
    ['cut', 'was cut shorter', (path: string): void => truncateSync(path, 0)],
    [
      'overwritten',
      'another capture took its place',
      (path: string): void => writeFileSync(path, readFileSync(`${path}.other`).subarray(0, -50)),
    ],
  ])('says what happened to a file that is %s', async (_, why, harm) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      record(`${path}.other`, []);
      record(path, steps, false);
      const followed = following(path);
      await followed.untilCaughtUp();
      harm(path);
      await expect(followed.next()).rejects.toMatchObject({
        name: 'CaptureError',
        code: 'UNAVAILABLE',
        message: expect.stringContaining(why) as string,
      });
    });
  });

  it('ends well where a capture is closed and then deleted', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const followed = following(writer.path);
      await followed.untilCaughtUp();
      writer.close();
      rmSync(writer.path);
      expect(brief(await followed.rest())).toEqual(['close']);
    });
  });

  it('gives nothing twice where the writer cuts a half-written record off, as it does when the disk is full', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const file = record(path, [...steps, { from: 'server', bytes: Buffer.alloc(500, 'x') }], false);
      const [c = ''] = /(?<="c":")\w+/.exec(file.toString('latin1')) ?? [];
      truncateSync(path, file.length - 10);
      const followed = following(path);
      expect(await followed.untilCaughtUp()).toHaveLength(6);
      truncateSync(path, file.lastIndexOf('{"t":"data"'));
      appendFileSync(path, `{"t":"close","c":"${c}","seq":6,"us":9}\n`);
      expect(brief(await followed.rest())).toEqual(['close']);
    });
  });

  it('waits for the first record of a file that is still empty', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const file = record(path, []);
      for (const start of [0, 1, 5]) {
        writeFileSync(path, file.subarray(0, start));
        const records = following(path).rest();
        await new Promise(setImmediate);
        appendFileSync(path, file.subarray(start));
        expect(brief(await records)).toEqual(['open', 'close']);
      }
    });
  });

  it('ends at once when it is called off, and gives nothing more', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      record(path, steps, false);
      const waiting = following(path);
      await waiting.untilCaughtUp();
      const next = waiting.next();
      waiting.abort();
      expect(await next).toBeUndefined();
      const busy = following(path);
      await busy.next();
      busy.abort();
      expect(await busy.next()).toBeUndefined();
    });
  });

  it('says what a path leads to that is no capture', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await expect(following(path).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      writeFileSync(path, 'my notes');
      await expect(following(path).next()).rejects.toMatchObject({ code: 'NOT_A_CAPTURE' });
    });
  });

  it('lets a live view show a request that still waits, and its answer when it comes', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection();
      connection.read('client', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}\n'));
      const entries = readCapture(followCapture(writer.path, new AbortController().signal));
      const next = async (): Promise<Entry | undefined> => {
        const { done, value } = await entries.next();
        return done === true ? undefined : value;
      };
      expect(await next()).toMatchObject({ kind: 'event', event: { t: 'open' } });
      expect(await next()).toMatchObject({ kind: 'exchange', exchange: { n: 1, status: 'pending' } });
      connection.read('server', Buffer.from('{"jsonrpc":"2.0","id":1,"result":{}}\n'));
      expect(await next()).toMatchObject({
        kind: 'exchange',
        exchange: { kind: 'response', method: 'ping', status: 'ok' },
      });
      writer.close();
      expect(await next()).toMatchObject({ kind: 'event', event: { t: 'close' } });
      expect(await next()).toBeUndefined();
    });
  });
});
