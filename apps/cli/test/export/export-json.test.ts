import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exportJson } from '../../src/export/export-json.ts';
import { HIDDEN, HOSTILE_TEXT } from './hostile.ts';
import { OPEN, type Step, entriesOf, notice, result, rpc, said, textOf } from './made-capture.ts';
import { STORY } from './story.ts';

type Line = Readonly<Record<string, unknown>>;

async function exported(steps: readonly Step[]): Promise<string> {
  return await textOf(exportJson(await entriesOf(steps)));
}

async function lines(steps: readonly Step[]): Promise<readonly Line[]> {
  const text = await exported(steps);
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

describe('exportJson', () => {
  it('gives a story line by line', async () => {
    await expect(await exported(STORY)).toMatchFileSnapshot('golden/story.jsonl.txt');
  });

  it('gives nothing of nothing', async () => {
    expect(await textOf(exportJson([]))).toBe('');
  });

  it('gives every frame at its own time, so that an answer stands behind what came before it', async () => {
    const all = await lines([
      said('client', rpc(1, 'slow')),
      said('client', rpc(2, 'quick')),
      said('stderr', 'working\n'),
      said('server', result(2)),
      said('server', notice('other')),
      said('server', result(1)),
    ]);
    expect(all.map(({ n, stderr }) => n ?? stderr)).toEqual([1, 2, 'working', 3, 4, 5]);
    expect(all.map(({ of, ms }) => [of, ms])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
      [2, 2],
      [undefined, undefined],
      [1, 5],
    ]);
  });

  it('keeps digits and the order of keys of a message, without the carriage return behind it', async () => {
    const text = await exported([
      said('client', '\uFEFF{"id":9007199254740993,"method":"ping","jsonrpc":"2.0","v":1.0}\r\n'),
    ]);
    expect(text).toContain('"message":{"id":9007199254740993,"method":"ping","jsonrpc":"2.0","v":1.0}}\n');
  });

  it('gives noise as text, and in base64 where it is not UTF-8', async () => {
    const all = await lines([
      said('server', 'Loading..\n42\n'),
      said('server', Buffer.from([0xff, 0x00, 0x0a])),
      said('stderr', Buffer.from([0xfe, 0x0a])),
    ]);
    expect(all).toMatchObject([
      { noise: 'Loading..' },
      { noise: '42' },
      { noiseBase64: '/wA=' },
      { stderrBase64: '/g==' },
    ]);
  });

  it('gives a batch as its array, once, also where it answers several requests', async () => {
    const all = await lines([
      said('client', rpc(1, 'a')),
      said('client', rpc(2, 'b')),
      said('server', [result(1), result(2)]),
      said('client', [rpc(3, 'c'), notice('d')]),
    ]);
    expect(all.map(({ n, of, message }) => [n, of, Array.isArray(message)])).toEqual([
      [1, undefined, false],
      [2, undefined, false],
      [3, 1, true],
      [4, undefined, true],
    ]);
  });

  it('joins what belongs together: progress, late answers, duplicates', async () => {
    const all = await lines([
      said('client', rpc(1, 'tools/call', { name: 'x', _meta: { progressToken: 'p' } })),
      said('server', notice('notifications/progress', { progressToken: 'p', progress: 1 })),
      said('client', notice('notifications/cancelled', { requestId: 1 })),
      said('server', result(1)),
      said('server', result(1)),
    ]);
    expect(all.map(({ n, of }) => [n, of])).toEqual([
      [1, undefined],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
    ]);
  });

  it('tells the wall time of each capture by its own clock, and none where the capture does not say it', async () => {
    const all = await lines([
      OPEN,
      said('client', rpc(1, 'a')),
      { ...OPEN, at: 'yesterday' } as Step,
      said('client', rpc(1, 'b')),
    ]);
    expect(all.map(({ at }) => at)).toEqual([
      '2026-11-20T20:40:00.000Z',
      '2026-11-20T20:40:00.001Z',
      undefined,
      undefined,
    ]);
  });

  it('is one valid line for each thing that happened, whatever peers write', async () => {
    const text = HOSTILE_TEXT;
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('client', 'server', 'stderr'), text).map(([from, what]) => said(from, `${what}\n`)),
      fc.tuple(fc.constantFrom('client', 'server'), text).map(([from, what]) => said(from, rpc(what, what, { what }))),
      fc.tuple(fc.constantFrom('client', 'server'), text).map(([from, what]) => said(from, result(what, { what }))),
      fc.uint8Array({ minLength: 1 }).map((bytes) => said('server', bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const all = await exported([OPEN, ...steps]);
        expect(all).not.toMatch(HIDDEN);
        const numbers = all.split('\n').flatMap((line): number[] => {
          if (line === '') return [];
          const { n } = JSON.parse(line) as { readonly n?: number };
          return n === undefined ? [] : [n];
        });
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
      { numRuns: 50 },
    );
  });
});
