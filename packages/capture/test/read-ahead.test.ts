import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { dataStartOf } from '../src/data-place.ts';
import { type Part, ReadAhead, type ReadAheadOf } from '../src/node/read-ahead.ts';
import { PLACES } from '../src/skim/line-scan.ts';
import { type Step, inFolder, record } from './writing.ts';

const FRAME = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
const STEPS: readonly Step[] = Array.from({ length: 2000 }, () => ({ from: 'client', bytes: FRAME }));

/** A capture, and how it is read ahead. */
function captured(folder: string): ReadAheadOf & { readonly bytes: Buffer } {
  const path = join(folder, 'a.mcpcap');
  record(path, STEPS);
  const bytes = readFileSync(path);
  const c = /"c":"([0-9a-f]{16})"/.exec(bytes.toString('latin1'))?.[1] ?? '';
  return { path, file: statSync(path, { bigint: true }), c, chunkBytes: 20_000, lead: 0, bytes };
}

/** What a thread gives once it runs. */
async function first(ahead: ReadAhead, offset: number): Promise<Part | undefined> {
  for (;;) {
    const part = ahead.next(offset);
    if (part !== 'wait') return part;
    await turn();
  }
}

describe('ReadAhead', () => {
  it('gives part by part what is in the file', async () => {
    await inFolder(async (folder) => {
      const { bytes, ...of } = captured(folder);
      const ahead = ReadAhead.start(of);
      if (ahead === undefined) throw new Error('no thread was started');
      try {
        let offset = bytes.indexOf(dataStartOf(of.c));
        let rows = 0;
        let part: ReturnType<ReadAhead['next']>;
        for (part = await first(ahead, offset); part !== undefined && part !== 'wait'; part = ahead.next(offset)) {
          const window = part.window.subarray(PLACES.first);
          expect(part.offset).toBe(offset);
          expect(part.isUtf8).toBe(true);
          expect(window.equals(bytes.subarray(offset, offset + window.length))).toBe(true);
          rows += part.scan.records(PLACES.first, part.window.length);
          offset += window.lastIndexOf(dataStartOf(of.c));
        }
        expect(offset).toBeGreaterThan(bytes.length - 2 * of.chunkBytes);
        expect(rows).toBeGreaterThan(STEPS.length / 2);
      } finally {
        ahead.stop();
      }
    });
  });

  it('reads no other file that came to its path', async () => {
    await inFolder(async (folder) => {
      const ahead = ReadAhead.start({ ...captured(folder), file: { dev: 0n, ino: 0n } });
      expect(ahead && (await first(ahead, 0))).toBeUndefined();
      expect(ahead).toBeDefined();
    });
  });

  it('never waits for a thread that does not run', async () => {
    await inFolder(async (folder) => {
      const { path, ...of } = captured(folder);
      const ahead = ReadAhead.start({ ...of, path: `${path}.gone` });
      expect(ahead && (await first(ahead, 0))).toBeUndefined();
      expect(ahead).toBeDefined();
    });
  });

  it('is left out where there is no memory for it', async () => {
    await inFolder(async (folder) => {
      expect(ReadAhead.start({ ...captured(folder), chunkBytes: 2 ** 40 })).toBeUndefined();
    });
  });
});
