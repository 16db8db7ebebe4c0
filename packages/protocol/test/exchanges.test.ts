import { META_KEYS } from '@mcp-dbg/protocol';
import type { Sender } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Wire } from './wire.ts';

const rpc = (id: number | string): object => ({ jsonrpc: '2.0', id });

describe('Exchanges', () => {
  it('pairs a request with its answer and measures the time between their last bytes', () => {
    const wire = new Wire();
    const asked = wire.client({ id: 1, method: 'tools/call', params: { name: 'forecast', arguments: {} } });
    expect(asked.began).toMatchObject({
      n: 1,
      kind: 'request',
      id: '1',
      method: 'tools/call',
      tool: 'forecast',
      status: 'pending',
    });
    expect(asked.answered).toEqual([]);
    const answered = wire.server({ id: 1, result: { content: [] } });
    expect(answered.began).toBeUndefined();
    expect(answered.reading.kind).toBe('result');
    expect(answered.answered).toMatchObject([
      { n: 1, method: 'tools/call', status: 'ok', ms: 1, frame: { n: 1 }, answer: { n: 2 } },
    ]);
  });

  it('tells a failed tool from a failed request', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'tools/call', params: { name: 'a' } });
    wire.client({ id: 2, method: 'tools/call', params: { name: 'b' } });
    wire.client({ id: 3, method: 'ping' });
    wire.server({ id: 3, result: { isError: true } });
    wire.server({ id: 2, error: { code: -32603, message: 'no' } });
    wire.server({ id: 1, result: { isError: true, content: [] } });
    expect(wire.all.map(({ tool, status }) => [tool, status])).toEqual([
      ['a', 'tool-error'],
      ['b', 'error'],
      [undefined, 'ok'],
    ]);
  });

  it('keeps the requests of the two sides apart, and ids of different types', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'tools/list' });
    wire.server({ id: 1, method: 'roots/list' });
    wire.client({ id: '1', method: 'prompts/list' });
    expect(wire.client({ id: 1, result: {} }).answered).toMatchObject([{ method: 'roots/list' }]);
    expect(wire.server({ id: '1', result: {} }).answered).toMatchObject([{ method: 'prompts/list' }]);
    expect(wire.server({ id: 1, result: {} }).answered).toMatchObject([{ method: 'tools/list' }]);
  });

  it('calls an answer to nothing an orphan', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'ping' });
    wire.server({ id: 1, result: {} });
    expect(wire.server({ id: 1, result: {} }).began).toMatchObject({ kind: 'response', id: '1', status: 'orphan' });
    expect(wire.server({ error: { code: -32700, message: '' } }).began).toMatchObject({ status: 'orphan', id: 'null' });
  });

  it('shows notifications and noise as what stands alone', () => {
    const wire = new Wire();
    const [banner, blank, lone] = wire.send('server', 'Loading models..', '', '{"level":"info"}');
    for (const each of [banner, blank, lone]) expect(each?.began).toMatchObject({ kind: 'noise', status: undefined });
    expect(wire.server({ method: 'notifications/message', params: {} }).began).toMatchObject({
      kind: 'notification',
      method: 'notifications/message',
      status: undefined,
    });
  });

  it('marks a request as cancelled, whatever is answered late', () => {
    const wire = new Wire();
    wire.send('client', '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"slow"}}');
    wire.client({ id: 2, method: 'tools/call', params: { name: 'other' } });
    const [called] = wire.send(
      'client',
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740993}}',
    );
    expect(called?.began).toMatchObject({ kind: 'notification' });
    expect(called?.cancelled).toMatchObject({ n: 1, status: 'cancelled', ms: undefined });
    expect(wire.exchanges.pending.map(({ n }) => n)).toEqual([2]);
    const [late] = wire.send('server', '{"jsonrpc":"2.0","id":9007199254740993,"result":{}}');
    expect(late?.answered).toMatchObject([{ n: 1, status: 'cancelled', ms: 3, answer: { n: 4 } }]);
  });

  it('takes no cancellation of what the other side asked, or of nothing', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'ping' });
    expect(wire.server({ method: 'notifications/cancelled', params: { requestId: 1 } }).cancelled).toBeUndefined();
    for (const params of [{ requestId: 7 }, { requestId: '1' }, { requestId: {} }, {}, [], undefined]) {
      expect(wire.client({ method: 'notifications/cancelled', params }).cancelled).toBeUndefined();
    }
    expect(wire.exchanges.pending).toHaveLength(1);
  });

  it('gives what is open when the process ends as lost, once', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'ping' });
    wire.client({ id: 2, method: 'tools/list' });
    wire.client({ id: 3, method: 'tools/list' });
    wire.server({ id: 9, method: 'roots/list' });
    wire.server({ id: 1, result: {} });
    wire.client({ method: 'notifications/cancelled', params: { requestId: 3 } });
    expect(wire.exchanges.end().map(({ n, status }) => [n, status])).toEqual([
      [2, 'lost'],
      [4, 'lost'],
    ]);
    expect(wire.exchanges.end()).toEqual([]);
    expect(wire.server({ id: 2, result: {} }).began).toMatchObject({ status: 'orphan' });
  });

  it('knows a probe by its being the first thing said', () => {
    const _meta = { [META_KEYS.protocolVersion]: '2026-07-28' };
    const wire = new Wire();
    expect(wire.client({ id: 0, method: 'server/discover', params: { _meta } }).began).toMatchObject({
      probe: true,
      version: '2026-07-28',
    });
    expect(wire.client({ id: 1, method: 'server/discover', params: { _meta } }).began?.probe).toBe(false);
    wire.exchanges.end();
    expect(wire.client({ id: 2, method: 'server/discover' }).began?.probe).toBe(true);
  });

  it('says which version a handshake came to', () => {
    const wire = new Wire();
    wire.client({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25' } });
    expect(wire.all[0]?.version).toBe('2025-11-25');
    wire.server({ id: 0, result: { protocolVersion: '2025-06-18' } });
    expect(wire.all[0]?.version).toBe('2025-06-18');
  });

  it('takes a batch of requests as one exchange that is as good as its worst answer', () => {
    const wire = new Wire();
    const { began } = wire.client([
      { ...rpc(1), method: 'ping' },
      { ...rpc(2), method: 'tools/call', params: { name: 'a' } },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
    ]);
    expect(began).toMatchObject({ kind: 'batch', status: 'pending' });
    expect(wire.server({ id: 1, result: {} }).answered).toMatchObject([{ n: 1, status: 'pending', ms: undefined }]);
    expect(wire.server([{ ...rpc(2), result: { isError: true } }]).answered).toMatchObject([
      { n: 1, kind: 'batch', status: 'tool-error', ms: 2, answer: { n: 3 } },
    ]);
  });

  it('finds the answers and the orphans in a batch of answers', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'ping' });
    wire.client({ id: 2, method: 'ping' });
    const { began, answered } = wire.server([
      { ...rpc(2), result: {} },
      { ...rpc(7), result: {} },
      { ...rpc(1), error: { code: 1, message: '' } },
    ]);
    expect(answered.map(({ n, status }) => [n, status])).toEqual([
      [2, 'ok'],
      [1, 'error'],
    ]);
    expect(began).toMatchObject({ kind: 'response', status: 'orphan' });
    expect(wire.server([]).began).toMatchObject({ kind: 'batch', status: undefined });
  });

  it('never throws, keeps every frame, and ends with nothing open', () => {
    const id = fc.constantFrom(1, 2, '1', null, 1.5);
    const message = fc.oneof(
      fc.record({
        id,
        method: fc.constantFrom('ping', 'tools/call', 'initialize', 'server/discover'),
        params: fc.jsonValue(),
      }),
      fc.record({ id, result: fc.oneof(fc.jsonValue(), fc.constant({ isError: true })) }),
      fc.record({ id, error: fc.jsonValue() }),
      fc.record({ method: fc.constantFrom('notifications/cancelled', 'x'), params: fc.record({ requestId: id }) }),
    );
    const line = fc.oneof(
      message.map((each) => JSON.stringify({ jsonrpc: '2.0', ...each })),
      fc.array(message, { maxLength: 4 }).map((each) => JSON.stringify(each)),
      fc.constantFrom('noise', '', '7'),
    );
    const sent = fc.record({ from: fc.constantFrom<Sender>('client', 'server'), line });
    fc.assert(
      fc.property(fc.array(sent), (lines) => {
        const wire = new Wire();
        const sightings = lines.flatMap(({ from, line: text }) => wire.send(from, text));
        expect(sightings).toHaveLength(lines.length);
        for (const { began, answered } of sightings) expect(began !== undefined || answered.length > 0).toBe(true);
        const frames = wire.all.flatMap(({ frame, answer }) => [frame.n, answer?.n ?? frame.n]);
        for (const n of frames) expect(n).toBeLessThanOrEqual(lines.length);
        const lost = wire.exchanges.end();
        expect(lost.every(({ status }) => status === 'lost')).toBe(true);
        expect(wire.exchanges.pending).toEqual([]);
      }),
    );
  });
});
