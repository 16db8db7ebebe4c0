import { type Family, Linter } from '@mcp-dbg/protocol/lint';
import { FrameStream, type Sender } from '@mcp-dbg/wire';
import { describe, expect, it } from 'vitest';

import { ask, client, discovered, findingsIn, lines, opened, server } from './transcript.ts';

type Asked = Parameters<NonNullable<ReturnType<Family['check']>['request']>>[0]['asked'];

/** Shows lines to a linter, and gives every request that was ever shown to its checks. */
function requestsOf(text: string): readonly Asked[] {
  const requests: Asked[] = [];
  const spy: Family = { rules: {}, check: () => ({ request: ({ asked }) => requests.push(asked) }) };
  const linter = new Linter({ more: [spy] });
  const frames = new FrameStream();
  for (const line of text.split('\n')) {
    const from: Sender = line.startsWith('>') ? 'client' : 'server';
    // A slice of a Buffer is a view of it, so that what is kept must be copied.
    for (const frame of frames.read(from, Buffer.from(`${line.slice(2)}\n`), 0)) linter.see(frame);
  }
  return requests;
}

const call = (id: number | string, argument = 'a'): string =>
  client({ id, method: 'tools/call', params: { name: 'tool', arguments: { argument } } });

const rulesOf = (text: string): readonly string[] => findingsIn(text).map(({ rule }) => rule);

describe('what the linter remembers of a request', () => {
  it('is neither its bytes nor its params once it was answered', () => {
    const text = 'x'.repeat(10_000);
    const answered = Array.from({ length: 50 }, (_, id) =>
      lines(call(id + 1, text), server({ id: id + 1, result: {} })),
    );
    const held = requestsOf(lines(opened(), ...answered));
    expect(held).toHaveLength(51);
    for (const { frame, params } of held) expect([frame.bytes.length, params]).toEqual([0, undefined]);
  });

  it('is no more of its bytes than a quote needs while it waits', () => {
    const [, waiting] = requestsOf(lines(opened(), call(1, 'x'.repeat(10_000))));
    expect(waiting?.frame.bytes.buffer.byteLength).toBeLessThan(1000);
  });

  it('is not what it held either, once too much waits', () => {
    const many = Array.from({ length: 50 }, (_, id) => call(id + 1, 'x'.repeat(1_000_000)));
    const held = requestsOf(lines(opened(), ...many)).filter(({ params }) => params !== undefined);
    expect(held.length).toBeGreaterThan(10);
    expect(held.length).toBeLessThan(40);
    expect(held.at(-1)?.id).toBe('50');
  });
});

describe('an answer', () => {
  it('that comes after thousands of cancelled requests still answers', () => {
    const cancelled = Array.from({ length: 16_400 }, (_, index) =>
      lines(call(index + 2), client({ method: 'notifications/cancelled', params: { requestId: index + 2 } })),
    );
    const text = lines(opened(), call(1), ...cancelled, call('last'), server({ id: 1, result: { content: [] } }));
    expect(rulesOf(text)).not.toContain('json-rpc/orphan');
    const late = lines(text, server({ id: 'last', result: { content: [] } }), server({ id: 'none', result: {} }));
    expect(rulesOf(late).filter((rule) => rule === 'json-rpc/orphan')).toHaveLength(1);
  });

  it('to what was given up is not called one to nothing', () => {
    const big = Array.from({ length: 40 }, (_, index) => call(index + 2, 'x'.repeat(1_000_000)));
    const text = lines(opened(), call(1), ...big, server({ id: 1, result: { content: [] } }));
    expect(rulesOf(text)).not.toContain('json-rpc/orphan');
  });
});

describe('a legacy server that is asked for server/discover', () => {
  const probe = ask('probe', 'server/discover');

  it.each(['exit 1', 'exit 0', 'exit SIGABRT'])('may end (%s)', (end) => {
    expect(rulesOf(lines(probe, `! ${end}`))).toEqual([]);
  });

  it('may be silent', () => {
    const waits = Array.from({ length: 20 }, () => '! wait');
    expect(rulesOf(lines(probe, ...waits, opened()))).toEqual([]);
  });

  it('still has to answer what else it was asked', () => {
    expect(rulesOf(lines(probe, client({ id: 1, method: 'ping' }), '! exit 1'))).toContain('process/lost-request');
    expect(rulesOf(lines(discovered(), probe, '! exit 1'))).toContain('process/lost-request');
  });
});

describe('half a line of a server', () => {
  const half = `<x ${Buffer.from('{"jsonrpc":"2.0","id":1,"res').toString('hex')}`;

  it('that was told to end lacks no more than its newline', () => {
    for (const end of ['eof', 'signal'])
      expect(rulesOf(lines(opened(), `! ${end}`, half, '! exit 0'))).toEqual(['stdio/newline']);
  });

  it('that ends by itself is told as what it is', () => {
    expect(rulesOf(lines(opened(), half, '! exit 0'))).toEqual(['stdio/newline', 'stdio/interleaved']);
  });
});
