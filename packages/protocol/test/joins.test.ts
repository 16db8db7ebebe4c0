import { BLANK, META_KEYS, type Outline, Pairing, type Placed, type Sighting } from '@mcp-dbg/protocol';
import type { Sender } from '@mcp-dbg/wire';
import { describe, expect, it } from 'vitest';

import { Wire } from './wire.ts';

const MODERN = '2026-07-28';

const meta = (more: object = {}): object => ({ _meta: { [META_KEYS.protocolVersion]: MODERN, ...more } });

const call = (id: number | string, more: object = {}, name = 'slow'): object => ({
  id,
  method: 'tools/call',
  params: { name, ...more },
});

const log = { method: 'notifications/message', params: { level: 'info', data: 'x' } };

const of = ({ began }: Sighting): number | undefined => began?.of;

const handshake = (wire: Wire, version = '2025-06-18'): void => {
  wire.client({ id: 'i', method: 'initialize', params: { protocolVersion: '2025-11-25' } });
  wire.server({ id: 'i', result: { protocolVersion: version } });
};

describe('Exchanges, of what belongs to a request', () => {
  it('joins an answer whose id has the wrong JSON type to the request that it was meant for', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'tools/call', params: { name: 'a' } });
    expect(wire.server({ id: '1', result: {} }).began).toMatchObject({ status: 'orphan', id: '"1"', of: 1 });
    expect(wire.exchanges.pending).toMatchObject([{ n: 1 }]);
  });

  it('joins progress to the request in flight that gave its token, whatever the token looks like', () => {
    const wire = new Wire();
    wire.client(call(1, { _meta: { progressToken: 7 } }));
    wire.client(call(2, { _meta: { progressToken: '7' } }));
    wire.send(
      'client',
      '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"_meta":{"progressToken":9007199254740993}}}',
    );
    const progress = (token: string): number | undefined => {
      const text = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":1}}`;
      return wire.send('server', text)[0]?.began?.of;
    };
    expect(['7', '"7"', '9007199254740993', '9007199254740992', '8', '{}', 'null'].map(progress)).toEqual([
      1,
      2,
      3,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    wire.server({ id: 1, result: {} });
    expect(progress('7')).toBeUndefined();
  });

  it('looks for the token among the requests of the other side only', () => {
    const wire = new Wire();
    wire.client(call(1, { _meta: { progressToken: 7 } }));
    wire.server({ id: 1, method: 'sampling/createMessage', params: { _meta: { progressToken: 7 } } });
    const progress = { method: 'notifications/progress', params: { progressToken: 7 } };
    expect(of(wire.client(progress))).toBe(2);
    expect(of(wire.server(progress))).toBe(1);
  });

  it('keeps the token of a task after the answer that says that it goes on', () => {
    const wire = new Wire();
    const progress = { method: 'notifications/progress', params: { progressToken: 7 } };
    wire.client(call(1, { task: {}, _meta: { progressToken: 7 } }));
    wire.server({ id: 1, result: { task: { taskId: 't', status: 'working' } } });
    expect(of(wire.server(progress))).toBe(1);
    wire.client(call(2, { _meta: { progressToken: 7 } }));
    expect(of(wire.server(progress))).toBe(4);
  });

  it('joins a log message to the only request that can have caused it', () => {
    const legacy = new Wire();
    handshake(legacy);
    expect(of(legacy.server(log))).toBeUndefined();
    legacy.client(call(1));
    expect(of(legacy.server(log))).toBe(4);
    legacy.client({ id: 2, method: 'ping' });
    expect(of(legacy.server(log))).toBeUndefined();
    legacy.client({ method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(of(legacy.server(log))).toBe(6);

    const modern = new Wire();
    modern.client(call(1, meta()));
    expect(of(modern.server(log))).toBeUndefined();
    modern.client(call(2, meta({ [META_KEYS.logLevel]: 'info' })));
    modern.client(call(3, meta()));
    expect(of(modern.server(log))).toBe(3);
    modern.client(call(4, meta({ [META_KEYS.logLevel]: 'info' })));
    expect(of(modern.server(log))).toBeUndefined();
    modern.server({ id: 2, result: {} });
    expect(of(modern.server(log))).toBe(6);
  });

  it('joins what a legacy server asks to the only request in flight', () => {
    const wire = new Wire();
    handshake(wire);
    const ask = (method: string): number | undefined => of(wire.server({ id: method, method }));
    expect(ask('roots/list')).toBeUndefined();
    wire.client(call(1));
    expect(ask('sampling/createMessage')).toBe(4);
    expect(ask('ping')).toBeUndefined();
    wire.client(call(2));
    expect(ask('elicitation/create')).toBeUndefined();
  });

  it('joins a cancellation to what it calls off, be that over or not', () => {
    const wire = new Wire();
    const cancel = (id: unknown): Sighting =>
      wire.client({ method: 'notifications/cancelled', params: { requestId: id } });
    wire.client(call(1));
    expect(cancel(1)).toMatchObject({ began: { of: 1 }, cancelled: { n: 1, status: 'cancelled' } });
    wire.server({ id: 1, result: {} });
    expect(cancel(1)).toMatchObject({ began: { of: 1 }, cancelled: undefined });
    expect(cancel('1')).toMatchObject({ began: { of: undefined }, cancelled: undefined });
  });

  it('joins what comes through a subscription to its stream by the id, with its type, also when it is over', () => {
    const wire = new Wire();
    wire.client({ id: 5, method: 'subscriptions/listen', params: meta() });
    wire.client(call(6, meta()));
    const notice = (method: string, id: unknown): number | undefined =>
      of(wire.server({ method, params: { _meta: { [META_KEYS.subscriptionId]: id } } }));
    expect(notice('notifications/subscriptions/acknowledged', 5)).toBe(1);
    expect(notice('notifications/tools/list_changed', 5)).toBe(1);
    expect(notice('notifications/tools/list_changed', '5')).toBeUndefined();
    expect(notice('notifications/tools/list_changed', 6)).toBeUndefined();
    const ended = wire.server({ method: 'notifications/cancelled', params: { requestId: 5 } });
    expect(ended).toMatchObject({ began: { of: 1 }, cancelled: { n: 1, status: 'cancelled' } });
    wire.server({ id: 5, result: {} });
    expect(notice('notifications/resources/updated', 5)).toBe(1);
  });

  it('names the request that an answer answers once more', () => {
    const wire = new Wire();
    wire.client(call(1));
    wire.server({ id: 1, result: {} });
    expect(wire.server({ id: 1, result: {} }).began).toMatchObject({ status: 'orphan', of: 1 });
    expect(wire.server({ id: '1', result: {} }).began).toMatchObject({ status: 'orphan', of: undefined });
    wire.client(call(2));
    wire.exchanges.end();
    expect(wire.server({ id: 2, result: {} }).began).toMatchObject({ status: 'orphan', of: 5 });
    expect(wire.server({ id: 1, result: {} }).began).toMatchObject({ status: 'orphan', of: undefined });
  });
});

describe('Pairing', () => {
  const sent = (n: number, from: Sender): Placed => ({ n, from, us: n, endUs: n });
  const asking = (n: number): Outline => ({ ...BLANK, kind: 'request', id: String(n), method: 'ping' });
  const answering = (n: number): Outline => ({ ...BLANK, kind: 'result', id: String(n) });

  it.each([
    ['requests', 1, 100_001, 50_000],
    ['bytes', 40 * 1024 * 1024, 3, 1],
  ])('holds a bounded number of %s open, and tells of what it gives up', (_, size, requests, left) => {
    const forgotten: number[] = [];
    const pairing = new Pairing({ sizeOf: () => size, callOf: () => undefined }, ({ n }) => forgotten.push(n));
    for (let n = 1; n <= requests; n++) pairing.see(sent(n, 'client'), asking(n));
    expect(pairing.pending).toHaveLength(left);
    expect(forgotten).toHaveLength(requests - left);
    expect(pairing.see(sent(requests + 1, 'server'), answering(1)).began).toMatchObject({ status: 'orphan' });
    expect(pairing.see(sent(requests + 2, 'server'), answering(requests)).answered).toMatchObject([{ status: 'ok' }]);
  });

  it('holds a single request whatever its size', () => {
    const pairing = new Pairing({ sizeOf: () => 1e9, callOf: () => undefined });
    pairing.see(sent(1, 'client'), asking(1));
    expect(pairing.pending).toHaveLength(1);
  });
});

describe('Exchanges, of a call in rounds', () => {
  const needs = { resultType: 'input_required', inputRequests: {}, requestState: 's' };
  const ask = (wire: Wire, id: number, more: object = {}, args: object = { city: 'Oslo' }): Sighting =>
    wire.client(call(id, { arguments: args, ...meta(), ...more }));

  it('counts the rounds and names the first', () => {
    const wire = new Wire();
    expect(ask(wire, 1).began).toMatchObject({ of: undefined, round: undefined });
    expect(wire.server({ id: 1, result: needs }).answered).toMatchObject([{ n: 1, status: 'ok', round: 1 }]);
    expect(ask(wire, 2, { inputResponses: {}, requestState: 's' }).began).toMatchObject({ n: 3, of: 1, round: 2 });
    expect(wire.server({ id: 2, result: needs }).answered).toMatchObject([{ n: 3, of: 1, round: 2 }]);
    expect(ask(wire, 3, { requestState: 's' }).began).toMatchObject({ n: 5, of: 1, round: 3 });
    expect(wire.server({ id: 3, result: { resultType: 'complete' } }).answered).toMatchObject([{ n: 5, round: 3 }]);
    expect(ask(wire, 4, { requestState: 's' }).began).toMatchObject({ of: undefined, round: undefined });
  });

  it('tells a round from another call: other arguments, another tool, nothing brought', () => {
    const wire = new Wire();
    ask(wire, 1);
    wire.server({ id: 1, result: needs });
    const others = [
      ask(wire, 2),
      ask(wire, 3, { requestState: 's' }, { city: 'Rome' }),
      wire.client(call(4, { arguments: { city: 'Oslo' }, requestState: 's' }, 'other')),
      wire.client({ id: 5, method: 'prompts/list', params: { requestState: 's' } }),
    ];
    for (const { began } of others) expect(began).toMatchObject({ of: undefined, round: undefined });
    expect(ask(wire, 6, { requestState: 's' }).began).toMatchObject({ of: 1, round: 2 });
  });

  it('takes a resource by its uri', () => {
    const wire = new Wire();
    const read = (id: number, more: object = {}): Sighting =>
      wire.client({ id, method: 'resources/read', params: { uri: 'a:b', ...meta(), ...more } });
    read(1);
    wire.server({ id: 1, result: needs });
    expect(read(2, { inputResponses: {} }).began).toMatchObject({ of: 1, round: 2 });
  });
});

describe('Exchanges, of versions', () => {
  it('gives everything the version of the handshake once it is known', () => {
    const wire = new Wire();
    expect(wire.server({ method: 'early' }).began?.version).toBeUndefined();
    handshake(wire);
    expect(wire.client({ method: 'notifications/initialized' }).began?.version).toBe('2025-06-18');
    expect(wire.client(call(1)).began?.version).toBe('2025-06-18');
    expect(wire.server({ id: 1, result: {} }).answered[0]?.version).toBe('2025-06-18');
    expect(wire.server({ id: 1, result: {} }).began?.version).toBe('2025-06-18');
    expect(wire.send('server', 'noise')[0]?.began?.version).toBe('2025-06-18');
    wire.exchanges.end();
    expect(wire.client(call(1)).began?.version).toBeUndefined();
  });

  it('takes each request for itself where both eras share a connection', () => {
    const wire = new Wire();
    handshake(wire);
    expect(wire.client(call(1, meta({ progressToken: 1 }))).began?.version).toBe(MODERN);
    expect(wire.client(call(2)).began?.version).toBe('2025-06-18');
    const progress = { method: 'notifications/progress', params: { progressToken: 1 } };
    expect(wire.server(progress).began?.version).toBe(MODERN);
    expect(wire.server(log).began).toMatchObject({ of: 4, version: '2025-06-18' });
    expect(wire.server({ id: 1, result: {} }).answered[0]?.version).toBe(MODERN);
  });

  it('gives what stands alone the version named last where there was no handshake', () => {
    const wire = new Wire();
    wire.client({ id: 1, method: 'server/discover', params: meta() });
    expect(wire.send('server', 'noise')[0]?.began?.version).toBe(MODERN);
    expect(wire.client(call(2)).began?.version).toBeUndefined();
  });

  it('does not take an argument of a tool for a version', () => {
    const wire = new Wire();
    expect(wire.client(call(1, { protocolVersion: '2025-06-18' })).began?.version).toBeUndefined();
  });
});
