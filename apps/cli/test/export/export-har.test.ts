import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exportHar } from '../../src/export/export-har.ts';
import { breachesOfHar } from './har-1.2.ts';
import { HIDDEN, HOSTILE_TEXT } from './hostile.ts';
import { OPEN, type Step, entriesOf, failure, finding, notice, result, rpc, said, textOf } from './made-capture.ts';
import { STORY, STORY_FINDINGS } from './story.ts';

interface HarEntry {
  readonly time: number;
  readonly request: { readonly url: string; readonly postData: unknown };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly content: { readonly text: string };
  };
  readonly timings: Readonly<Record<string, number>>;
  readonly _mcp: {
    readonly conn: number;
    readonly of?: number;
    readonly round?: number;
    readonly era?: string;
    readonly method?: string;
    readonly tool?: string;
    readonly findings: readonly { readonly rule: string }[];
  };
}

interface Har {
  readonly log: {
    readonly entries: readonly HarEntry[];
    readonly comment: string;
    readonly _mcp: {
      readonly findings: readonly object[];
      readonly stderr: readonly { readonly text: string }[];
      readonly events: readonly { readonly t: string }[];
    };
  };
}

async function exported(steps: readonly Step[], findings: readonly CaptureFinding[] = []): Promise<Har> {
  const har = JSON.parse(await textOf(exportHar(await entriesOf(steps), findings, { version: '0.1.0' }))) as Har;
  expect(breachesOfHar(har)).toEqual([]);
  for (const { time, timings } of har.log.entries) {
    const parts = Object.values(timings).filter((part) => part !== -1);
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(time, 6);
  }
  return har;
}

async function entries(steps: readonly Step[], findings: readonly CaptureFinding[] = []): Promise<readonly HarEntry[]> {
  return (await exported(steps, findings)).log.entries;
}

const call = (id: number, name: string): object => rpc(id, 'tools/call', { name });

describe('exportHar', () => {
  it('gives a story entry by entry', async () => {
    const text = await textOf(exportHar(await entriesOf(STORY), STORY_FINDINGS, { version: '0.1.0' }));
    expect(breachesOfHar(JSON.parse(text))).toEqual([]);
    await expect(text).toMatchFileSnapshot('golden/story.har.txt');
  });

  it('is a whole document without entries for an empty capture', async () => {
    expect((await exported([])).log.entries).toEqual([]);
    expect((await exported([OPEN, { t: 'close' }])).log.entries).toEqual([]);
  });

  it('shows how each request fared as a status', async () => {
    const all = await entries([
      said('client', call(1, 'good')),
      said('client', call(2, 'bad')),
      said('client', rpc(3, 'nothing')),
      said('client', call(4, 'slow')),
      said('client', call(5, 'dead')),
      said('server', result(1)),
      said('server', result(2, { isError: true })),
      said('server', failure(3, -32601, 'Method not found')),
      said('client', notice('notifications/cancelled', { requestId: 4 })),
      said('server', result(4)),
      said('server', result(77)),
      said('server', 'Oops\n'),
      { t: 'exit', code: 1, signal: null },
    ]);
    expect(all.map(({ response }) => [response.status, response.statusText])).toEqual([
      [200, 'OK'],
      [200, 'tool error'],
      [500, '-32601: Method not found'],
      [0, '(cancelled)'],
      [0, '(lost)'],
      [202, '(notification)'],
      [0, '(cancelled, answered late)'],
      [0, '(orphan)'],
      [0, '(noise)'],
    ]);
  });

  it('says pending of what was not answered yet', async () => {
    const [only] = await entries([said('client', call(1, 'x'))]);
    expect(only).toMatchObject({ response: { status: 0, statusText: '(pending)', content: { size: 0 } }, time: 0 });
  });

  it('divides the time into what the request took to be written, the wait, and the answer', async () => {
    const [only] = await entries([
      said('client', '{"jsonrpc":"2.0",'),
      said('client', '"id":1,"method":"ping"}\n', { after: 2000 }),
      said('server', '{"jsonrpc":"2.0",', { after: 30_000 }),
      said('server', '"id":1,"result":{}}\n', { after: 400 }),
    ]);
    expect(only).toMatchObject({ time: 32.4, timings: { send: 2, wait: 30, receive: 0.4 } });
  });

  it('keeps both frames exactly, and what the server of a connection is called', async () => {
    const question = '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"a/b ?"}}';
    const [only] = await entries([
      { t: 'spawn', pid: 1, server: 'wetter & co' },
      said('client', `${question}\n`),
      said('server', '{"jsonrpc":"2.0","id":9007199254740993,"result":{"v":1.0}}\n'),
    ]);
    expect(only?.request).toMatchObject({
      url: 'mcp+stdio://wetter%20%26%20co/tools/call/a%2Fb%20%3F',
      postData: { text: question },
    });
    expect(only?.response.content.text).toBe('{"jsonrpc":"2.0","id":9007199254740993,"result":{"v":1.0}}');
    expect(only?._mcp).toMatchObject({ n: 1, answer: 2, id: '9007199254740993', tool: 'a/b ?', server: 'wetter & co' });
  });

  it('writes what is not UTF-8 in base64, with its type', async () => {
    const [server, client] = await entries([
      said('server', Buffer.from([0xff, 0x0a])),
      said('client', Buffer.from([0xfe, 0x0a])),
    ]);
    expect(server?.response.content).toEqual({
      size: 2,
      mimeType: 'application/octet-stream',
      text: '/w==',
      encoding: 'base64',
    });
    expect(client?.request.postData).toEqual({
      mimeType: 'application/octet-stream',
      text: '/g==',
      _encoding: 'base64',
    });
  });

  it('puts findings to the frames they are about, and stderr and events behind the entries', async () => {
    const { log } = await exported(STORY, [
      ...STORY_FINDINGS,
      finding({ rule: 'json-rpc/result', n: 4, message: 'of the answer' }),
    ]);
    const rules = log.entries.map(({ _mcp }) => _mcp.findings.map(({ rule }) => rule));
    expect(rules.slice(0, 3)).toEqual([['stdio/not-json'], [], ['json-rpc/result']]);
    expect(log._mcp.findings).toMatchObject([{ rule: 'process/exit-status' }]);
    expect(log._mcp.stderr).toMatchObject([{ text: 'Traceback (most recent call last):' }, { text: 'KeyError: 3' }]);
    expect(log._mcp.events.map(({ t }) => t)).toEqual(['open', 'spawn', 'exit', 'close']);
    expect(log.comment).toContain('2 lines of stderr and 4 events');
  });

  it('keeps only the last lines of stderr', async () => {
    const all = Array.from({ length: 1234 }, (_, index) => said('stderr', `line ${index}\n`));
    const { log } = await exported([said('client', call(1, 'x')), ...all]);
    expect(log._mcp.stderr).toHaveLength(500);
    expect(log._mcp.stderr.at(-1)?.text).toBe('line 1233');
    expect(log.comment).toContain('1234 lines of stderr');
  });

  it('tells connections, servers, rounds, subscriptions and directions apart', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    const all = await entries([
      { t: 'spawn', pid: 1, server: 'a' },
      { t: 'spawn', pid: 2, server: 'b', conn: 2 },
      said('client', rpc(1, 'tools/call', { name: 'x', arguments: {}, _meta: meta })),
      said('server', result(1, { resultType: 'input_required', requestState: 's' })),
      said('client', rpc(2, 'tools/call', { name: 'x', arguments: {}, requestState: 's', _meta: meta })),
      said('server', result(2)),
      said('client', rpc('sub', 'subscriptions/listen', { _meta: meta }), { conn: 2 }),
      said(
        'server',
        notice('notifications/tools/list_changed', { _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' } }),
        { conn: 2 },
      ),
      said('server', rpc(1, 'roots/list'), { conn: 2 }),
    ]);
    expect(all.map(({ request, _mcp }) => [request.url, _mcp.conn, _mcp.of, _mcp.round, _mcp.era])).toEqual([
      ['mcp+stdio://a/tools/call/x', 1, undefined, 1, 'modern'],
      ['mcp+stdio://a/tools/call/x', 1, 1, 2, 'modern'],
      ['mcp+stdio://b/subscriptions/listen', 2, undefined, undefined, 'modern'],
      ['mcp+stdio://b/to-client/notifications/tools/list_changed', 2, 5, undefined, 'modern'],
      ['mcp+stdio://b/to-client/roots/list', 2, undefined, undefined, undefined],
    ]);
  });

  it('is valid HAR with valid addresses and nothing hidden, whatever peers write', async () => {
    const text = HOSTILE_TEXT;
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('client', 'server', 'stderr'), text).map(([from, what]) => said(from, `${what}\n`)),
      fc
        .tuple(text, text)
        .map(([what, tool]) => said('client', rpc(what, tool === '' ? what : 'tools/call', { name: tool }))),
      text.map((what) => said('server', failure(what, -1, what))),
      fc.uint8Array({ minLength: 1 }).map((bytes) => said('server', bytes)),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(step, { maxLength: 8 }), async (label, steps) => {
        const made = await entriesOf([{ ...OPEN, label } as Step, ...steps]);
        const har = await textOf(exportHar(made, [finding({ n: 1, message: label })], { version: '0.1.0' }));
        expect(har).not.toMatch(HIDDEN);
        const parsed = JSON.parse(har) as Har;
        expect(breachesOfHar(parsed)).toEqual([]);
        for (const { request, _mcp } of parsed.log.entries) {
          const { href, pathname } = new URL(request.url);
          expect(href).toBe(request.url);
          if (_mcp.method === 'tools/call') expect(pathname.split('/').length).toBe(_mcp.tool === undefined ? 3 : 4);
        }
      }),
      { numRuns: 50 },
    );
  });
});
