import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelError } from '../src/model.ts';
import { parseScript } from '../src/script/index.ts';

describe('a script', () => {
  test('may be as short as one sentence', () => {
    expect(parseScript('{"turns":[{"say":"Hello"}]}').turns).toEqual([
      { say: 'Hello', call: [], stop: 'end_turn', disconnect: false, drip: 0, repeat: 1 },
    ]);
  });

  test('may use everything', () => {
    const turn = {
      when: '^go',
      on: 'user',
      think: 't',
      say: 's',
      call: [{ tool: 'x', args: { a: 1 } }, { tool: 'y' }],
      drip: 1,
      repeat: true,
    };
    expect(
      parseScript(
        JSON.stringify({ turns: [turn, { error: { status: 529, message: 'm', retryAfterMs: 9 }, repeat: 3 }] }),
      ).turns,
    ).toEqual([
      {
        ...turn,
        when: /^go/i,
        call: [
          { tool: 'x', args: { a: 1 } },
          { tool: 'y', args: {} },
        ],
        stop: 'tool_use',
        disconnect: false,
        repeat: Infinity,
      },
      {
        error: { status: 529, message: 'm', retryAfterMs: 9 },
        call: [],
        stop: 'end_turn',
        disconnect: false,
        drip: 0,
        repeat: 3,
      },
    ]);
  });

  test('may begin with a byte order mark', () => {
    expect(parseScript('\uFEFF{"turns":[{"say":"x"}]}').turns).toHaveLength(1);
  });

  test.each([
    ['', /not JSON/],
    ['{"turns":[{]}', /not JSON/],
    ['[]', /at the script: expected an object, found \[\]/],
    ['{"turn":[]}', /key "turn": expected only the keys turns/],
    ['{}', /at turns: expected a list, found nothing/],
    ['{"turns":[]}', /at turns: expected at least one turn/],
    ['{"turns":["hi"]}', /at turns\[0\]: expected an object, found "hi"/],
    ['{"turns":[{"say":"x"},{"sya":"y"}]}', /at turns\[1\], key "sya": expected only the keys when/],
    ['{"turns":[{}]}', /at turns\[0\]: expected at least one of "say"/],
    ['{"turns":[{"say":1}]}', /at turns\[0\]\.say: expected a text, found 1/],
    ['{"turns":[{"say":"x","when":"("}]}', /at turns\[0\]\.when: expected a regular expression/],
    ['{"turns":[{"say":"x","on":"tool"}]}', /at turns\[0\]\.on: expected one of user, result, found "tool"/],
    ['{"turns":[{"call":{"tool":"x"}}]}', /at turns\[0\]\.call: expected a list/],
    ['{"turns":[{"call":[{"args":{}}]}]}', /at turns\[0\]\.call\[0\]\.tool: expected a text, found nothing/],
    ['{"turns":[{"call":[{"tool":""}]}]}', /at turns\[0\]\.call\[0\]\.tool: expected the name of a tool/],
    [
      '{"turns":[{"call":[{"tool":"x","args":[1]}]}]}',
      /at turns\[0\]\.call\[0\]\.args: expected an object, found \[1\]/,
    ],
    ['{"turns":[{"say":"x","stop":"done"}]}', /at turns\[0\]\.stop: expected one of end_turn/],
    ['{"turns":[{"say":"x","stop":"tool_use"}]}', /at turns\[0\]\.stop: expected "tool_use" only beside a "call"/],
    [
      '{"turns":[{"call":[{"tool":"x"}],"stop":"end_turn"}]}',
      /at turns\[0\]\.stop: expected no "end_turn" beside a "call"/,
    ],
    [
      '{"turns":[{"error":{"status":200}}]}',
      /at turns\[0\]\.error\.status: expected a whole number from 400 to 599, found 200/,
    ],
    ['{"turns":[{"error":{"status":500},"call":[{"tool":"x"}]}]}', /expected "error" or "call", not both/],
    ['{"turns":[{"say":"x","repeat":0}]}', /at turns\[0\]\.repeat: expected a whole number from 1/],
    ['{"turns":[{"say":"x","drip":-1}]}', /at turns\[0\]\.drip/],
    ['{"turns":[{"disconnect":"yes"}]}', /at turns\[0\]\.disconnect: expected true or false/],
  ])('%s is told with the place and what belongs there', (text, words) => {
    expect(() => parseScript(text)).toThrow(
      expect.objectContaining({ code: 'SCRIPT', message: expect.stringMatching(words) }),
    );
  });

  test('is read or refused with a ModelError, whatever it holds', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double());
    const key = fc.constantFrom(
      'when',
      'on',
      'think',
      'say',
      'call',
      'stop',
      'error',
      'disconnect',
      'drip',
      'repeat',
      'tool',
      'args',
      'status',
      '__proto__',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(scalar, fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(key, tie('any'))),
    })).any;
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.dictionary(key, value), { maxLength: 3 }).map((turns) => JSON.stringify({ turns })),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          expect(parseScript(source).turns.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
          expect((error as ModelError).code).toBe('SCRIPT');
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
