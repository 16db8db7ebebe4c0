import { readText } from '@mcp-dbg/wire';
import { describe, expect, test } from 'vitest';

import { OpenRequests } from '../src/open-requests.ts';

type Ids = readonly (string | number)[];

function open(ids: Ids, method = 'ping'): OpenRequests {
  const requests = new OpenRequests();
  for (const id of ids) ask(requests, id, method);
  return requests;
}

function ask(requests: OpenRequests, id: string | number, method = 'ping', params?: object): void {
  const reading = readText(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  if (reading.kind !== 'request') throw new TypeError('not a request');
  requests.ask(reading);
}

/** The id of the request that an answer closes, and the rule it breaks. */
function answered(requests: OpenRequests, id: unknown): readonly [id?: string | undefined, rule?: string | undefined] {
  const reading = readText(JSON.stringify({ jsonrpc: '2.0', id, result: {} }));
  if (reading.kind !== 'result') throw new TypeError('not an answer');
  const { asked, finding } = requests.answer(reading);
  return [asked?.id, finding?.rule];
}

describe('an answer', () => {
  test('closes its request', () => {
    const requests = open([0, 1, 'probe-1']);
    expect([answered(requests, 1), answered(requests, 'probe-1'), answered(requests, 0)]).toEqual([
      ['1', undefined],
      ['"probe-1"', undefined],
      ['0', undefined],
    ]);
    expect(requests.waiting).toEqual([]);
  });

  test('that comes twice belongs to nobody the second time', () => {
    const requests = open([1]);
    answered(requests, 1);
    expect(answered(requests, 1)).toEqual([undefined, 'json-rpc/orphan']);
  });

  test.each([
    [1, '1'],
    ['1', 1],
  ])('with id %j is taken for the other JSON type where that is asked', (given, id) => {
    expect(answered(open([id]), given)).toEqual([JSON.stringify(id), 'json-rpc/id-type']);
  });

  test('with id null is taken for the only request that waits', () => {
    expect(answered(open([7]), null)).toEqual(['7', 'json-rpc/id-null']);
  });

  test('with id null is taken for nothing where two wait', () => {
    expect(answered(open([7, 8]), null)).toEqual([undefined, 'json-rpc/orphan']);
  });

  test('with id null is taken for the only request beside a subscription', () => {
    const requests = open(['listen:0'], 'subscriptions/listen');
    ask(requests, 3);
    expect(answered(requests, null)).toEqual(['3', 'json-rpc/id-null']);
  });

  test.each([5, '5'])('with id %j to a forgotten request is nobody’s fault', (id) => {
    const requests = open([5]);
    requests.forget('5');
    expect(answered(requests, id)).toEqual([undefined, undefined]);
  });
});

test('a request of ours that comes back is known as an echo while it is open', () => {
  const requests = open([1], 'initialize');
  const reading = readText('{"jsonrpc":"2.0","id":1,"method":"initialize"}');
  if (reading.kind !== 'request') throw new TypeError('not a request');
  expect(requests.isEcho(reading)).toBe(true);
  expect(requests.isEcho({ ...reading, method: 'ping' })).toBe(false);
  answered(requests, 1);
  expect(requests.isEcho(reading)).toBe(false);
});

test('what waits is told by the name of the tool, or by the method', () => {
  const requests = open([]);
  ask(requests, 1, 'tools/call', { name: 'get_forecast' });
  ask(requests, 2, 'resources/read', { uri: 'a://b' });
  ask(requests, 'listen:0', 'subscriptions/listen');
  expect(requests.waiting.map(({ label }) => label)).toEqual(['get_forecast', 'resources/read']);
});
