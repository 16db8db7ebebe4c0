import { join } from 'node:path';

import { type StatsDocument, readStats } from '@mcp-dbg/capture';
import { CaptureWriter, statsOfFile } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Latencies, bucketOf } from '../src/stats/latencies.ts';
import { type Step, decode, inFolder, record } from './writing.ts';

const rpc = (message: object): Buffer => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const asks = (id: number, method: string, params?: object): Step => ({
  from: 'client',
  bytes: rpc({ id, method, params }),
});
const calls = (id: number, name: string): Step => asks(id, 'tools/call', { name });
const answers = (id: number, result: object): Step => ({ from: 'server', bytes: rpc({ id, result }) });
const fails = (id: number): Step => ({ from: 'server', bytes: rpc({ id, error: { code: 1, message: 'no' } }) });
const cancels = (id: number): Step => ({
  from: 'client',
  bytes: rpc({ method: 'notifications/cancelled', params: { requestId: id } }),
});
const exit: Step = { event: { kind: 'exit', code: null, signal: 'SIGKILL' } };

async function statsOf(steps: readonly Step[]): Promise<StatsDocument> {
  return await inFolder(async (folder) => {
    const path = join(folder, 'a.mcpcap');
    const expected = await readStats(decode(record(path, steps)));
    const counted = await statsOfFile(path);
    expect(counted).toEqual(expected);
    return counted;
  });
}

describe('stats', () => {
  it('leave nobody waiting for a subscription that ends with its server', async () => {
    const stats = await statsOf([asks(1, 'subscriptions/listen'), asks(2, 'ping'), exit]);
    expect(stats.unanswered).toMatchObject({ count: 1, first: [{ method: 'ping' }] });
    expect(stats.methods.find(({ name }) => name === 'subscriptions/listen')).toMatchObject({ lost: 0, pending: 1 });
  });

  it('count the starts of each capture in a file for themselves', async () => {
    const spawn: Step = { event: { kind: 'spawn', pid: 1 } };
    await inFolder(async (folder) => {
      const [one, two] = [record(join(folder, 'a.mcpcap'), [spawn, exit]), record(join(folder, 'b.mcpcap'), [spawn])];
      const stats = await readStats(decode(Buffer.concat([one, two])));
      expect(stats).toMatchObject({ restarts: 0 });
      const again = record(join(folder, 'c.mcpcap'), [spawn, exit, { ...spawn, conn: 2 }]);
      expect(await readStats(decode(again))).toMatchObject({ restarts: 1 });
    });
  });

  it('count each call once, for what became of it, by method and by tool', async () => {
    const stats = await statsOf([
      calls(1, 'a'),
      answers(1, { content: [] }),
      calls(2, 'a'),
      answers(2, { isError: true }),
      calls(3, 'a'),
      fails(3),
      calls(4, 'b'),
      cancels(4),
      cancels(4),
      answers(4, {}),
      asks(5, 'ping'),
      answers(5, {}),
      calls(6, 'b'),
      exit,
    ]);
    const [a, b] = stats.tools;
    expect(a).toMatchObject({ name: 'a', calls: 3, ok: 1, toolErrors: 1, errors: 1, cancelled: 0, lost: 0 });
    expect(b).toMatchObject({ name: 'b', calls: 2, ok: 0, cancelled: 1, lost: 1, pending: 0, latency: undefined });
    expect(a?.latency).toMatchObject({ count: 3 });
    expect(stats.methods.map(({ name, calls: count }) => [name, count])).toEqual([
      ['tools/call', 5],
      ['ping', 1],
    ]);
    expect(stats).toMatchObject({ frames: 13, exchanges: 6, orphans: 0 });
    expect(stats.notifications).toEqual([{ method: 'notifications/cancelled', count: 2 }]);
  });

  it('count what a proxy said itself apart, and what it changed of a peer as that peer’s', async () => {
    const ours = (step: Step): Step => ({ ...step, conn: 2, by: 'mcp-dbg' });
    const note = (step: Step): Step =>
      'bytes' in step && step.from !== 'stderr'
        ? { event: { kind: 'note', text: 'edited by hand', from: step.from, original: step.bytes }, conn: 2 }
        : step;
    const stats = await statsOf([
      asks(1, 'initialize'),
      answers(1, {}),
      calls(2, 'a'),
      { ...fails(2), by: 'mcp-dbg' },
      exit,
      ours(asks(90, 'initialize')),
      ours(answers(90, {})),
      ours({ from: 'client', bytes: rpc({ method: 'notifications/initialized' }) }),
      ours(asks(91, 'tools/list')),
      note(calls(3, 'b')),
      ours(calls(3, 'c')),
      { ...answers(3, {}), conn: 2 },
      note(calls(4, 'b')),
      ours(calls(4, 'd')),
    ]);
    expect(stats).toMatchObject({
      own: 3,
      exchanges: 4,
      notifications: [],
      unanswered: { count: 1, first: [{ tool: 'd' }] },
    });
    expect(stats.methods).toMatchObject([
      { name: 'tools/call', calls: 3, errors: 1, pending: 1 },
      { name: 'initialize', calls: 1 },
    ]);
  });

  it('count what a proxy changed as the peer’s, however much it changed since it read that', async () => {
    const says = (method: string): Uint8Array => rpc({ method });
    const reads = (method: string): Step => ({
      event: { kind: 'note', text: 'edited by hand', from: 'client', original: says(method) },
    });
    const passesOn = (method: string): Step => ({ from: 'client', bytes: says(method), by: 'mcp-dbg' });
    const others = Array.from({ length: 10_001 }, (_, index) => `a/${index}`);
    const steps = others.flatMap((method) => [reads(method), passesOn(method)]);
    expect(await statsOf([reads('slow'), ...steps, passesOn('slow')])).toMatchObject({ own: 0 });
  });

  it('count what crossed the wire, newlines included', async () => {
    const [ask, answer] = [calls(1, 'a'), answers(1, {})];
    const stats = await statsOf([
      ask,
      answer,
      { from: 'server', bytes: Buffer.from('noise\n') },
      { from: 'stderr', bytes: Buffer.from('a\nbc') },
    ]);
    const size = (step: Step): number => ('bytes' in step ? step.bytes.length : 0);
    expect(stats.servers).toMatchObject([{ requestBytes: size(ask), answerBytes: size(answer) }]);
    expect(stats.noise).toEqual({ lines: 1, bytes: 6 });
    expect(stats.stderr).toEqual({ lines: 2, bytes: 4 });
  });

  it('name what had no answer, what was lost with its process and what still waits', async () => {
    const lost = await statsOf([calls(7, 'slow'), exit]);
    expect(lost.unanswered).toMatchObject({ count: 1, first: [{ n: 1, id: '7', tool: 'slow', status: 'lost' }] });
    expect(lost.exits).toMatchObject([{ conn: 1, code: null, signal: 'SIGKILL' }]);
    const waiting = await statsOf([calls(7, 'slow')]);
    expect(waiting.unanswered).toMatchObject({ count: 1, first: [{ status: 'pending' }] });
    expect(waiting.tools).toMatchObject([{ calls: 1, pending: 1 }]);
  });

  it('tell starts of a server from restarts', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      for (const server of ['notes', 'notes', 'files', 'notes']) {
        const connection = writer.connection({ server });
        connection.event({ kind: 'spawn', pid: 1 });
        connection.read('client', rpc({ id: 1, method: 'ping' }));
        connection.event({ kind: 'exit', code: 0, signal: null });
      }
      writer.close();
      const stats = await statsOfFile(writer.path);
      expect(stats).toMatchObject({
        starts: 4,
        restarts: 2,
        servers: [{ name: 'notes', calls: 3 }, { name: 'files' }],
      });
    });
  });

  it('tell what a tool list costs, over its pages, and how often it was fetched for nothing', async () => {
    const tool = (name: string, size = 0): object => ({ name, description: 'ü'.repeat(size), inputSchema: {} });
    const bytesOf = (each: object): number => Buffer.byteLength(JSON.stringify(each));
    const [small, big] = [tool('small'), tool('big', 100)];
    const list = (id: number): Step[] => [
      asks(id, 'tools/list'),
      answers(id, { tools: [small], nextCursor: 'x' }),
      asks(id + 1, 'tools/list', { cursor: 'x' }),
      answers(id + 1, { tools: [big] }),
    ];
    const changed = [asks(9, 'tools/list'), answers(9, { tools: [big] })];
    const twice = await statsOf([...list(1), ...list(3)]);
    const bytes = bytesOf(small) + bytesOf(big);
    expect(twice.context).toEqual([
      {
        server: undefined,
        fetches: 2,
        unchanged: 1,
        bytes,
        tokens: Math.ceil(bytes / 4),
        tools: [
          { name: 'big', bytes: bytesOf(big), tokens: Math.ceil(bytesOf(big) / 4) },
          { name: 'small', bytes: bytesOf(small), tokens: Math.ceil(bytesOf(small) / 4) },
        ],
      },
    ]);
    const other = await statsOf([...list(1), ...changed]);
    expect(other.context).toMatchObject([{ fetches: 2, unchanged: 0, bytes: bytesOf(big) }]);
  });

  it('count only what a filter matches', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      record(path, [calls(1, 'a'), answers(1, {}), calls(2, 'b'), { from: 'stderr', bytes: Buffer.from('x\n') }]);
      const needs = { text: false, value: false, findings: false };
      const stats = await statsOfFile(path, { matches: ({ tool }) => tool === 'b', needs });
      expect(stats).toMatchObject({ exchanges: 1, tools: [{ name: 'b', pending: 1 }], stderr: { lines: 0, bytes: 0 } });
    });
  });

  it('hold a bounded number of names', async () => {
    const many = Array.from({ length: 600 }, (_, index) => calls(index, `tool ${index}`));
    const stats = await statsOf(many);
    expect(stats.tools).toHaveLength(501);
    expect(stats.tools[0]).toMatchObject({ name: undefined, calls: 100 });
    expect(stats.unanswered.count).toBe(600);
    expect(stats.unanswered.first).toHaveLength(100);
  });
});

describe('Latencies', () => {
  it('are one per cent off at most, and exact where they say so', () => {
    const ms = fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 5000 })).map((us) => us / 1000);
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 60 }), (all) => {
        const latencies = new Latencies();
        for (const each of all) latencies.add(each, bucketOf(each));
        const sorted = all.toSorted((a, b) => a - b);
        const summary = latencies.summary(16);
        if (summary === undefined) throw new Error('there are some');
        expect(summary.count).toBe(all.length);
        expect(summary.max).toBe(sorted.at(-1));
        for (const [share, got] of [
          [0.5, summary.p50],
          [0.95, summary.p95],
          [0.99, summary.p99],
        ] as const) {
          const exact = sorted[Math.ceil(all.length * share) - 1] ?? 0;
          expect(Math.abs(got - exact) / exact).toBeLessThanOrEqual(0.01);
        }
        expect(summary.curve.counts.reduce((sum, each) => sum + each, 0)).toBe(all.length);
        expect(summary.curve.counts.length).toBeLessThanOrEqual(16);
      }),
    );
    expect(new Latencies().summary(16)).toBeUndefined();
  });
});
