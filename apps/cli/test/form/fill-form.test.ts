import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { fillForm } from '../../src/chat/form/fill-form.ts';
import { Person } from './transcript.ts';

/** Fills a form for one required value. */
async function filled(schema: unknown, answers: readonly (string | undefined)[], more: object = {}) {
  const person = new Person(answers);
  const values = await fillForm({ type: 'object', properties: { it: schema }, required: ['it'], ...more }, {}, person);
  expect(person.answersLeft).toBe(0);
  return { value: values?.['it'], values, lines: person.lines, person };
}

describe('a form', () => {
  const schema = {
    type: 'object',
    properties: {
      note: { type: 'string' },
      city: { type: 'string', title: 'City name', description: 'Where to\nlook', minLength: 1 },
      days: { type: 'integer', minimum: 1, maximum: 7, default: 3 },
      units: { enum: ['metric', 'imperial'] },
    },
    required: ['days', 'city', 'other'],
  };

  test('asks for what is required in the order of the schema, then offers the rest', async () => {
    const person = new Person(['Paris', '', '7', 'nots', 'units', 'imperial', 'note', '', '']);
    expect(await fillForm(schema, {}, person)).toEqual({ city: 'Paris', days: 3, other: 7, units: 'imperial' });
    expect(person.lines).toEqual([
      'City name: Where to look',
      'city (text, at least 1 character, required):',
      'days (whole number, 1 to 7, required, Enter takes 3):',
      'other (JSON or plain text, required):',
      'Optional: note, units — name one to set it, Enter to go on:',
      'There is no nots to set; did you mean note?',
      'Optional: note, units — name one to set it, Enter to go on:',
      '1 metric  2 imperial',
      'units (one of the list, optional, Enter leaves it out):',
      'Optional: note — name one to set it, Enter to go on:',
      'note (text, optional, Enter leaves it out):',
      'Optional: note — name one to set it, Enter to go on:',
    ]);
  });

  test('asks nothing where nothing is missing, whatever is given', async () => {
    for (const [inputSchema, given] of [
      [schema, { city: 5, days: null, other: undefined }],
      [{}, {}],
      [undefined, { a: 1 }],
      ['text', {}],
      [{ required: 'city' }, {}],
      [{ required: [1, null] }, {}],
    ] as const) {
      const person = new Person([]);
      expect(await fillForm(inputSchema, given, person)).toEqual(given);
      expect(person.lines).toEqual([]);
    }
  });

  test('gives nothing when the person gives up, at whichever question', async () => {
    for (const answers of [
      [undefined],
      ['Paris', undefined],
      ['Paris', '', '1', undefined],
      ['Paris', '', '1', 'note', undefined],
    ])
      expect(await fillForm(schema, {}, new Person(answers))).toBeUndefined();
  });

  test('takes names as they are, and changes no prototype', async () => {
    const hostile = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"},"a b":{"type":"string"}},"required":["__proto__","constructor"]}',
    );
    const person = new Person(['x', 'y', 'a b', 'z']);
    const values = await fillForm(hostile, {}, person);
    expect(JSON.stringify(values)).toBe('{"__proto__":"x","constructor":"y","a b":"z"}');
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  });

  test('shows nothing of a server raw, and offers no name that cannot be typed', async () => {
    const raw = '\u001b[31mred\u202e\u0007';
    const { lines } = await filled(
      { type: 'string', title: raw, description: raw.repeat(1000), default: raw, pattern: `${raw}|.`, format: raw },
      ['', ''],
      {
        properties: {
          it: { type: 'string', title: raw, description: raw.repeat(1000), default: raw },
          [raw]: {},
          ' edge': {},
          fine: {},
        },
      },
    );
    expect(lines.at(-1)).toBe('Optional: fine — name one to set it, Enter to go on:');
    for (const line of lines) expect(line.length).toBeLessThan(5000);
  });

  test('follows references and parts that it is put together from', async () => {
    const person = new Person(['2', 'on']);
    const values = await fillForm(
      {
        $defs: { size: { $ref: '#/$defs/a~1b' }, 'a/b': { type: 'integer', description: 'how big' } },
        allOf: [
          { properties: { size: { $ref: '#/$defs/size', maximum: 3 } }, required: ['size'] },
          { properties: { mode: { allOf: [{ type: 'string' }, { enum: ['on', 'off'] }] } }, required: ['mode'] },
        ],
      },
      {},
      person,
    );
    expect(values).toEqual({ size: 2, mode: 'on' });
    expect(person.lines.slice(0, 2)).toEqual(['how big', 'size (whole number, at most 3, required):']);
  });

  test('ends for schemas that refer to themselves or are huge', async () => {
    const loop = { $ref: '#/$defs/loop', anyOf: [{ $ref: '#/$defs/loop' }, { type: 'null' }], allOf: [{ $ref: '#' }] };
    const tree = { type: 'array', items: { $ref: '#/$defs/tree' }, properties: { it: { $ref: '#/$defs/tree' } } };
    for (const $ref of ['#', '#/$defs/loop', '#/$defs/tree', '#/$defs/none', 'https://example.org/x', '#/%zz'])
      expect((await filled({ $ref }, [undefined], { $defs: { loop, tree } })).values).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`name${index}`, {}]));
    const { lines } = await filled({}, ['1', ''], { properties: many });
    expect(lines.at(-1)).toMatch(/^Optional: name0, .*name19, and 19980 more — /);
    const { lines: choices } = await filled({ enum: Object.keys(many) }, ['name19999']);
    expect(choices.length).toBeLessThan(110);
  });

  test('takes any JSON for a schema without falling over', async () => {
    const keyword = fc.constantFrom(
      'type',
      'enum',
      'const',
      'oneOf',
      'anyOf',
      'allOf',
      'items',
      'properties',
      'required',
      'default',
      'title',
      'minLength',
      'maxItems',
      'pattern',
      '$ref',
      'enumNames',
      'multipleOf',
    );
    const { schema: anything } = fc.letrec((tie) => ({
      schema: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(keyword, tie('value'), { maxKeys: 5 }),
      ),
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('string', 'number', 'array', 'object', 'boolean', 'null', '#', '#/properties/it'),
        tie('schema'),
        fc.array(tie('schema'), { maxLength: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(anything, fc.array(fc.string()), async (schema, answers) => {
        const left = [...answers];
        const io = {
          ask: async () => left.shift(),
          say: () => {},
          list: () => {},
          columns: () => 40,
          edit: async () => left.shift(),
        };
        await fillForm({ properties: { it: schema }, required: ['it'] }, {}, io);
        await fillForm(schema, {}, { ...io });
      }),
    );
  });
});

describe('a wrong answer says why and asks again:', () => {
  test.for([
    [
      'a text',
      { type: 'string', minLength: 2, maxLength: 3 },
      ['', 'a', 'abcd', '🙂🙂🙂'],
      '🙂🙂🙂',
      [
        'it is required; "" is an empty text',
        'it must have at least 2 characters',
        'it must have at most 3 characters, not 4',
      ],
    ],
    ['an empty text', { type: 'string' }, ['', '""'], '', ['it is required; "" is an empty text']],
    ['a text of digits', { type: 'string' }, [' 007'], ' 007', []],
    ['a pattern', { type: 'string', pattern: '^a+$' }, ['b', 'aa'], 'aa', ['it must match the pattern ^a+$']],
    [
      'a format',
      { type: 'string', format: 'date' },
      ['2026-02-30', '2026-02-28'],
      '2026-02-28',
      ['it must be a date, such as 2026-07-28'],
    ],
    [
      'a number',
      { type: 'number', minimum: 0 },
      ['x', '-1', '1e400', '1,5', '1.5'],
      1.5,
      [
        'it must be a number, such as 2.5',
        'it must be at least 0',
        'The number 1e400 is too big to be sent exactly; where the tool takes text, send it in quotes',
        'it must be a number, such as 2.5',
      ],
    ],
    [
      'a whole number',
      { type: 'integer' },
      ['1.5', '9007199254740993', '9007199254740993.0', '0x10', '1e3'],
      1000,
      [
        'it must be a whole number',
        'The number 9007199254740993 is too big to be sent exactly; where the tool takes text, send it in quotes',
        'The number 9007199254740993.0 is too big to be sent exactly; where the tool takes text, send it in quotes',
        'it must be a whole number, such as 5',
      ],
    ],
    ['a yes', { type: 'boolean' }, ['1', '', 'Yes'], true, ['it must be y or n', 'it is required']],
    ['a no', { type: 'boolean' }, ['n'], false, []],
    ['null', { type: ['integer', 'null'] }, ['nil', 'null'], null, ['it must be a whole number, such as 5']],
    [
      'null by anyOf',
      { anyOf: [{ type: 'string', minLength: 2 }, { type: 'null' }] },
      ['a', 'null'],
      null,
      ['it must have at least 2 characters'],
    ],
    ['the text null', { type: ['string', 'null'] }, ['"null"'], 'null', []],
    [
      'one of two types',
      { type: ['number', 'boolean'] },
      ['x', '"x"', '[1', '5'],
      5,
      [
        'it must be a number or true or false',
        'it must be a number or true or false',
        expect.stringMatching(/^Cannot read it as JSON: /),
      ],
    ],
    ['several types by anyOf', { anyOf: [{ type: 'number' }, { type: 'string' }] }, ['five'], 'five', []],
    ['nothing at all', false, ['x', undefined], undefined, ['it is not allowed']],
  ] as const)('%s', async ([, schema, answers, value, faults]) => {
    const { value: got, lines } = await filled(schema, answers);
    expect(got).toEqual(value);
    expect(lines.filter((line) => !/^it \(.*\):$/.test(line))).toEqual(faults);
  });

  test('a pattern that never ends is given up on', async () => {
    const text = `${'a'.repeat(40)}!`;
    expect((await filled({ type: 'string', pattern: '^(a+)+$' }, [text])).value).toBe(text);
  });
});
