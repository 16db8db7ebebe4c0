import { describe, expect, test } from 'vitest';

import { fillForm } from '../../src/chat/form/fill-form.ts';
import { Person } from './transcript.ts';

async function filled(schema: unknown, person: Person, isRequired = true) {
  const properties = isRequired ? { it: schema } : { first: { const: 1 }, it: schema };
  const values = await fillForm({ properties, required: [isRequired ? 'it' : 'first'] }, {}, person);
  expect(person.answersLeft).toBe(0);
  return values;
}

describe('a list', () => {
  const tags = { type: 'array', items: { type: 'string', minLength: 2 }, minItems: 1, maxItems: 3, uniqueItems: true };

  test('takes an item a line until an empty one', async () => {
    const person = new Person(['', 'one, two', 'x', 'one, two', 'three', '']);
    expect(await filled(tags, person)).toEqual({ it: ['one, two', 'three'] });
    expect(person.lines).toEqual([
      'it, item 1 (list of texts, 1 to 3 items, required, Enter ends it):',
      'it must have at least 1 item',
      'it, item 1 (list of texts, 1 to 3 items, required, Enter ends it):',
      'it, item 2 (Enter ends the list):',
      'it must have at least 2 characters',
      'it, item 2 (Enter ends the list):',
      'it has this item already',
      'it, item 2 (Enter ends the list):',
      'it, item 3 (Enter ends the list):',
    ]);
  });

  test('ends by itself when it is full', async () => {
    const person = new Person(['1', '2']);
    expect(await filled({ type: 'array', items: { type: 'integer' }, maxItems: 2 }, person)).toEqual({ it: [1, 2] });
    expect(person.lines.at(-1)).toBe('it has all the items that it may have');
  });

  test('of choices lists them once', async () => {
    const person = new Person(['2', 'a', '']);
    expect(await filled({ type: 'array', items: { enum: ['a', 'b'] } }, person)).toEqual({ it: ['b', 'a'] });
    expect(person.lines.filter((line) => line === '1 a  2 b')).toHaveLength(1);
  });

  test('has its default on Enter, is left out, or is given up', async () => {
    const preset = { type: 'array', items: { type: 'string' }, default: ['x'] };
    expect(await filled(preset, new Person(['']))).toEqual({ it: ['x'] });
    expect(await filled(tags, new Person(['it', '', '']), false)).toEqual({ first: 1 });
    expect(await filled(tags, new Person(['one', undefined]))).toBeUndefined();
  });
});

describe('a structure', () => {
  const filter = {
    type: 'object',
    description: 'which rows',
    properties: {
      field: { type: 'string', enum: ['name', 'age'] },
      limit: { type: 'integer', description: 'most\u001b rows' },
      all: {
        type: 'array',
        items: { type: 'object', properties: { x: { type: 'number', minimum: 2 } }, required: ['x'] },
      },
    },
    required: ['field', 'all'],
    additionalProperties: false,
  };

  test('is JSON on one line where there is no editor', async () => {
    const person = new Person([
      '',
      '{"field":',
      '[]',
      '{"field":"size","all":[]}',
      '{"field":"age","all":[{}]}',
      '{"field":"age","all":[{"x":1}]}',
      '{"field":"age","all":[],"more":1}',
      '{"field":"age","all":[]}',
    ]);
    expect(await filled(filter, person)).toEqual({ it: { field: 'age', all: [] } });
    expect(person.lines.filter((line) => !line.startsWith('it (object, as JSON, required'))).toEqual([
      'which rows',
      'it is required',
      expect.stringMatching(/^Cannot read it as JSON: /),
      'it must be an object',
      'it.field must be one of "name", "age"',
      'it.all[0].x is missing',
      'it.all[0].x must be at least 2',
      'it.more is not allowed',
    ]);
  });

  test('is edited as a template with what is required, again until it fits', async () => {
    const person = new Person(
      ['', '', '', ''],
      [
        (text) => text,
        (text) => text.replace('"x": 2', '"x": 1'),
        (text) => text.replace('"x": 1', '"x":'),
        (text) => text.replace('"x":', '"x": 12345'),
      ],
    );
    expect(await filled(filter, person)).toEqual({ it: { field: 'name', all: [{ x: 12345 }] } });
    expect(person.edited[0]).toBe(
      [
        '// it (object, as JSON): which rows',
        '//   field (one of the list, required)',
        '//   limit (whole number, optional): most\\e rows',
        '//   all (list, as JSON, required)',
        '// Lines that begin with // are left out. Save and leave the editor to go on.',
        '{',
        '  "field": "name",',
        '  "all": [',
        '    {',
        '      "x": 2',
        '    }',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
    expect(person.edited[3]).toContain('"x":\n');
    expect(person.lines.filter((line) => !line.endsWith(':'))).toEqual([
      'which rows',
      'The text came back as it was, so nothing was taken from it',
      'it.all[0].x must be at least 2',
      expect.stringMatching(/^Cannot read it as JSON: /),
    ]);
  });

  test('can be typed where no editor comes, or left out by emptying it', async () => {
    const person = new Person(['', '{"field":"age","all":[]}'], [undefined]);
    expect(await filled(filter, person)).toEqual({ it: { field: 'age', all: [] } });
    expect(person.lines).toContain('Nothing came back from an editor; give the JSON on one line');
    expect(await filled(filter, new Person(['it', '', ''], ['// nothing\n']), false)).toEqual({ first: 1 });
    expect(await filled(filter, new Person(['', undefined], ['']))).toBeUndefined();
  });

  test('with a default starts from it, and is it where nothing was changed', async () => {
    const preset = { type: 'object', default: { a: '\u2028', __proto__: null } };
    const person = new Person([''], [(text) => text]);
    expect(await filled(preset, person)).toEqual({ it: { a: '\u2028' } });
    expect(person.edited[0]).toContain('"a": "\\u2028"');
    expect(await filled(preset, new Person(['']))).toEqual({ it: { a: '\u2028' } });
  });

  test('refuses numbers that cannot be sent exactly', async () => {
    const person = new Person(['', '{"a":9007199254740993}', '{}'], ['{"a":9007199254740993}']);
    expect(await filled({ type: 'object' }, person)).toEqual({ it: {} });
    expect(person.lines.filter((line) => line.startsWith('The number 9007199254740993 is too big'))).toHaveLength(2);
  });

  test('of several forms is JSON, too, and templates that refer to themselves end', async () => {
    const ways = { oneOf: [{ type: 'object', properties: { a: {} }, required: ['a'] }, { type: 'string' }] };
    const person = new Person(['5', '{"b":1}', '{"a":1}']);
    expect(await filled(ways, person)).toEqual({ it: { a: 1 } });
    expect(person.lines).toContain('it fits none of the 2 forms that it may have');
    const tree = {
      type: 'object',
      properties: { it: { $ref: '#' }, a: { $ref: '#' }, b: { $ref: '#' } },
      required: ['it', 'a', 'b'],
    };
    const lost = new Person(['', undefined], [(text) => text]);
    expect(
      await fillForm({ ...tree, properties: { ...tree.properties, it: tree } }, { a: 1, b: 2 }, lost),
    ).toBeUndefined();
    expect(lost.edited[0]?.length).toBeLessThan(20_000);
  });
});
