import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type CompletionWorld, completions } from '../src/chat/completions.ts';
import { parseArguments } from '../src/parse-arguments.ts';
import { visible } from '../src/render/visible.ts';

const schema = {
  $defs: { Size: { enum: ['small', 'extra large'] } },
  properties: {
    note: { type: 'string' },
    unit: { type: 'string', enum: ['metric', 'imperial', 'old "style"', 'very\u202e'] },
    size: { $ref: '#/$defs/Size' },
    level: { enum: [1, 2.5, '3', null, 'null', 'high'] },
    loud: { type: 'boolean' },
    kind: { const: 'two words' },
    __proto__x: {},
    'a=b': {},
    'a b': {},
    'hid\u200bden': {},
  },
  required: ['unit', 'loud'],
};

const world: CompletionWorld = {
  commands: ['help', 'tools', 'call', 'read', 'raw', 'reconnect', 'model', 'save', 'quit', 'evil\u001b[31m'],
  servers: ['weather', 'web', 'w\u0007'],
  tools: new Map<string, unknown>([
    ['add', { properties: { a: {}, b: {} }, required: ['b'] }],
    ['add_all', undefined],
    ['set', schema],
    ['\u001b[2Jadd', {}],
  ]),
  models: ['claude-a', 'claude-b', 'claude-\u001b[31m'],
  list: (folder) =>
    ({
      './': ['notes.txt', 'new folder/', '.hidden', 'e\u001bvil'],
      './new folder/': ['a b.txt', 'sub/'],
      '/': ['etc/'],
      '~/': ['x'],
    })[folder] ?? [],
};

const complete = (line: string) => completions(line, world);

describe('a line can go on with', () => {
  test.for([
    ['', []],
    ['hello', []],
    ['/', ['/help', '/tools ', '/call ', '/read ', '/raw ', '/reconnect ', '/model ', '/save ', '/quit']],
    ['/re', ['/read ', '/reconnect ']],
    ['/quit', []],
    ['/constructor ', []],
    ['/call ad', ['/call add ', '/call add_all']],
    ['/call  add', ['/call  add ', '/call  add_all']],
    ['/tools s', ['/tools set']],
    ['/model cl', ['/model claude-a', '/model claude-b']],
    ['/model ', ['/model claude-a', '/model claude-b', '/model manual', '/model script:']],
    ['/model script:', ['/model script:notes.txt', '/model script:new folder/']],
    ['/model script:./new folder/s', ['/model script:./new folder/sub/']],
    ['/model script:/none/', []],
    ['/reconnect w', ['/reconnect weather', '/reconnect web']],
    ['/raw we', ['/raw weather ', '/raw web ']],
    ['/raw web p', []],
    ['/help x', []],
    ['/save n', ['/save notes.txt', '/save new folder/']],
    ['/save ', ['/save notes.txt', '/save new folder/']],
    ['/save .h', ['/save .hidden']],
    ['/save ./new folder/', ['/save ./new folder/a b.txt', '/save ./new folder/sub/']],
    ['/save /none/', []],
  ] as const)('%s', ([line, lines]) => {
    expect(complete(line)).toEqual(lines);
  });
});

describe('a call can go on with', () => {
  test.for([
    ['', ['unit=', 'loud=', 'note=', 'size=', 'level=', 'kind=', '__proto__x=']],
    ['n', ['note=']],
    ['note:=1 n', []],
    ['loud=true unit="a b" s', ['loud=true unit="a b" size=']],
    ['note="loud=1 ', []],
    ['note=x l', ['note=x loud=', 'note=x level=']],
    ['unit=', ['unit=metric', 'unit=imperial']],
    ['unit="m', ['unit="metric"']],
    ['size=', ['size=small', 'size="extra large"']],
    ['size=e', []],
    ['size:=', ['size:="small"', 'size:="extra large"']],
    ['level=', ['level=1', 'level=2.5', 'level=null', 'level=high']],
    ['level:=', ['level:=1', 'level:=2.5', 'level:="3"', 'level:=null', 'level:="null"', 'level:="high"']],
    ['loud=', ['loud=true', 'loud=false']],
    ['loud=t', ['loud=true']],
    ['kind=', ['kind="two words"']],
    ['note=', []],
    ['note=.', []],
    ['note=./n', ['note=./notes.txt']],
    ['note="./n', ['note="./notes.txt"', 'note="./new folder/']],
    ['note="./new folder/', ['note="./new folder/a b.txt"', 'note="./new folder/sub/']],
    ['note=/', ['note=/etc/']],
    ['note=~/', ['note=~/x']],
    ['unit=/', []],
    ['{"unit":', []],
    ['nobody=', []],
    ['=', []],
  ] as const)('%s', ([given, words]) => {
    expect(complete(`/call set ${given}`)).toEqual(words.map((each) => `/call set ${each}`));
  });

  test('nothing for a tool that is not known or says nothing', () => {
    expect(complete('/call none ')).toEqual([]);
    expect(complete('/call add_all a')).toEqual([]);
    expect(complete('/call add ')).toEqual(['/call add b=', '/call add a=']);
  });
});

/** As a chat reads the words of a call. */
const wordsOf = (text: string): readonly string[] =>
  (text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replace(/^([^=:"]+=)"([^"]*)"$/, '$1$2'));

test('whatever the world holds: lines begin as typed, are safe to print, and are few', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a', 'ab', 'a b', '/a', 'call', '__proto__', '\u001b[2J'),
  );
  const worlds = fc.record({
    commands: fc.array(name),
    servers: fc.array(name),
    tools: fc.array(fc.tuple(name, fc.oneof(fc.jsonValue(), fc.constant(schema)))).map((entries) => new Map(entries)),
    models: fc.array(name),
    list: fc.func(fc.array(name)),
  });
  const line = fc.array(
    fc.oneof(name, fc.constantFrom('/', '/call ', '/save ', '/raw ', ' ', 'unit=', '"', ':=', './')),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(worlds, line, (world, parts) => {
      const typed = parts.join('');
      const lines = completions(typed, world);
      expect(lines.length).toBeLessThanOrEqual(100);
      for (const each of lines) {
        expect(each.startsWith(typed)).toBe(true);
        expect(visible(each)).toBe(each);
      }
    }),
  );
});

test('a value that is offered is read back as the schema lists it', () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('two words', 'say "hi"', '"', '5', 'null', 'a\\"b c', ' edge '),
    fc.integer(),
    fc.boolean(),
    fc.jsonValue({ maxDepth: 1 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1 }),
      fc.boolean(),
      fc.constantFrom('key=', 'key:=', 'key="'),
      (values, isText, typed) => {
        const inputSchema = { properties: { key: { enum: values, ...(isText && { type: 'string' }) } } };
        const tools = new Map([['set', inputSchema]]);
        for (const line of completions(`/call set ${typed}`, { ...world, tools })) {
          const { key } = parseArguments(wordsOf(line.slice('/call set '.length)), undefined, inputSchema);
          expect(values).toContainEqual(key);
        }
      },
    ),
    { examples: [[[-(2 ** 53), { a: 2 ** 53 }, 0], false, 'key:=']] },
  );
});

test('a thousand tools are cut to a list that can be read', () => {
  const tools = new Map(Array.from({ length: 1000 }, (_, index) => [`tool${index}`, {}]));
  expect(completions('/call t', { ...world, tools })).toHaveLength(100);
});
