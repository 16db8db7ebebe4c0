import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Entry, type StatsDocument, entrySubject, readCapture, readStats } from '@mcp-dbg/capture';
import { queryFile, statsOfFile } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Filter } from '../src/filter/filter-subject.ts';
import { ScanFile, type ScanPace } from '../src/node/scan-file.ts';
import { CaptureQuery } from '../src/query/capture-query.ts';
import { CaptureStatsScan } from '../src/stats/capture-stats-scan.ts';
import { type Step, cut, decode, inFolder, record } from './writing.ts';

const NEEDS = { text: false, value: false, findings: false };
const ALL: Filter = { matches: () => true, needs: NEEDS };

/** Entries with plain bytes, so that two of them compare equal whatever kind of array they came in. */
function plain(entries: readonly Entry[]): readonly Entry[] {
  const whole = <F extends { readonly bytes: Uint8Array }>(frame: F): F => ({
    ...frame,
    bytes: new Uint8Array(frame.bytes),
  });
  return entries.map((entry) => {
    if (entry.kind === 'event') return entry;
    if (entry.kind === 'stderr') return whole(entry);
    const { frame, answer } = entry.exchange;
    return { ...entry, exchange: { ...entry.exchange, frame: whole(frame), answer: answer && whole(answer) } };
  });
}

async function read(path: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of readCapture(decode(readFileSync(path)))) entries.push(entry);
  return entries;
}

function scanned(path: string, pace: ScanPace, filter: Filter = ALL): readonly Entry[] {
  const file = new ScanFile(path, pace);
  try {
    const found: Entry[] = [];
    const query = new CaptureQuery(file, filter);
    while (query.step(found));
    return found;
  } finally {
    file.close();
  }
}

function counted(path: string, chunkBytes: number, filter?: Filter): StatsDocument {
  const file = new ScanFile(path, { chunkBytes });
  try {
    const stats = new CaptureStatsScan(file, filter);
    while (stats.step());
    return stats.document;
  } finally {
    file.close();
  }
}

const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', progressToken: 1 };
const CALL = { name: 'forecast', arguments: { city: 'Oslo' } };
const TOOLS = [{ name: 'forecast', inputSchema: { type: 'object' } }, { name: 'ü' }];

const LINES = [
  rpc({ id: 1, method: 'tools/call', params: { ...CALL, _meta: META } }),
  rpc({ id: 1, method: 'tools/call', params: { ...CALL, _meta: META, requestState: 's' } }),
  rpc({ id: 2, method: 'tools/call', params: CALL }),
  rpc({ id: 'a', method: 'tools/list' }),
  rpc({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } }),
  rpc({ id: 3, method: 'subscriptions/listen', params: { _meta: META } }),
  rpc({ id: 1, result: { content: [], isError: true } }),
  rpc({ id: 1, result: { resultType: 'input_required', requestState: 's' } }),
  rpc({ id: 2, error: { code: 1, message: 'no' } }),
  rpc({ id: 'a', result: { tools: TOOLS } }),
  rpc({ id: 'a', result: { tools: TOOLS.slice(1), nextCursor: 'x' } }),
  rpc({ id: 0, result: { protocolVersion: '2025-06-18' } }),
  rpc({ method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }),
  rpc({ method: 'notifications/message', params: { data: 'x'.repeat(300) } }),
  rpc({ method: 'notifications/cancelled', params: { requestId: 1 } }),
  rpc({ method: 'x', params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 3 } } }),
  `{"result":{"content":[{"type":"text","text":${JSON.stringify('a "b" \\ \n'.repeat(40))}}]},"jsonrpc":"2.0","id":1}`,
  `[${rpc({ id: 7, method: 'ping' })},${rpc({ id: 8, method: 'ping' })}]`,
  `[${rpc({ id: 7, result: {} })}]`,
  `${rpc({ id: 9, method: 'ping' })}\r`,
  `${rpc({ id: 9, result: {} })}${rpc({ id: 9, result: {} })}`,
  '{"jsonrpc":"2.0","id":1,"res{"jsonrpc":"2.0","id":2,"result":{}}',
  '{"jsonrpc":"2.0","id":2,"result":{"value":NaN}}',
  '{"jsonrpc":"2.0","\\u0069d":2,"result":{}}',
  '{"jsonrpc":"2.0","id":12345678901234567890,"method":"ping"}',
  "{'id': 1}",
  '{"t":"data","c":"0000000000000000","seq":1,"us":1,"from":"client","n":3}',
  '',
  'noise',
  '7',
].map((line) => Buffer.from(`${line}\n`));
const BROKEN = [Buffer.from([0x7b, 0xff, 0x7d, 0x0a]), Buffer.from('{"id":1,"result":"\xe9"}\n', 'latin1')];

const line = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...LINES) }, fc.constantFrom(...BROKEN));
const conn = fc.integer({ min: 1, max: 3 });
const from = fc.constantFrom('client', 'client', 'server', 'server', 'stderr' as const);
const step: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ from, conn, bytes: line }).map((each) => [each]) },
  {
    weight: 3,
    arbitrary: fc
      .record({
        from,
        conn,
        lines: fc.array(line, { minLength: 1, maxLength: 3 }),
        places: fc.array(fc.nat(999), { maxLength: 3 }),
      })
      .map(({ lines, places, ...of }) =>
        cut(Buffer.concat(lines), places)
          .filter(({ length }) => length > 0)
          .map((bytes) => ({ ...of, bytes })),
      ),
  },
  fc
    .tuple(
      conn,
      fc.constantFrom(
        { kind: 'spawn', pid: 1 } as const,
        { kind: 'eof', from: 'server' } as const,
        { kind: 'exit', code: 1, signal: null } as const,
      ),
    )
    .map(([number, event]) => [{ conn: number, event }]),
);
const story = fc.array(step, { maxLength: 40 }).map((steps) => steps.flat());
const chunkBytes = fc.integer({ min: 1, max: 6000 });

/** A file of one or two captures, with damage now and then. */
const files = fc.record({
  stories: fc.array(story, { minLength: 1, maxLength: 2 }),
  close: fc.boolean(),
  damage: fc.option(fc.record({ at: fc.nat(), cuts: fc.boolean() }), { freq: 3 }),
});

function write(
  path: string,
  { stories, close, damage }: typeof files extends fc.Arbitrary<infer File> ? File : never,
): void {
  const parts = stories.map((steps) => record(`${path}.part`, steps, close));
  const bytes = Buffer.concat(parts);
  if (damage === null) {
    writeFileSync(path, bytes);
    return;
  }
  // A file without a byte is no capture; a test below has it.
  const at = 1 + (damage.at % (bytes.length - 1));
  writeFileSync(path, bytes.subarray(0, at));
  if (!damage.cuts) appendFileSync(path, bytes.subarray(at + 1));
}

describe('a scan', () => {
  it('tells what a reading of every frame tells, wherever the file is cut and whatever is in it', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await fc.assert(
        fc.asyncProperty(files, chunkBytes, async (file, size) => {
          write(path, file);
          let expected: readonly Entry[];
          try {
            expected = await read(path);
          } catch (error) {
            expect(() => scanned(path, { chunkBytes: size })).toThrow((error as Error).message);
            return;
          }
          expect(plain(scanned(path, { chunkBytes: size }))).toEqual(plain(expected));
        }),
        { numRuns: Number(process.env['SCAN_RUNS'] ?? 60) },
      );
    });
  });

  it('tells the same where a second thread reads ahead', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await fc.assert(
        fc.asyncProperty(files, fc.integer({ min: 200, max: 3000 }), fc.nat(4000), async (file, size, leadBytes) => {
          write(path, { ...file, damage: null });
          const pace = { chunkBytes: size, largeBytes: 0, leadBytes };
          expect(plain(scanned(path, pace))).toEqual(plain(await read(path)));
        }),
        { numRuns: Number(process.env['SCAN_RUNS'] ?? 25) },
      );
    });
  });

  it('counts what a reading of every frame counts', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await fc.assert(
        fc.asyncProperty(files, chunkBytes, async (file, size) => {
          write(path, { ...file, damage: null });
          const expected = await readStats(decode(readFileSync(path)));
          expect(counted(path, size)).toEqual(expected);
          expect(await statsOfFile(path)).toEqual(expected);
        }),
        { numRuns: Number(process.env['SCAN_RUNS'] ?? 30) },
      );
    });
  });
});

describe('queryFile', () => {
  it('gives the entries that match, whole', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const [call, , , , , , answer] = LINES;
      if (call === undefined || answer === undefined) throw new Error('there are no lines');
      const steps: Step[] = [
        { from: 'client', bytes: call.subarray(0, 30) },
        { from: 'client', bytes: call.subarray(30) },
        { from: 'server', bytes: Buffer.from('noise\n') },
        { from: 'server', bytes: answer },
        { from: 'stderr', bytes: Buffer.from('a line\n') },
      ];
      record(path, steps);
      const found: Entry[] = [];
      const ofTool: Filter = {
        matches: (subject) =>
          subject.tool === 'forecast' &&
          subject.status === 'tool-error' &&
          subject.requestBytes === call.length &&
          subject.answerBytes === answer.length &&
          subject.openedAt !== undefined &&
          subject.text('req').includes('Oslo') &&
          JSON.stringify(subject.value('res')).includes('isError'),
        needs: { text: true, value: true, findings: false },
      };
      for await (const entry of queryFile(path, ofTool)) found.push(entry);
      expect(found).toMatchObject([
        { kind: 'exchange', exchange: { n: 1, status: 'tool-error', frame: { n: 1 }, answer: { n: 3 } } },
      ]);
      const [entry] = found;
      if (entry?.kind !== 'exchange') throw new Error('no exchange was found');
      expect(Buffer.from(entry.exchange.frame.bytes)).toEqual(call.subarray(0, -1));
      const stderr: Entry[] = [];
      for await (const each of queryFile(path, { ...ofTool, matches: ({ kind }) => kind === 'stderr' }))
        stderr.push(each);
      expect(stderr).toHaveLength(1);
    });
  });

  it('gives what a reading gives where more waits than is held, also of what was left out meanwhile', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const client = (message: object): Step => ({ from: 'client', bytes: Buffer.from(`${rpc(message)}\n`) });
      const server = (message: object): Step => ({ from: 'server', bytes: Buffer.from(`${rpc(message)}\n`) });
      record(path, [
        client({ id: 1, method: 'slow' }),
        client({ id: 2, method: 'subscriptions/listen' }),
        ...Array.from({ length: 10_100 }, (_, index) => client({ method: index % 100 === 0 ? 'seldom' : 'often' })),
        server({ id: 1, result: {} }),
        server({ id: 2, result: {} }),
      ]);
      for (const method of ['slow', 'subscriptions/listen', 'seldom']) {
        const filter: Filter = { matches: (subject) => subject.method === method, needs: NEEDS };
        const expected = (await read(path)).filter((entry) => filter.matches(entrySubject(entry)));
        expect(expected.length).toBeGreaterThan(0);
        expect(plain(scanned(path, {}, filter))).toEqual(plain(expected));
      }
    });
  });

  it('says what is wrong with a file, and names it', async () => {
    await inFolder(async (folder) => {
      const text = join(folder, 'a.txt');
      writeFileSync(text, 'not a capture\n');
      const ask = async (path: string): Promise<void> => {
        for await (const _ of queryFile(path, ALL));
      };
      await expect(ask(text)).rejects.toMatchObject({ code: 'NOT_A_CAPTURE', message: expect.stringContaining(text) });
      await expect(ask(join(folder, 'no'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
      writeFileSync(text, '');
      await expect(ask(text)).rejects.toMatchObject({ code: 'NOT_A_CAPTURE' });
      await expect(ask(folder)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
      await expect(statsOfFile(text)).rejects.toMatchObject({ code: 'NOT_A_CAPTURE' });
    });
  });
});
