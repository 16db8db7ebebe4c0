import { describe, expect, test } from 'vitest';

import { HeldRow, notification, request, result } from './held-row.ts';

const text = (message: object): string => JSON.stringify(message);

describe('what is held', () => {
  test('a frame that the filter lets through is held, whoever sent it, and everything else passes', () => {
    const row = new HeldRow(['method:tools/call']);
    row.says('client', request(1, 'ping'));
    row.says('client', request(2, 'tools/call', { name: 'echo' }));
    row.says('server', result(1));
    expect(row.reached('client')).toEqual([text(request(1, 'ping'))]);
    expect(row.reached('server')).toEqual([text(result(1))]);
    expect(row.desk.held).toMatchObject([
      { number: 1, from: 'client', what: { kind: 'request', method: 'tools/call', tool: 'echo', id: '2' } },
    ]);
    expect(row.held.client, 'the bytes that it says it holds').toBeGreaterThan(0);

    row.decide(1, { kind: 'accept' });
    expect(row.held.client).toBe(0);
    row.says('server', result(2));
    expect(row.desk.held, 'the answer, judged with its request').toMatchObject([
      { number: 2, from: 'server', what: { kind: 'response', method: 'tools/call', id: '2', status: 'ok' } },
    ]);
  });

  test('is:pending holds requests only, and its opposite answers only', () => {
    const asks = new HeldRow(['is:pending']);
    const answers = new HeldRow(['-is:pending method:tools/call']);
    for (const row of [asks, answers]) {
      row.says('client', request(1));
      row.desk.acceptAll();
      row.says('server', result(1));
    }
    expect(asks.reached('server')).toHaveLength(1);
    expect(answers.reached('server')).toHaveLength(0);
    expect(answers.reached('client')).toHaveLength(1);
  });

  test('several filters each hold what they let through; an empty one holds all, also what is no message', () => {
    const two = new HeldRow(['method:ping', 'tool:echo']);
    for (const method of ['ping', 'tools/list']) two.says('client', request(method, method));
    two.says('client', request(9, 'tools/call', { name: 'echo' }));
    expect(two.desk.held.map(({ what }) => what.method)).toEqual(['ping', 'tools/call']);
    const all = new HeldRow(['']);
    all.says('server', 'Loading…\n');
    expect(all.desk.held).toMatchObject([{ what: { kind: 'noise' } }]);
  });

  test.for([
    ['level:error', /findings are made by reading a capture/],
    ['tool:x and n:3', /"n:" cannot be asked/],
    ['-(is:error or is:lost)', /"is:lost" cannot be asked/],
    ['kind:stderr', /only frames pass/],
  ] as const)('a filter that only a finished log can answer is refused: %s', ([filter, why]) => {
    expect(() => new HeldRow([filter])).toThrow(why);
  });
});

describe('order', () => {
  test('a held request is not overtaken by its own cancellation; other requests pass', () => {
    const row = new HeldRow(['id:1']);
    const cancel = notification('notifications/cancelled', { requestId: 1 });
    row.says('client', request(1));
    row.says('client', cancel);
    row.says('client', request(2));
    expect(row.reached('client')).toEqual([text(request(2))]);
    row.decide(1, { kind: 'accept' });
    expect(row.reached('client')).toEqual([request(2), request(1), cancel].map(text));
  });

  test('a dropped or answered request takes its cancellation with it', () => {
    const row = new HeldRow(['id:1']);
    row.says('client', request(1));
    row.says('client', notification('notifications/cancelled', { requestId: 1 }));
    row.decide(1, { kind: 'drop' });
    expect(row.reached('client')).toEqual([]);
    expect(row.recorded.filter(({ original }) => original !== undefined)).toHaveLength(2);
  });

  test('an answer waits behind the held progress of its request', () => {
    const row = new HeldRow(['method:notifications/progress']);
    const progress = notification('notifications/progress', { progressToken: 't', progress: 1 });
    row.says('client', request(1, 'tools/call', { _meta: { progressToken: 't' } }));
    row.says('server', progress);
    row.says('server', result(1));
    expect(row.reached('server')).toEqual([]);
    row.wait(1000);
    expect(row.reached('server')).toEqual([progress, result(1)].map(text));
  });

  test('nothing overtakes a handshake', () => {
    const row = new HeldRow(['method:notifications/initialized']);
    row.says('client', notification('notifications/initialized'));
    row.says('client', request(1));
    row.says('client', '{"half a', { isPiece: true });
    row.says('client', ' line"}\n', { isPiece: true });
    expect(row.passed).toEqual([]);
    row.decide(1, { kind: 'accept' });
    expect(row.passed).toHaveLength(4);
  });

  test('a decision about a frame that waits behind a held one is kept until that one has gone', () => {
    const row = new HeldRow(['']);
    row.says('client', request(1));
    row.says('client', notification('notifications/cancelled', { requestId: 1 }));
    expect(row.decide(2, { kind: 'accept' })).toMatchObject({ kind: 'done', behind: 1 });
    expect(row.reached('client')).toEqual([]);
    expect(row.decide(2, { kind: 'drop' }), 'a second decision').toMatchObject({ kind: 'refused', code: 'NOT_HELD' });
    expect(row.decide(1, { kind: 'accept' })).toMatchObject({ kind: 'done', behind: undefined });
    expect(row.reached('client')).toHaveLength(2);
  });

  test('a line that passes in pieces waits for what is held, and then stays whole', () => {
    const row = new HeldRow(['id:1']);
    row.says('client', request(1));
    row.says('client', '{"half a', { isPiece: true });
    row.says('client', request(2));
    row.decide(1, { kind: 'accept' });
    row.says('client', ' line"}\n', { isPiece: true });
    expect(row.passed.map((each) => each.text).join('')).toBe(
      `${[request(2), request(1)].map(text).join('\n')}\n{"half a line"}\n`,
    );
    expect(row.held.client).toBe(0);
  });

  test.for([false, true])(
    'at the end of a sender all of it goes on in order, a line without its newline last',
    (isPiece) => {
      const row = new HeldRow(['id:1']);
      row.says('client', request(1));
      row.says('client', '{"torn":', { isPiece });
      expect(row.reached('client')).toEqual([]);
      row.ends('client');
      expect(row.reached('client')).toEqual([text(request(1)), '{"torn":']);
      expect(row.held.client).toBe(0);
    },
  );
});

describe('decisions', () => {
  test('an edited frame is ours, and the record has the original', () => {
    const row = new HeldRow(['id:1']);
    row.says('client', request(1));
    const verdict = row.decide(1, { kind: 'edit', text: '{\n  "jsonrpc": "2.0",\n  "id": 7\n}\n' });
    expect(verdict).toMatchObject({ kind: 'done', isJson: true });
    expect(row.passed).toEqual([{ from: 'client', text: '{   "jsonrpc": "2.0",   "id": 7 }\n', by: 'mcp-dbg' }]);
    const [, note] = row.recorded;
    expect(note).toMatchObject({ kind: 'note', from: 'client', text: expect.stringMatching(/^changed 1,/) });
    expect(new TextDecoder().decode(note?.original)).toBe(`${text(request(1))}\n`);
  });

  test('what is not JSON is sent as it is, line by line, and that is said', () => {
    const row = new HeldRow(['id:1']);
    row.says('client', request(1));
    expect(row.decide(1, { kind: 'edit', text: '{"broken\nnoise' })).toMatchObject({ kind: 'done', isJson: false });
    expect(row.reached('client')).toEqual(['{"broken', 'noise']);
  });

  test.for([
    ['{"content":[]}', '{"jsonrpc":"2.0","id":12345678901234567890,"result":{"content":[]}}'],
    ['{"result":1.0}', '{"jsonrpc":"2.0","id":12345678901234567890,"result":1.0}'],
    ['{"error":{"code":-1,\n"message":"no"}}', /"id":12345678901234567890,"error":\{"code":-1, "message":"no"\}\}$/],
    ['{"jsonrpc":"2.0","id":"other","result":{}}', '{"jsonrpc":"2.0","id":"other","result":{}}'],
    ['null', '{"jsonrpc":"2.0","id":12345678901234567890,"result":null}'],
  ] as const)('an answer of ours goes to the asker, with every digit of the id: %s', ([given, sent]) => {
    const row = new HeldRow(['method:x']);
    row.says('client', '{"jsonrpc":"2.0","id":12345678901234567890,"method":"x"}\n');
    expect(row.decide(1, { kind: 'reply', text: given })).toMatchObject({ kind: 'done' });
    expect(row.reached('client'), 'what reached the server').toEqual([]);
    const [answer] = row.passed;
    expect(answer).toMatchObject({ from: 'server', by: 'mcp-dbg' });
    if (typeof sent === 'string') expect(answer?.text).toBe(`${sent}\n`);
    else expect(answer?.text.trimEnd()).toMatch(sent);
  });

  test('only a request can be answered, and only with JSON; what was refused is still held', () => {
    const row = new HeldRow(['']);
    row.says('client', notification('notifications/x'));
    row.says('client', request(1));
    expect(row.decide(1, { kind: 'reply', text: '{}' })).toMatchObject({ kind: 'refused', code: 'NO_REQUEST' });
    expect(row.decide(2, { kind: 'reply', text: '{' })).toMatchObject({ kind: 'refused', code: 'NOT_JSON' });
    expect(row.decide(3, { kind: 'accept' })).toMatchObject({ kind: 'refused', code: 'NOT_HELD' });
    expect(row.desk.held).toHaveLength(2);
  });

  test('a frame can be added for either peer', () => {
    const row = new HeldRow(['']);
    row.says('server', 'held\n');
    row.desk.add('client', '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
    row.desk.add('server', '{"jsonrpc":"2.0","method":"notifications/x"}');
    expect(row.passed).toMatchObject([
      { from: 'server', by: 'mcp-dbg' },
      { from: 'client', by: 'mcp-dbg' },
    ]);
    expect(row.recorded.map((each) => 'text' in each && each.text)).toContain('added for the client, by hand');
  });
});

describe('the end of waiting', () => {
  test('what nobody decides about goes on when its time is over, each at its own time', () => {
    const row = new HeldRow(['is:pending'], 1000);
    row.says('client', request(1));
    row.wait(600);
    row.says('client', request(2));
    row.wait(399);
    expect(row.reached('client')).toEqual([]);
    row.wait(1);
    expect(row.passed).toEqual([{ from: 'client', text: `${text(request(1))}\n`, by: undefined }]);
    row.wait(600);
    expect(row.reached('client')).toHaveLength(2);
    expect(row.events.filter(({ kind }) => kind === 'settled')).toMatchObject([{ how: 'timeout' }, { how: 'timeout' }]);
    expect(row.timers, 'timers left').toBe(0);
    expect(row.recorded.at(-1)).toMatchObject({ text: expect.stringContaining('nobody decided in time') });
  });

  test('a desk that gives up lets all go and holds nothing any more', () => {
    const row = new HeldRow(['']);
    row.says('client', request(1));
    row.desk.giveUp('there is no place to listen');
    row.says('client', request(2));
    expect(row.reached('client')).toHaveLength(2);
    expect(row.desk.held).toEqual([]);
    expect(row.events.at(-2)).toMatchObject({ kind: 'off', reason: 'there is no place to listen' });
  });

  test('a relay that closes keeps no timer, passes nothing on, and records what it did not pass on', () => {
    const row = new HeldRow(['']);
    row.says('client', request(1));
    row.closes();
    row.wait(5000);
    expect(row.passed).toEqual([]);
    expect(row.timers).toBe(0);
    expect(new TextDecoder().decode(row.recorded.at(-1)?.original)).toBe(`${text(request(1))}\n`);
  });

  test('a flood of held frames costs no more than its size', () => {
    const row = new HeldRow([''], 1000);
    const many = 20_000;
    const line = `${text(notification('notifications/x'))}\n`;
    for (let i = 0; i < many; i++) row.says('server', line);
    expect(row.held.server).toBe(many * line.length);
    row.wait(1000);
    expect(row.passed).toHaveLength(many);
    expect(row.held.server).toBe(0);
  });
});
