// Long because each action has its case.
import { describe, expect, it } from 'vitest';

import { answer, call, harness, textOf } from './stage-harness.ts';

const line = (text: string): string => `${text}\n`;

describe('actions that take time', () => {
  it('delay holds an answer and lets others flow past it', () => {
    const relay = harness('id:1 :: delay=2s');
    relay.client(call(1));
    relay.client(call(2));
    relay.server(answer(1));
    relay.server(answer(2));
    expect(relay.toClient).toEqual([line(answer(2))]);
    expect(relay.held.server).toBe(line(answer(1)).length);
    relay.pass(1999);
    expect(relay.toClient).toHaveLength(1);
    relay.pass(1);
    expect(relay.toClient).toEqual([line(answer(2)), line(answer(1))]);
    expect(relay.passed.every(({ by }) => by === undefined)).toBe(true);
    expect(relay.held.server).toBe(0);
    expect(relay.faults).toEqual([
      {
        kind: 'fault',
        from: 'server',
        action: 'delay=2s',
        rule: 'id:1 :: delay=2s',
        original: Buffer.from(line(answer(1))),
      },
    ]);
  });

  it('delay with a jitter says what it was, within its bounds', () => {
    const relay = harness('tool:search :: delay=2s±500ms');
    for (let id = 1; id <= 50; id++) {
      relay.client(call(id));
      relay.server(answer(id));
    }
    const delays = relay.faults.map(({ action }) => Number(/^delay=([\d.]+)(ms|s)$/.exec(action)?.[1]));
    expect(new Set(delays).size).toBeGreaterThan(30);
    relay.pass(1499);
    expect(relay.toClient).toEqual([]);
    relay.pass(1001);
    expect(relay.toClient).toHaveLength(50);
  });

  it('what belongs to a delayed request stays behind it: no cancellation overtakes it, no second answer the first', () => {
    const relay = harness('method:tools/call :: delay=1s side=req');
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
    relay.client(call(1));
    relay.client(cancel);
    relay.client('{"jsonrpc":"2.0","id":9,"method":"ping"}');
    expect(relay.toServer).toEqual([line('{"jsonrpc":"2.0","id":9,"method":"ping"}')]);
    relay.pass(1000);
    expect(relay.toServer.slice(1)).toEqual([line(call(1)), line(cancel)]);
  });

  it('stall holds the whole direction for ever, and no other', () => {
    const relay = harness('tool:search :: stall');
    relay.client(call(1));
    relay.server(answer(1));
    relay.server('{"jsonrpc":"2.0","method":"notifications/message","params":{}}');
    relay.client(call(2));
    relay.pass(1e9);
    expect(relay.toClient).toEqual([]);
    expect(relay.toServer).toHaveLength(2);
    expect(relay.held.server).toBeGreaterThan(100);
    relay.ended('server');
    expect(relay.toClient).toEqual([]);
    relay.close();
    expect(relay.held.server).toBe(0);
  });

  it('stall for a time goes on in order', () => {
    const relay = harness('tool:search :: stall=3s when=1');
    for (const id of [1, 2]) {
      relay.client(call(id));
      relay.server(answer(id));
    }
    relay.pass(2999);
    expect(relay.toClient).toEqual([]);
    relay.pass(1);
    expect(relay.toClient).toEqual([line(answer(1)), line(answer(2))]);
  });

  it('drip passes pieces with a wait after each, and nothing stands between them', () => {
    const relay = harness('id:1 :: drip=10b/50ms');
    relay.client(call(1));
    relay.server(answer(1));
    relay.server(answer(2));
    expect(relay.toClient).toEqual([line(answer(1)).slice(0, 10)]);
    relay.pass(50);
    expect(relay.toClient).toHaveLength(2);
    relay.pass(10_000);
    const pieces = relay.passed.filter(({ isPiece }) => isPiece);
    expect(pieces.every(({ bytes }) => bytes.length <= 10)).toBe(true);
    expect(relay.toClient.join('')).toBe(line(answer(1)) + line(answer(2)));
    expect(relay.held.server).toBe(0);
  });

  it('bandwidth takes as long as so many bytes do', () => {
    const relay = harness('id:1 :: bandwidth=1000');
    relay.client(call(1));
    relay.server(answer(1, 'x'.repeat(2000)));
    relay.server(answer(2));
    relay.pass(1900);
    expect(relay.toClient.join('').length).toBeLessThan(2001);
    relay.pass(400);
    expect(relay.toClient.join('')).toBe(line(answer(1, 'x'.repeat(2000))) + line(answer(2)));
  });

  it('reorder passes the last first, and waits no longer than a second for it', () => {
    const relay = harness('tool:search :: reorder=3');
    for (const id of [1, 2, 3, 4]) relay.client(call(id));
    for (const id of [1, 2]) relay.server(answer(id));
    expect(relay.toClient).toEqual([]);
    relay.server(answer(3));
    expect(relay.toClient).toEqual([3, 2, 1].map((id) => line(answer(id))));
    relay.server(answer(4));
    relay.pass(1000);
    expect(relay.toClient.at(-1)).toBe(line(answer(4)));
    expect(relay.held.server).toBe(0);
  });
});

describe('actions that change frames', () => {
  const changed = (rule: string, seed = 1): { readonly text: string; readonly relay: ReturnType<typeof harness> } => {
    const relay = harness(rule, seed);
    relay.client(call(1));
    relay.server(answer(1));
    const text = relay.toClient.join('');
    expect(relay.faults).toHaveLength(1);
    expect(relay.faults[0]?.original).toEqual(Buffer.from(line(answer(1))));
    return { text, relay };
  };

  it.each([
    ['drop', ''],
    ['dup', line(answer(1)) + line(answer(1))],
    ['truncate=20b', answer(1).slice(0, 20)],
    ['glue', answer(1)],
    ['crlf', `${answer(1)}\r\n`],
    ['blank', `\n${line(answer(1))}`],
    ['bom', `\uFEFF${line(answer(1))}`],
    ['noise="Loading, 1…"', `Loading, 1…\n${line(answer(1))}`],
    ['corrupt=brace', line(answer(1).slice(0, -1))],
    ['id=string', line(answer('1'))],
    ['id=null', line(answer(null))],
    ['id=bogus', line(answer(900_000_001))],
    ['big=200b', `${answer(1).slice(0, -1)}${' '.repeat(199 - answer(1).length)}}\n`],
  ])('%s', (action, expected) => {
    const { text, relay } = changed(`tool:search :: ${action}`);
    expect(text).toBe(expected);
    const changedOnes = relay.passed.filter((frame) => frame.from === 'server' && textOf(frame) !== line(answer(1)));
    expect(changedOnes.every(({ by }) => by === 'mcp-dbg')).toBe(true);
  });

  it('corrupt=bit changes one bit of one byte, whatever the seed', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { relay } = changed('tool:search :: corrupt=bit', seed);
      const [frame] = relay.passed.filter(({ from }) => from === 'server');
      const before = Buffer.from(line(answer(1)));
      const bits = [...before].map(
        (byte, at) => (byte ^ (frame?.bytes[at] ?? 0)).toString(2).replaceAll('0', '').length,
      );
      expect(frame?.bytes).toHaveLength(before.length);
      expect([1, 2]).toContain(bits.reduce((sum, count) => sum + count, 0));
      expect(
        Buffer.from(frame?.bytes ?? [])
          .subarray(0, -1)
          .includes(0x0a),
      ).toBe(false);
    }
  });

  it('corrupt=quote takes a quote away, corrupt=utf8 puts in a byte that is no UTF-8', () => {
    const quote = changed('tool:search :: corrupt=quote').text;
    expect(quote.replaceAll('"', '')).toBe(line(answer(1)).replaceAll('"', ''));
    expect(quote).toHaveLength(line(answer(1)).length - 1);
    const { relay } = changed('tool:search :: corrupt=utf8');
    expect(relay.passed.at(-1)?.reading).toMatchObject({ kind: 'not-json', text: undefined });
  });

  it('id=dup gives the id of the answer before, and fires only where there was one', () => {
    const relay = harness('tool:search :: id=dup');
    for (const id of [1, 2]) {
      relay.client(call(id));
      relay.server(answer(id, `text ${id}`));
    }
    expect(relay.toClient).toEqual([line(answer(1, 'text 1')), line(answer(1, 'text 2'))]);
    expect(relay.faults).toHaveLength(1);
  });

  it('id=swap exchanges the ids of two answers, and records both', () => {
    const relay = harness('tool:search :: id=swap when=1');
    for (const id of [1, 2, 3]) relay.client(call(id));
    for (const id of [1, 3, 2]) relay.server(answer(id, `text ${id}`));
    expect(relay.toClient).toEqual([line(answer(2, 'text 1')), line(answer(3, 'text 3')), line(answer(1, 'text 2'))]);
    expect(relay.faults.map(({ action }) => action)).toEqual(['id=swap', 'id=swap']);
  });

  it('an id is changed in the text, and every other byte stays', () => {
    const relay = harness(':: id=string');
    relay.client(call(1));
    relay.server('{ "id" : 1 ,"x":1.0, "result":{"id":1,"n":9007199254740993},\t"jsonrpc":"2.0"}\r');
    expect(relay.toClient).toEqual([
      '{ "id" : "1" ,"x":1.0, "result":{"id":1,"n":9007199254740993},\t"jsonrpc":"2.0"}\r\n',
    ]);
  });
});

describe('actions that answer instead', () => {
  it('error answers the request, which the server never sees', () => {
    const relay = harness('tool:search :: error=-32603:"broken, \\"here\\""');
    relay.client(call('a'));
    expect(relay.toServer).toEqual([]);
    expect(JSON.parse(relay.toClient.join(''))).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      error: { code: -32603, message: 'broken, "here"' },
    });
    expect(relay.passed[0]).toMatchObject({ from: 'server', by: 'mcp-dbg' });
    expect(relay.faults[0]).toMatchObject({ from: 'client', original: Buffer.from(line(call('a'))) });
  });

  it('error with side=res lets the server work and replaces its answer', () => {
    const relay = harness('tool:search :: error=-32000 side=res');
    relay.client(call(1));
    relay.server(answer(1));
    expect(relay.toServer).toHaveLength(1);
    expect(JSON.parse(relay.toClient.join(''))).toMatchObject({ id: 1, error: { code: -32000 } });
  });

  it('error answers what the server asks, too', () => {
    const relay = harness('from:server method:roots/list :: error=-32601');
    relay.server('{"jsonrpc":"2.0","id":5,"method":"roots/list"}');
    expect(relay.toClient).toEqual([]);
    expect(JSON.parse(relay.toServer.join(''))).toMatchObject({ id: 5, error: { code: -32601 } });
  });

  it('toolerror gives what a tool that fails gives, in the way of the era', () => {
    const modern = harness(':: toolerror="no such city"');
    modern.client(call(1));
    expect(JSON.parse(modern.toClient.join(''))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [{ type: 'text', text: 'no such city' }], isError: true, resultType: 'complete' },
    });
    const legacy = harness(':: toolerror="no such city"');
    legacy.client('{"jsonrpc":"2.0","id":3,"method":"tools/list"}');
    legacy.client(call(1, 'search', null));
    expect(legacy.toServer).toHaveLength(1);
    expect(legacy.toClient.join('')).not.toContain('resultType');
  });

  it.each([
    ['legacy', { code: -32601 }],
    ['unsupported', { code: -32022, data: { supported: ['2000-01-01'] } }],
  ])('era=%s answers server/discover alone', (how, error) => {
    const relay = harness(`:: era=${how}`);
    relay.client('{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{}}');
    relay.client(call(1));
    expect(relay.toServer).toEqual([line(call(1))]);
    expect(JSON.parse(relay.toClient.join(''))).toMatchObject({ id: 0, error });
  });

  it('era=silent leaves server/discover without an answer', () => {
    const relay = harness(':: era=silent');
    relay.client('{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{}}');
    expect([relay.toServer, relay.toClient]).toEqual([[], []]);
  });

  it('listchanged goes through the streams that want it in the modern era, and needs none in the legacy one', () => {
    const listen = (id: number, wants: boolean): string =>
      `{"jsonrpc":"2.0","id":${id},"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":${wants}}}}`;
    const modern = harness('tool:search :: listchanged');
    modern.client(call(1));
    modern.server(answer(1));
    expect(modern.faults).toEqual([]);
    modern.client(listen(7, true));
    modern.client(listen(8, false));
    modern.client(call(2));
    modern.server(answer(2));
    expect(JSON.parse(modern.toClient.at(-1) ?? '')).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 7 } },
    });
    expect(modern.toClient).toHaveLength(3);
    const legacy = harness('method:initialize :: listchanged');
    legacy.client('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}');
    legacy.server('{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25"}}');
    expect(legacy.toClient.at(-1)).toBe(line('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'));
  });
});

describe('actions on the process', () => {
  it.each([
    ['kill', 'kill SIGKILL'],
    ['kill=TERM', 'kill SIGTERM'],
    ['exit=3', 'exit 3'],
  ])('%s comes before a request is passed on, so that it cannot be answered', (action, done) => {
    const relay = harness(`tool:search :: ${action}`);
    relay.client(call(1));
    expect(relay.done).toEqual([done]);
    expect(relay.story.slice(1)).toEqual(['kill', `client ${line(call(1))}`]);
    expect(relay.story[0]).toMatch(/^fault /);
  });

  it.each([
    ['eof=server', 'eof server'],
    ['eof=client', 'eof client'],
    ['hang-exit', 'ignores its end'],
  ])('%s comes after the request was passed on', (action, done) => {
    const relay = harness(`tool:search :: ${action}`);
    relay.client(call(1));
    expect(relay.toServer).toHaveLength(1);
    expect(relay.done).toEqual([done]);
    expect(relay.story[0]).toMatch(/^fault /);
  });

  it('after=res waits for the answer, a time for that time, and drop leaves nothing to wait for', () => {
    const late = harness('tool:search :: kill after=res');
    late.client(call(1));
    expect(late.done).toEqual([]);
    late.server(answer(1));
    expect(late.story.slice(-2)).toEqual([`server ${line(answer(1))}`, 'kill']);
    const timed = harness('tool:search :: kill after=100ms');
    timed.client(call(1));
    timed.pass(99);
    expect(timed.done).toEqual([]);
    timed.pass(1);
    expect(timed.done).toEqual(['kill SIGKILL']);
    const before = harness('tool:search :: drop,kill side=res');
    before.client(call(1));
    before.server(answer(1));
    expect([before.toClient, before.done]).toEqual([[], ['kill SIGKILL']]);
  });

  it('stderr-flood writes as much as it says', () => {
    const relay = harness('tool:search :: stderr-flood=1MiB');
    relay.client(call(1));
    expect(relay.stderr()).toBe(1024 * 1024);
  });
});

describe('what is done to the process because of a frame that is slow', () => {
  it('is done after its last byte', () => {
    const relay = harness('id:1 :: drip=10b/50ms,kill side=res');
    relay.client(call(1));
    relay.server(answer(1));
    const pieces = Math.ceil(line(answer(1)).length / 10);
    relay.pass((pieces - 1) * 50 - 1);
    expect(relay.done).toEqual([]);
    relay.pass(1);
    expect(relay.done).toEqual(['kill SIGKILL']);
    expect(relay.toClient.join('')).toBe(line(answer(1)));
    expect(relay.story.at(-1)).toBe('kill');
  });

  it.each([
    ['after its last byte, of an answer that comes behind it', 'kill after=res', `server ${line(answer(2))}`],
    ['right before the first byte, of a request that comes behind it', 'kill', `client ${line(call(2))}`],
  ])('waits for its own turn: %s', (_, action, last) => {
    const side = action === 'kill' ? 'req' : 'res';
    const relay = harness([`id:1 :: drip=10b/50ms side=${side}`, `id:2 :: ${action}`]);
    for (const id of [1, 2]) relay.client(call(id));
    for (const id of [1, 2]) relay.server(answer(id));
    relay.pass(100);
    expect(relay.done).toEqual([]);
    relay.pass(10_000);
    const two = side === 'req' ? ['kill', last] : [last, 'kill'];
    expect(relay.story.slice(-2)).toEqual(two);
  });
});

describe('what is passed on in pieces', () => {
  it('is cut as it is passed on, so that a long line in small pieces takes no more memory than it is long', () => {
    let cuts = 0;
    class WatchedBytes extends Uint8Array {
      override subarray(start?: number, end?: number): Uint8Array<ArrayBuffer> {
        cuts++;
        return Uint8Array.prototype.subarray.call(this, start, end) as Uint8Array<ArrayBuffer>;
      }
    }
    const relay = harness(':: drip=1b/1ms');
    const size = 1_000_000;
    const noise = new WatchedBytes(size).fill(0x20);
    noise[size - 1] = 0x0a;
    relay.raw('server', noise);
    expect(relay.toClient).toEqual([' ']);
    expect(cuts).toBeLessThan(10);
    expect([relay.held.server, relay.timers]).toEqual([size - 1, 1]);
    relay.pass(100);
    expect(relay.toClient).toHaveLength(101);
    expect(cuts).toBeLessThan(110);
  });
});
