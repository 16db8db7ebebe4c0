import { FILTER_KEYS, type FilterKeyName, type FilterNode, type FilterTree } from '@mcp-dbg/capture';
import fc from 'fast-check';

const side = fc.constantFrom(undefined, 'req' as const, 'res' as const);
const anyText = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const name = fc.constantFrom('city', '_meta', '0', '12', 'x-y', '$ref', 'a.b', '', '*', 'é', '"', '\\', 'io/x');

const regex = fc.record({
  source: fc.constantFrom('a', 'a b', String.raw`\/x`, '[a-z]+$', '([ab])*', 'é', String.raw`\\`, String.raw`\d"`, '^'),
  ignoreCase: fc.boolean(),
});

const word: fc.Arbitrary<FilterNode> = fc.record({
  kind: fc.constant('word' as const),
  side,
  text: fc.oneof(
    anyText,
    fc.constantFrom('and', 'or', 'NOT', 'forecast', 'is:error', 'req.x', '-x', 'a=b', 'https://a'),
  ),
});

const quoted = anyText.map((text) => ({ kind: 'text' as const, text, isQuoted: true }));
const bare = (text: string) => ({ kind: 'text' as const, text, isQuoted: false });

/** Values that each key takes. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  pattern: ['tools/*', '*', 'a*b*c', 'search', 'A', '/', ':', 'é', "'"],
  id: ['7', '1*', 'abc', '-1'],
  number: ['-32602', '0', '2'],
  range: ['7', '3..5', '..9', '2..'],
  duration: ['200ms', '1.5s', '0us', '2m', '1h'],
  size: ['10k', '0', '1.5MB', '3b'],
  time: ['12s', '2026-11-20', '2026-11-20T20:40', '2026-11-20T20:40:01.5Z', '2026-11-20T20:40+02:00'],
  version: ['legacy', 'modern', '2026-07-28', '2025-*'],
};

const keys: readonly fc.Arbitrary<FilterNode>[] = FILTER_KEYS.map(({ name, value, words, hasSides }) => {
  const bares = value === 'word' ? words.flatMap((each) => [each.name, ...each.also]) : (VALUES[value] ?? []);
  const values = fc.constantFrom(...bares).map(bare);
  const takesAny = value === 'pattern' || value === 'id';
  return fc.record({
    kind: fc.constant('key' as const),
    side: hasSides ? side : fc.constant(undefined),
    key: fc.constant<FilterKeyName>(name),
    values: fc.array(takesAny ? fc.oneof(values, quoted) : values, { minLength: 1, maxLength: 3 }),
  });
});

const step = fc.oneof(
  name.map((key) => ({ kind: 'key' as const, key })),
  fc.constant({ kind: 'any' as const }),
);
const compared = fc.oneof(
  quoted,
  fc.constantFrom('Paris', '7', '-1.5e3', 'true', 'null', 'P*', 'a,b', 'a=b', 'é/').map(bare),
);
const path: fc.Arbitrary<FilterNode> = fc.record({
  kind: fc.constant('path' as const),
  side,
  head: fc.constantFrom('params' as const, 'result' as const, 'error' as const, 'msg' as const),
  steps: fc.array(step, { maxLength: 4 }),
  op: fc.constantFrom(
    '=' as const,
    '!=' as const,
    '>' as const,
    '>=' as const,
    '<' as const,
    '<=' as const,
    '~' as const,
  ),
  value: compared,
});
const pathRegex: fc.Arbitrary<FilterNode> = fc
  .tuple(path, regex)
  .map(([path, regex]) => ({ ...path, op: '~', value: { kind: 'regex', ...regex } }) as FilterNode);

const term: fc.Arbitrary<FilterNode> = fc.oneof(
  word,
  fc.tuple(regex, side).map(([regex, side]) => ({ kind: 'regex' as const, side, ...regex })),
  ...keys,
  path,
  pathRegex,
);

const { node } = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    term,
    fc.record({ kind: fc.constant('not' as const), term: tie('node') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** Any tree that a filter can have. */
export const filterTree: fc.Arbitrary<FilterTree> = fc.oneof(
  { weight: 20, arbitrary: node },
  { weight: 1, arbitrary: fc.constant({ kind: 'all' as const }) },
);

const PIECES = [
  ' ',
  '(',
  ')',
  '-',
  '"',
  '/',
  ':',
  '=',
  '!',
  '<',
  '~',
  '.',
  '[',
  ']',
  '*',
  ',',
  '\\',
  '\n',
  "'",
  '&&',
  '|',
  'and',
  'or',
  'not',
  'req.',
  'res.',
  'params',
  'result.x',
  'msg',
  'is:',
  'method:',
  'slower:',
  'n:',
  'id:',
  'eror',
  '1s',
  'x',
  '7',
  '..',
  '{',
  '?',
  'https://',
  '\u0000',
  'é',
  '\ud800',
];

/** What a person, or a stranger, may type for a filter. */
export const filterText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join('')),
);
