// Long because it is a table: each rule with what it means or what is wrong with it.
import { parseFilter } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RelayError } from '../../src/errors.ts';
import { FAULT_ACTIONS } from '../../src/faults/action-table.ts';
import { CHAOS_PRESETS } from '../../src/faults/chaos.ts';
import { FaultError } from '../../src/faults/fault-error.ts';
import type { FaultAction, FaultRule } from '../../src/faults/fault-rule.ts';
import { parseFaultFile } from '../../src/faults/parse-fault-file.ts';
import { parseFault } from '../../src/faults/parse-fault.ts';
import { printFault } from '../../src/faults/print-fault.ts';

function errorOf(text: string, parse: (text: string) => unknown = parseFault): FaultError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FaultError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} is a rule`);
}

const TERMS = [
  'search',
  '"a :: b"',
  String.raw`"say \"::\" \\"`,
  String.raw`/a\/ :: "b/i`,
  'method:tools/*',
  'tool:"a, b",c',
  'id:7',
  'params.arguments.city=Paris',
  'params.x~/ :: /',
  '-from:server',
  '(is:req or larger:10k)',
  'not (a or b)',
] as const;
/** Filters that can be judged while frames pass; the capture package tries the language itself. */
const filterText = fc.array(fc.constantFrom(...TERMS), { maxLength: 4 }).map((terms) => terms.join(' '));

const time = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const bytes = fc.integer({ min: 1, max: 256 * 1024 * 1024 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const action: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.tuple(time, time).map(([a, b]): FaultAction => ({ kind: 'delay', ms: Math.max(a, b), jitterMs: Math.min(a, b) })),
  maybe(time).map((ms): FaultAction => ({ kind: 'stall', ms })),
  fc.record({ kind: fc.constant('drip' as const), bytes, everyMs: time }),
  fc.record({ kind: fc.constant('bandwidth' as const), bytesPerSecond: bytes }),
  fc.record({ kind: fc.constantFrom('truncate' as const, 'big' as const, 'stderr-flood' as const), bytes }),
  fc.record({ kind: fc.constant('reorder' as const), count: fc.integer({ min: 2, max: 100 }) }),
  fc.record({ kind: fc.constant('corrupt' as const), how: fc.constantFrom('bit', 'quote', 'utf8', 'brace') }),
  fc.record({ kind: fc.constant('id' as const), how: fc.constantFrom('dup', 'swap', 'string', 'null', 'bogus') }),
  fc.record({ kind: fc.constant('noise' as const), text }),
  fc.record({ kind: fc.constant('toolerror' as const), message: maybe(text) }),
  fc.record({
    kind: fc.constant('error' as const),
    code: fc.integer({ min: -99_999, max: 999 }),
    message: maybe(text),
  }),
  fc.record({ kind: fc.constant('kill' as const), signal: fc.constantFrom('SIGKILL' as const, 'SIGTERM' as const) }),
  fc.record({ kind: fc.constant('exit' as const), code: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('eof' as const), of: fc.constantFrom('server' as const, 'client' as const) }),
  fc
    .constantFrom('drop', 'dup', 'glue', 'crlf', 'blank', 'bom', 'hang-exit', 'listchanged')
    .map((kind): FaultAction => ({ kind })),
);

const when: fc.Arbitrary<FaultRule['when']> = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), maybe(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 1, max: 9 }))
  .map(([first, more, step]) => ({
    first,
    last: more === undefined ? undefined : first + more,
    step: more === 0 ? 1 : step,
  }));

const rule: fc.Arbitrary<Omit<FaultRule, 'text'>> = fc.record({
  filter: filterText.map((typed) => parseFilter(typed)),
  actions: fc.array(action, { minLength: 1, maxLength: 4 }),
  when: maybe(when),
  p: maybe(fc.integer({ min: 1, max: 1000 }).map((p) => p / 1000)),
  side: maybe(fc.constantFrom('req' as const, 'res' as const)),
  afterMs: fc.constant(undefined),
});

describe('parseFault', () => {
  it('reads what printFault writes as the same rule', () => {
    fc.assert(
      fc.property(rule, (made) => {
        const { text: _, ...parsed } = parseFault(printFault(made));
        expect(parsed).toEqual(made);
      }),
      { numRuns: 400 },
    );
  });

  it('throws nothing but FaultError, which points into the text', () => {
    const garbage = fc
      .array(
        fc.oneof(filterText, fc.constantFrom(' :: ', '::', ',', 'delay=', 'drop', 'p=', 'when=', '"', '='), text),
        {
          maxLength: 8,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(garbage, (typed) => {
        try {
          parseFault(typed);
        } catch (error) {
          expect(error).toBeInstanceOf(FaultError);
          expect(error).toBeInstanceOf(RelayError);
          const { code, at, length } = error as FaultError;
          expect(code).toBe('BAD_FAULT');
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at + length).toBeLessThanOrEqual(typed.length);
          expect((error as FaultError).explain().split('\n')).toHaveLength(3);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Partial<FaultRule>]>([
    ['method:tools/call tool:search :: delay=3s when=2+3', { when: { first: 2, last: undefined, step: 3 } }],
    [':: drop', { filter: { kind: 'all' }, actions: [{ kind: 'drop' }] }],
    [
      'a :: delay=1s, corrupt=bit p=.5',
      {
        p: 0.5,
        actions: [
          { kind: 'delay', ms: 1000, jitterMs: 0 },
          { kind: 'corrupt', how: 'bit' },
        ],
      },
    ],
    ['a :: delay=2s+-500ms', { actions: [{ kind: 'delay', ms: 2000, jitterMs: 500 }] }],
    ['a :: drop when=3', { when: { first: 3, last: 3, step: 1 } }],
    ['a :: drop when=3..', { when: { first: 3, last: undefined, step: 1 } }],
    ['a :: drop when=3..9+2', { when: { first: 3, last: 9, step: 2 } }],
    ['a :: kill after=res', { side: 'res', afterMs: undefined, actions: [{ kind: 'kill', signal: 'SIGKILL' }] }],
    [
      'a :: kill=sigterm after=100ms',
      { side: undefined, afterMs: 100, actions: [{ kind: 'kill', signal: 'SIGTERM' }] },
    ],
    ['"a :: b" :: drop', { filter: parseFilter('"a :: b"') }],
    ['/a :: b/ "std::vector" :: drop', { filter: parseFilter('/a :: b/ "std::vector"') }],
    ['a :: noise="x :: y, z p=1"', { actions: [{ kind: 'noise', text: 'x :: y, z p=1' }] }],
    ['a :: error=-32000:plain', { actions: [{ kind: 'error', code: -32000, message: 'plain' }] }],
    [
      'a :: big=12MiB,bandwidth=32k',
      {
        actions: [
          { kind: 'big', bytes: 12_582_912 },
          { kind: 'bandwidth', bytesPerSecond: 32_000 },
        ],
      },
    ],
  ])('%s', (typed, expected) => {
    expect(parseFault(typed)).toMatchObject({ text: typed, ...expected });
  });

  it.each([
    ['', 'There is no " :: " with an action behind it, as in method:tools/call :: delay=2s\n\n^'],
    [
      'delay=2s',
      'A rule begins with a filter, which may be empty, and " :: ", as in method:tools/call :: delay=2s\ndelay=2s\n^',
    ],
    ['a::drop', 'Put a space before and after "::", as in method:tools/call :: delay=2s\na::drop\n ^^'],
    ['metod:x :: drop', 'I do not know the key "metod" (did you mean "method"?)\nmetod:x :: drop\n^^^^^'],
    ['a :: dleay=2s', 'I do not know the action "dleay" (did you mean "delay"?)\na :: dleay=2s\n     ^^^^^'],
    ['a :: delay', 'delay needs a value, as in delay=2s±500ms\na :: delay\n     ^^^^^'],
    ['a :: delay=', 'A value is missing here, as in delay=2s±500ms\na :: delay=\n           ^'],
    ['a :: delay=2', '"2" has no unit; write 2ms or 2s\na :: delay=2\n           ^'],
    ['a :: delay=1s±2s', '"1s±2s" varies by more than it lasts\na :: delay=1s±2s\n           ^^^^^'],
    ['a :: corrupt=bits', '"bits" is unknown (did you mean "bit"?)\na :: corrupt=bits\n             ^^^^'],
    ['a :: drop=1', '"1" is too much; write drop alone\na :: drop=1\n          ^'],
    [
      'a :: kill=SIGFOO',
      '"SIGFOO" is none of SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGSTOP\na :: kill=SIGFOO\n          ^^^^^^',
    ],
    [
      'a :: big=1GiB',
      '"1GiB" has a unit that I do not know (there are b, k, kb, m, mb, KiB and MiB)\na :: big=1GiB\n         ^^^^',
    ],
    [
      'a :: drop dup',
      'Put a comma between two actions, and what is said of all of them at the end\na :: drop dup\n          ^^^',
    ],
    ['a :: drop wen=3', 'I do not know "wen" (did you mean "when"?)\na :: drop wen=3\n          ^^^'],
    [
      'a :: drop p=20%',
      '"20%" is no probability; write a number above 0, 1 at most, such as 0.2\na :: drop p=20%\n            ^^^',
    ],
    [
      'a :: drop when=0',
      '"0" is no choice of firings; write 3, 2..5, 2.., 2+3 or 2..9+3, counted from 1\na :: drop when=0\n               ^',
    ],
    ['a :: drop p=1 p=1', '"p" is there twice; leave one out\na :: drop p=1 p=1\n              ^^^'],
    [
      'a :: drop after=res',
      '"after" is for kill, exit and eof; delay=TIME holds a frame\na :: drop after=res\n          ^^^^^^^^^',
    ],
    [
      'a :: kill side=req after=res',
      '"side" and "after" name different sides; leave one out\na :: kill side=req after=res\n                   ^^^^^^^^^',
    ],
    ['a :: noise="x', 'This quote is never closed; put " at the end of the text\na :: noise="x\n           ^'],
    [
      'is:lost :: drop',
      '"is:lost" cannot be used here: a request is lost when its server ends, long after it passed\nis:lost :: drop\n^^^^^^^',
    ],
    [
      'x rule:stdio/* :: drop',
      '"rule:" cannot be used here: findings come from a check of the whole log\nx rule:stdio/* :: drop\n  ^^^^^',
    ],
    [
      'is:error :: kill',
      '"is:" cannot be used here: only an answer tells it, and this rule is for requests (side=res is for answers)\nis:error :: kill\n^^^',
    ],
    [
      'tool:x slower:2s :: error=-1',
      '"slower:" cannot be used here: only an answer tells it, and this rule is for requests (side=res is for answers)\ntool:x slower:2s :: error=-1\n       ^^^^^^^',
    ],
    [
      ':: era=legacy side=res',
      '"era" stands in for the answer to server/discover; it needs side=req, or none\n:: era=legacy side=res\n                  ^^^^',
    ],
  ])('says what is wrong with %s', (typed, expected) => {
    expect(errorOf(typed).explain()).toBe(expected);
  });

  it('names all actions where none stands', () => {
    const { message, at } = errorOf('a :: ');
    expect(message).toBe(`An action is missing here: ${FAULT_ACTIONS.map(({ name }) => name).join(', ')}`);
    expect(at).toBe(5);
  });

  it('refuses more than 10,000 characters', () => {
    expect(errorOf(`${'x'.repeat(10_000)} :: drop`)).toMatchObject({ at: 10_000, length: 8 });
  });

  it('takes the slower and the wrong answers on the side that tells them', () => {
    expect(parseFault('slower:2s or is:error :: drop').side).toBe(undefined);
    expect(parseFault('code:-32602 :: kill after=res').side).toBe('res');
  });
});

describe('parseFaultFile', () => {
  it('takes a rule a line, without comments and blank lines', () => {
    const rules = parseFaultFile('\uFEFF# a comment\r\n\r\n  a :: drop\r\n\t# b\nb :: dup');
    expect(rules.map(({ text: each }) => each)).toEqual(['a :: drop', 'b :: dup']);
  });

  it('says which line is wrong', () => {
    expect(errorOf('a :: drop\n\nb :: dropp', parseFaultFile).explain()).toBe(
      'Line 3: I do not know the action "dropp" (did you mean "drop"?)\nb :: dropp\n     ^^^^^',
    );
  });
});

it('every row of the table reads its own example, and is for the side that it says', () => {
  for (const { name, example, form } of FAULT_ACTIONS) {
    expect(parseFault(`x :: ${example}`).actions[0]?.kind).toBe(name);
    expect(form.startsWith(name)).toBe(true);
  }
});

it('every preset is made of rules', () => {
  for (const { rules } of CHAOS_PRESETS) for (const each of rules) expect(parseFault(each).text).toBe(each);
});
