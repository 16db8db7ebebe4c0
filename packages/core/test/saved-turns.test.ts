import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  CoreError,
  type ModelContent,
  type ModelReply,
  type ToolReply,
  type Turn,
  forAnotherModel,
  readTurns,
  writeTurns,
} from '../src/index.ts';
import { assistant, results, user } from './support/model-conversation.ts';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1').toString('base64');
const PDF = Buffer.from('%PDF-1.7 and more').toString('base64');

const text = fc.string({ unit: 'binary' });
const word = fc.string({ minLength: 1, unit: 'binary' });
const content: fc.Arbitrary<ModelContent> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text }),
  fc.constant({ type: 'image' as const, mimeType: 'image/png' as const, data: PNG }),
  fc.constant({ type: 'pdf' as const, data: PDF }),
);
// JSON has no zero below zero.
const json = fc.jsonValue().map(inJson);
const args = fc.dictionary(fc.oneof(word, fc.constant('__proto__')), json);
const tokens = fc.nat();
const reply: fc.Arbitrary<ModelReply> = fc.record(
  {
    text,
    calls: fc.array(fc.record({ id: word, name: word, args }), { maxLength: 3 }),
    stop: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn'),
    detail: text,
    usage: fc.record(
      { inputTokens: tokens, outputTokens: tokens, cacheReadTokens: tokens, cacheWriteTokens: tokens },
      { requiredKeys: ['inputTokens', 'outputTokens'] },
    ),
    vendor: json,
  },
  { requiredKeys: ['text', 'calls', 'stop', 'vendor'] },
);
/** A person's text, and a reply with the results of its calls. */
const exchange: fc.Arbitrary<readonly Turn[]> = fc
  .tuple(
    text,
    reply,
    fc.array(fc.record({ isError: fc.boolean(), content: fc.array(content) }), { minLength: 3, maxLength: 3 }),
  )
  .map(([said, answer, rest]): readonly Turn[] => {
    const replies = answer.calls.map(({ id }, index): ToolReply => ({
      isError: true,
      content: [],
      ...rest[index],
      id,
    }));
    return [user(said), assistant(answer), ...(replies.length > 0 ? [{ role: 'tools', replies } as const] : [])];
  });
const conversation: fc.Arbitrary<readonly Turn[]> = fc.array(exchange, { maxLength: 4 }).map((all) => all.flat());

const said1: ModelReply = { text: 'a', calls: [], stop: 'end_turn', vendor: null };
const calls1: ModelReply = { ...said1, calls: [{ id: 'c1', name: 'echo', args: {} }], stop: 'tool_use' };

describe('a saved conversation', () => {
  test('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        expect(readTurns(inJson(writeTurns(turns)))).toEqual(turns);
      }),
    );
  });

  test('cut off anywhere is still one that a model takes: what was begun is kept, open calls are answered', () => {
    fc.assert(
      fc.property(conversation, fc.nat(), (turns, cut) => {
        const kept = turns.slice(0, cut % (turns.length + 1));
        const read = readTurns(inJson(writeTurns(kept)));
        expect(read.slice(0, kept.length)).toEqual(kept);
        const last = kept.at(-1);
        const open = last?.role === 'assistant' ? last.reply.calls : [];
        const answers = read.slice(kept.length).flatMap((turn) => (turn.role === 'tools' ? turn.replies : []));
        expect(answers.map(({ id, isError }) => [id, isError])).toEqual(open.map(({ id }) => [id, true]));
      }),
    );
  });

  test('that is hostile is refused in one sentence, or is a conversation; it never crashes', () => {
    const keys = [
      'role',
      'text',
      'reply',
      'replies',
      'calls',
      'id',
      'name',
      'args',
      'stop',
      'vendor',
      'content',
      'type',
      'data',
    ];
    const hostile = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom('user', 'assistant', 'tools', 'text', 'image', 'end_turn', 'x', '', 0, true, null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(fc.oneof(hostile, fc.array(hostile), fc.anything()), (value) => {
        expectRefusedOrValid(value);
      }),
    );
  });

  test('with one value changed for another is refused in one sentence, or is a conversation', () => {
    fc.assert(
      fc.property(conversation, fc.nat(), fc.jsonValue(), (turns, at, other) => {
        const written = inJson(writeTurns(turns));
        const places = placesIn(written);
        const place = places[at % places.length];
        place?.(other);
        expectRefusedOrValid(written);
      }),
    );
  });

  test.each<[unknown, string]>([
    [{}, 'turns: expected a list, found an object'],
    [[null], 'turns[0]: expected an object, found null'],
    [[{ role: 'system', text: '' }], 'turns[0].role: expected one of user, assistant, tools, found "system"'],
    [[assistant(said1)], 'turns[0].role: expected user at the start, found "assistant"'],
    [[user('a'), { role: 'tools', replies: [] }], 'turns[1]: expected no results, since no call stands before it'],
    [[user('a'), assistant(calls1), user('b')], 'turns[2]: expected the results of the calls before it, found "user"'],
    [
      [user('a'), assistant(calls1), { role: 'tools', replies: [] }],
      'turns[2].replies: expected one result for each of the 1 calls before it, found 0',
    ],
    [
      [user('a'), assistant(calls1), results({ ...calls1, calls: [{ id: 'c2', name: 'x', args: {} }] })],
      'turns[2].replies[0].id: expected that of the call, "c1", found "c2"',
    ],
    [
      [user('a'), assistant({ ...calls1, calls: [{ id: '', name: 'x', args: {} }] })],
      'turns[1].reply.calls[0].id: expected a text that is not empty, found ""',
    ],
    [
      [user('a'), assistant({ ...said1, usage: { inputTokens: -1, outputTokens: 0 } })],
      'turns[1].reply.usage.inputTokens: expected a number from 0 on, found -1',
    ],
    [
      [
        user('a'),
        assistant(calls1),
        {
          role: 'tools',
          replies: [{ id: 'c1', isError: false, content: [{ type: 'image', mimeType: 'image/gif', data: PNG }] }],
        },
      ],
      'turns[2].replies[0].content[0].data: expected the bytes of an image of type image/gif',
    ],
    [
      [user('a'), assistant({ ...said1, vendor: nested(100_000) })],
      'turns[1].reply.vendor: expected a value that is not nested so deep',
    ],
    [[{ role: 'user', text: nested(100_000) }], 'turns[0].text: expected a text, found a list'],
  ])('is refused with the place and what belongs there: %#', (value, why) => {
    expect(() => readTurns(value)).toThrow(new CoreError('BAD_TURNS', `The saved conversation is wrong at ${why}`));
  });

  test('leaves out what JSON cannot hold, and keeps the rest', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const vendor of [circle, new Map(), () => 1, 1n, nested(600), Number.NaN, undefined]) {
      const odd: ModelReply = {
        ...calls1,
        calls: [{ id: 'c', name: 'n', args: { vendor } }],
        vendor: [vendor],
        usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: Number.NaN },
      };
      const read = readTurns(inJson(writeTurns([user('a'), assistant(odd)])));
      expect(read.slice(0, 2)).toEqual([
        user('a'),
        assistant({ ...calls1, calls: [{ id: 'c', name: 'n', args: {} }], vendor: null }),
      ]);
    }
  });
});

describe('a conversation for another model', () => {
  test('has the text and the calls, no vendor’s form, and only ids and names that every vendor takes', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const other = forAnotherModel(turns);
        expect(readTurns(inJson(writeTurns(other)))).toEqual(other);
        const replies = other.flatMap((turn) => (turn.role === 'assistant' ? [turn.reply] : []));
        expect(replies.every(({ vendor }) => vendor === null)).toBe(true);
        const ids = replies.flatMap(({ calls }) => calls.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
        const names = replies.flatMap(({ calls }) => calls.map(({ name }) => name));
        for (const each of [...ids, ...names]) expect(each).toMatch(/^[A-Za-z0-9_-]+$/);
      }),
    );
  });

  test('keeps every id and name that is legal and new', () => {
    const turns = [user('a'), assistant(calls1), results(calls1), assistant(said1)];
    expect(forAnotherModel(turns)).toEqual(turns);
  });
});

function expectRefusedOrValid(value: unknown): void {
  let turns: readonly Turn[];
  try {
    turns = readTurns(value);
  } catch (error) {
    expect(error).toMatchObject({
      code: 'BAD_TURNS',
      message: expect.stringMatching(/^The saved conversation is wrong at turns.*: expected .+$/),
    });
    return;
  }
  expect(readTurns(inJson(writeTurns(turns)))).toEqual(inJson(turns));
}

/** For each place in a JSON value, the way to put something else there. */
function placesIn(value: unknown): readonly ((other: unknown) => void)[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    (other: unknown) => void Object.defineProperty(value, key, { value: other, enumerable: true }),
    ...placesIn((value as Record<string, unknown>)[key]),
  ]);
}

function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

function inJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
