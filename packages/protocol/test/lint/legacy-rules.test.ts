import { METHODS } from '@mcp-dbg/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { client, findingsIn, lines, opened, server } from './transcript.ts';

const rulesIn = (transcript: string): readonly string[] => findingsIn(transcript).map(({ rule }) => rule);
const LIST = lines(client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools: [] } }));
const INITIALIZED = client({ method: 'notifications/initialized' });

describe('what was announced', () => {
  it('is held against nobody where initialize was not seen', () => {
    const log = server({ method: 'notifications/message', params: { level: 'info', data: 'up' } });
    expect(rulesIn(lines(LIST, log)).filter((rule) => rule.startsWith('capabilities/'))).toEqual([]);
  });

  it('is known where the answer to initialize has an id of the wrong type', () => {
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const opening = lines(client({ id: 0, method: 'initialize', params }), server({ id: '0', result }), INITIALIZED);
    expect(rulesIn(lines(opening, LIST))).toEqual(['json-rpc/id-type', 'capabilities/asked', 'capabilities/served']);
  });

  it('does not have to hold completions in 2024-11-05, which had no capability for them', () => {
    const params = { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'name', value: 'A' } };
    const complete = client({ id: 1, method: 'completion/complete', params });
    const completed = server({ id: 1, result: { completion: { values: [] } } });
    const conversation = lines(opened('2024-11-05', { server: { prompts: {} } }), complete, completed);
    expect(findingsIn(conversation).filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

describe('a habit', () => {
  const times = (count: number, line: (id: number) => string): string =>
    lines(opened(), ...Array.from({ length: count }, (_, index) => line(index + 1)));

  it('is told once, however often it comes', () => {
    const pongs = times(50, (id) => lines(client({ id, method: 'ping' }), server({ id, result: { pong: true } })));
    expect(rulesIn(pongs)).toEqual(['lifecycle/ping-answer']);
    const progress = server({ method: 'notifications/progress', params: { progressToken: 'made-up', progress: 1 } });
    expect(rulesIn(times(50, () => progress))).toEqual(['progress/known-token']);
  });

  it('is told of each side', () => {
    const both = lines(
      opened(),
      client({ id: 1, method: 'ping' }),
      server({ id: 1, result: { pong: true } }),
      server({ id: 1, method: 'ping' }),
      client({ id: 1, result: { pong: true } }),
    );
    expect(findingsIn(both).map(({ from }) => from)).toEqual(['server', 'client']);
  });
});

describe('a cancellation', () => {
  it('of tasks/get is fine, though the SDK puts "task" into it as into a request that runs as one', () => {
    const get = client({ id: 1, method: 'tasks/get', params: { taskId: 't1', task: { ttl: 1 } } });
    const cancelled = client({ method: 'notifications/cancelled', params: { requestId: 1 } });
    expect(rulesIn(lines(opened('2025-11-25', { server: { tasks: {} } }), get, cancelled))).toEqual([]);
  });

  it('of an id with the other JSON type is one of a request that was never sent', () => {
    const cancelled = client({ method: 'notifications/cancelled', params: { requestId: '1' } });
    const found = findingsIn(lines(opened(), client({ id: 1, method: 'tools/list' }), cancelled));
    expect(found.map(({ rule }) => rule)).toContain('cancellation/own-request');
  });
});

describe('the pages of a list', () => {
  const page = (id: number, cursor: string | undefined, nextCursor: string | undefined): string =>
    lines(client({ id, method: 'tools/list', params: { cursor } }), server({ id, result: { tools: [], nextCursor } }));

  it('may be walked twice, also at the same time', () => {
    const walks = lines(
      page(1, undefined, 'a'),
      page(2, undefined, 'a'),
      page(3, 'a', 'b'),
      page(4, 'a', 'b'),
      page(5, 'b', undefined),
      page(6, 'b', undefined),
    );
    expect(rulesIn(lines(opened(), walks))).toEqual([]);
  });

  it('are told to go round once, where the last leads back to the first', () => {
    const round = lines(page(1, undefined, 'a'), page(2, 'a', 'a'), page(3, 'a', 'a'));
    expect(rulesIn(lines(opened(), round))).toEqual(['pagination/loop']);
  });
});

describe('whatever peers send', () => {
  const keys =
    'protocolVersion capabilities progressToken progress cursor nextCursor task tasks taskId status requestId mode ' +
    'requestedSchema includeContext messages tools toolChoice roots name uri ttl execution code data';
  const members = (value: string): string =>
    `{${keys.replaceAll(/(\w+) ?/g, `"$1":${value},`)}"_meta":{"progressToken":${value}}}`;
  const names = METHODS.map(({ name }) => name);
  const URL_ONLY = opened('2025-11-25', { client: { elicitation: { url: {} }, sampling: {} } });
  /** Each side asks, tells and answers, with the same object as params, as result and as error. */
  const everything = (object: string, methods: readonly string[] = names): string =>
    lines(
      URL_ONLY,
      ...methods.flatMap((name, index) => [
        `> {"jsonrpc":"2.0","id":${index + 1},"method":"${name}","params":${object}}`,
        `< {"jsonrpc":"2.0","id":${index + 1},"result":${object}}`,
        `< {"jsonrpc":"2.0","id":${index + 1},"method":"${name}","params":${object}}`,
        `> {"jsonrpc":"2.0","id":${index + 1},"error":${object}}`,
        `> {"jsonrpc":"2.0","method":"${name}","params":${object}}`,
        `< {"jsonrpc":"2.0","method":"${name}","params":${object}}`,
      ]),
    );
  const messagesOf = (transcript: string): readonly string[] => findingsIn(transcript).map(({ message }) => message);
  const isOdd = (message: string): boolean => !/^The (client|server) /.test(message);

  it.each([
    ['objects that break what turns values into text', '{"toString":1,"valueOf":2,"toJSON":3}'],
    ['objects with a prototype', '{"__proto__":[],"constructor":{}}'],
    ['lists of anything', '[null,{},"",[]]'],
  ])('is judged without throwing: %s', (_, value) => {
    const messages = messagesOf(everything(members(value)));
    expect(messages.length).toBeGreaterThan(10);
    expect(messages.filter(isOdd)).toEqual([]);
  });

  it('is judged without throwing: lists of any depth', () => {
    const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`;
    const object = `{"progressToken":${deep},"mode":${deep},"_meta":{"progressToken":${deep}}}`;
    const messages = messagesOf(everything(object, ['tools/call', 'elicitation/create', 'notifications/progress']));
    expect(messages.filter(isOdd)).toEqual([]);
  });

  it('is judged without throwing: any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (value) => {
        expect(messagesOf(everything(members(value))).filter(isOdd)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
