import type { Sender } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Harness, answer, call, harness, textOf } from './stage-harness.ts';

/** Calls and answers, one after another. */
function talk(relay: Harness, calls: number, tool = 'search'): void {
  for (let id = 1; id <= calls; id++) {
    relay.client(call(id, tool));
    relay.server(answer(id));
  }
}

describe('which frames a rule is for', () => {
  it.each<[string, readonly number[]]>([
    ['when=3', [3]],
    ['when=2..4', [2, 3, 4]],
    ['when=2+3', [2, 5, 8]],
    ['when=8..', [8, 9]],
    ['when=1..7+3', [1, 4, 7]],
  ])('%s', (when, fired) => {
    const relay = harness(`tool:search :: drop ${when}`);
    talk(relay, 9);
    const left = relay.toClient.map((text) => (JSON.parse(text) as { id: number }).id);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter((id) => !left.includes(id))).toEqual(fired);
  });

  it('an empty filter is for every frame, and an action that needs an answer for answers', () => {
    const every = harness(':: crlf');
    talk(every, 1);
    every.server('no message');
    expect(every.passed.map(({ bytes }) => bytes.at(-2))).toEqual([0x0d, 0x0d, 0x0d]);
    const answers = harness(':: id=null');
    talk(answers, 1);
    expect(answers.faults.map(({ from }) => from)).toEqual(['server']);
  });

  it('a filter that names an exchange hits the side that the action is for, once', () => {
    for (const [action, side] of [
      ['dup', 'server'],
      ['kill', 'client'],
      ['dup side=req', 'client'],
      ['kill side=res', 'server'],
      ['delay=0ms,kill', 'client'],
    ] as const) {
      const relay = harness(`tool:search :: ${action}`);
      talk(relay, 1);
      expect(
        relay.faults.map(({ from }) => from),
        action,
      ).toEqual([side]);
    }
  });

  it('what stands alone is hit whatever the side, unless answers are asked for', () => {
    const progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}';
    for (const [rule, count] of [
      ['method:notifications/* :: drop', 1],
      ['method:notifications/* :: drop side=req', 1],
      ['method:notifications/* :: drop side=res', 0],
      ['is:noise :: drop', 0],
    ] as const) {
      const relay = harness(rule);
      relay.server(progress);
      expect(relay.faults, rule).toHaveLength(count);
    }
  });

  it.each([
    ['is:error :: drop', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x"}}', 1],
    ['is:ok :: drop', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x"}}', 0],
    ['code:-32000 :: drop', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x"}}', 1],
    ['res.found :: drop', answer(1), 1],
    ['result.content.0.text=found id:1 tool:sea* :: drop', answer(1), 1],
    ['slower:100ms :: drop', answer(1), 1],
    ['slower:102ms :: drop', answer(1), 0],
    ['is:orphan :: drop', answer(2), 1],
    ['era:modern server:weather n:1 before:50ms :: drop', answer(1), 1],
    ['larger:1k :: drop', answer(1), 0],
  ])('%s is judged while it passes', (rule, text, count) => {
    const relay = harness(rule);
    relay.client(call(1));
    relay.pass(101);
    relay.server(text);
    expect(relay.faults).toHaveLength(count);
  });

  it('leaves alone what mcp-dbg itself answered, such as the errors of a crash', () => {
    const relay = harness(':: drop');
    relay.raw('server', Buffer.from(`${answer(1)}\n`), 'mcp-dbg');
    expect(relay.toClient).toEqual([`${answer(1)}\n`]);
  });

  it('does several things in order, of one rule and of several, until nothing is left', () => {
    const relay = harness(['id:1 :: noise="x",dup', 'id:1 :: delay=1s', 'id:1 :: drop', 'id:1 :: dup']);
    relay.client(call(1));
    relay.server(answer(1));
    expect(relay.faults.map(({ action }) => action)).toEqual(['noise="x",dup', 'delay=1s', 'drop']);
    expect(relay.toClient).toEqual([]);
    const twice = harness('id:1 :: noise="x",dup,delay=1s');
    twice.client(call(1));
    twice.server(answer(1));
    twice.pass(1000);
    expect(twice.toClient).toEqual(['x\n', 'x\n', `${answer(1)}\n`, `${answer(1)}\n`]);
  });
});

const RULES = [
  'tool:search :: delay=50ms±50ms p=0.5',
  'tool:search :: drop p=0.1',
  ':: dup p=0.1',
  'method:tools/call :: error=-1 p=0.1',
  'tool:search :: corrupt=bit p=0.2',
  'tool:search :: reorder=2 p=0.3',
  'tool:search :: drip=30b/5ms p=0.1',
  'tool:search :: id=swap p=0.3',
  ':: noise="…" p=0.1',
] as const;

interface Step {
  readonly kind: 'call' | 'answer' | 'wait';
  readonly of: number;
}

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('call', 'call', 'answer', 'answer', 'wait'),
    of: fc.integer({ min: 0, max: 200 }),
  }),
  { maxLength: 60 },
);

function play(relay: Harness, script: readonly Step[]): void {
  const open: number[] = [];
  let id = 0;
  for (const { kind, of } of script) {
    if (kind === 'wait') relay.pass(of);
    else if (kind === 'call') {
      open.push(++id);
      relay.client(call(id));
    } else if (open.length > 0) relay.server(answer(open.splice(of % open.length, 1)[0] ?? 0));
  }
}

describe('chance', () => {
  it('is the same for the same seed and the same traffic', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (script, seed) => {
        const [one, other] = [harness(RULES, seed), harness(RULES, seed)];
        play(one, script);
        play(other, script);
        expect(other.story).toEqual(one.story);
      }),
      { numRuns: 100 },
    );
  });

  it('is another for another seed, and of the size that is asked for', () => {
    const fired = [1, 2].map((seed) => {
      const relay = harness('tool:search :: drop p=0.2', seed);
      talk(relay, 1000);
      return relay.faults.map(({ original }) => String(original));
    });
    expect(fired[0]).not.toEqual(fired[1]);
    for (const each of fired) expect(Math.abs(each.length - 200)).toBeLessThan(60);
  });

  it('of one rule does not depend on the others', () => {
    const alone = harness('tool:search :: dup p=0.3', 7);
    const first = harness(['tool:search :: dup p=0.3', 'tool:search :: crlf p=0.5'], 7);
    talk(alone, 100);
    talk(first, 100);
    const dups = (relay: Harness): unknown => relay.faults.filter(({ action }) => action === 'dup');
    expect(dups(first)).toEqual(dups(alone));
  });

  it('is told before the first frame and once, with all rules', () => {
    const relay = harness(['a :: drop', 'b :: dup'], 99);
    talk(relay, 2);
    expect(relay.notes).toEqual([{ kind: 'note', text: 'Faults are made on purpose, seed 99: a :: drop | b :: dup' }]);
  });
});

describe('what is held', () => {
  it('is let go in order when its sender has ended, and nothing of it is lost or held for ever', () => {
    const keeping = RULES.filter((rule) => !/drop|error|corrupt|noise|dup|swap/.test(rule));
    fc.assert(
      fc.property(steps, (script) => {
        const relay = harness(keeping, 3);
        play(relay, script);
        const sent = harness([], 3);
        play(sent, script);
        const all = (from: Sender, each: Harness): readonly string[] =>
          each.passed
            .filter((frame) => frame.from === from)
            .map(textOf)
            .join('')
            .split('\n')
            .toSorted();
        for (const from of ['client', 'server'] as const) {
          relay.ended(from);
          expect(all(from, relay)).toEqual(all(from, sent));
          expect(relay.held[from]).toBe(0);
        }
        relay.close();
        expect(relay.timers).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('is given up by close, with every timer', () => {
    const relay = harness(['id:1 :: delay=1s', 'id:2 :: stall=1s', 'id:3 :: kill after=1s', 'id:4 :: reorder=2']);
    talk(relay, 4);
    relay.close();
    expect([relay.timers, relay.held]).toEqual([0, { client: 0, server: 0 }]);
    const before = relay.passed.length;
    relay.pass(5000);
    expect(relay.passed).toHaveLength(before);
    expect(relay.done).toEqual([]);
  });

  it('never stands within a line that passes in pieces', () => {
    const relay = harness('id:1 :: delay=1s');
    relay.client(call(1));
    relay.server(answer(1));
    relay.piece('server', '{"long":');
    relay.pass(1000);
    relay.server(answer(2));
    expect(relay.toClient).toEqual(['{"long":']);
    relay.piece('server', '1}\n');
    expect(relay.toClient).toEqual(['{"long":', '1}\n', `${answer(1)}\n`, `${answer(2)}\n`]);
  });
});
