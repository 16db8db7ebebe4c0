import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter, listCaptures, probeOf, probedBy } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { inFolder, record } from './writing.ts';

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
    ['through npx, which is a parent of its own each time', { ppid: 8 }, { said: call }, 1],
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

  it('belongs to the connection of its own host, where two begin at one moment', async () => {
    await inFolder(async (folder) => {
      const probe = told(folder, 1, { ppid: 7 });
      told(folder, 2, { said: call, ppid: 8 });
      const own = told(folder, 3, { said: call, ppid: 7 });
      expect(await pair(folder)).toEqual([probe, own]);
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
