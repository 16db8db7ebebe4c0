import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';

import { type Choice, choiceList } from '../../src/chat/form/choices.ts';
import { fillForm } from '../../src/chat/form/fill-form.ts';
import { Person } from './transcript.ts';

async function chosen(schema: unknown, answers: readonly (string | undefined)[], root: object = {}) {
  const person = new Person(answers);
  const values = await fillForm({ ...root, properties: { it: schema }, required: ['it'] }, {}, person);
  return { value: values?.['it'], lines: person.lines, complete: person.complete };
}

describe('a choice', () => {
  test('is answered by its number or its value', async () => {
    const colours = { type: 'string', enum: ['red', 'green', 'blue'] };
    expect((await chosen(colours, ['2'])).value).toBe('green');
    expect((await chosen(colours, ['blue'])).value).toBe('blue');
    const { value, lines } = await chosen(colours, ['0', '4', 'Red', 'gren', '', 'red']);
    expect(value).toBe('red');
    expect(lines.filter((line) => line.startsWith('it ') && !line.endsWith(':'))).toEqual([
      'it must be one of the list, by its number (1 to 3) or its value',
      'it must be one of the list, by its number (1 to 3) or its value',
      'it must be one of the list, by its number (1 to 3) or its value; did you mean red?',
      'it must be one of the list, by its number (1 to 3) or its value; did you mean green?',
      'it is required',
    ]);
  });

  test('of numbers is by value; its place is written with a #', async () => {
    const sizes = { enum: [3, 2, 1] };
    const { value, lines } = await chosen(sizes, ['1']);
    expect(value).toBe(1);
    expect(lines[0]).toBe('#1 3  #2 2  #3 1');
    expect((await chosen(sizes, ['#1'])).value).toBe(3);
  });

  test('has the titles of oneOf, anyOf and enumNames', async () => {
    const ways = [
      { const: 'c', title: 'Celsius' },
      { const: 'f', title: 'Fahren\u001bheit' },
    ];
    for (const schema of [
      { oneOf: ways },
      { anyOf: ways },
      { enum: ['c', 'f'], enumNames: ['Celsius', 'Fahren\u001bheit'] },
    ]) {
      const { value, lines } = await chosen(schema, ['2']);
      expect(value).toBe('f');
      expect(lines[0]).toBe('1 c (Celsius)  2 f (Fahren\\eheit)');
    }
  });

  test('may be null, where null fits', async () => {
    const nullable = { anyOf: [{ $ref: '#/$defs/Colour' }, { type: 'null' }] };
    const { value, lines } = await chosen(nullable, ['null'], { $defs: { Colour: { enum: ['red', 'blue'] } } });
    expect(value).toBeNull();
    expect(lines[0]).toBe('1 red  2 blue  3 null');
    expect((await chosen({ type: ['string', 'null'], enum: ['a', 'b'] }, ['a'])).lines[0]).toBe('1 a  2 b');
  });

  test('that hides something, or is typed as another one is, has only its number', async () => {
    const { value, lines, complete } = await chosen({ enum: ['a\u200b', 'true', true, '', 'fine'] }, [
      'a',
      'true',
      '1',
    ]);
    expect(value).toBe('a\u200b');
    expect(lines[0]).toBe('1 a\\u{200b}  2 true  3 true  4 ""  5 fine');
    expect(lines).toHaveLength(6);
    expect(complete?.('')).toEqual(['""', 'fine']);
  });

  test('that is none is taken without a question', async () => {
    const { value, lines } = await chosen({ const: { kind: 'circle' } }, []);
    expect(value).toEqual({ kind: 'circle' });
    expect(lines).toEqual(['it: {"kind":"circle"} (there is no other choice)']);
  });

  test('completes what can be typed', async () => {
    const { complete } = await chosen({ enum: ['north', 'north-east', 'south'] }, [undefined]);
    expect(complete?.('north')).toEqual(['north', 'north-east']);
    expect((await chosen({ type: 'boolean' }, [undefined])).complete?.('t')).toEqual(['true']);
    expect((await chosen({ type: 'string' }, [undefined])).complete).toBeUndefined();
  });

  test('of very many is shown in columns and cut, and can be answered whole', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `zone-${index}`);
    const { value, lines, complete } = await chosen({ enum: many }, ['zone-499']);
    expect(value).toBe('zone-499');
    expect(lines[0]).toMatch(/^1 zone-0 +\d+ zone-\d+/);
    expect(lines).toContain('… and 400 more; Tab lists those that go on as typed');
    expect(lines.length).toBeLessThan(30);
    expect(complete?.('')).toHaveLength(100);
    expect((await chosen({ enum: many }, ['500'])).value).toBe('zone-499');
  });
});

describe('the list', () => {
  const choice = (shown: string, title?: string): Choice => ({ value: shown, shown, title, typed: shown });

  test.each([8, 20, 40, 78, 200])('fits into %d columns and has every choice up to its limit', (columns) => {
    for (const choices of [
      Array.from({ length: 100 }, (_, index) => choice(`zone-${index}`)),
      Array.from({ length: 100 }, (_, index) => choice('東京'.repeat(1 + (index % 15)), 'a title of several words')),
      Array.from({ length: 140 }, (_, index) => choice(`${index}`.padEnd(60, 'x'), 'y'.repeat(60))),
    ]) {
      const rows = choiceList(choices, columns);
      for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(Math.max(12, columns));
      const text = rows.join('').replaceAll(/\s/g, '');
      for (const { shown } of choices.slice(0, 100)) expect(text).toContain(shown);
      expect(text.includes('…and40more;')).toBe(choices.length > 100);
    }
  });

  test('is made for the terminal of the person, and shown as rows', async () => {
    const schema = { properties: { it: { enum: ['north', 'north-east', 'south'] } }, required: ['it'] };
    for (const [width, rows] of [
      [undefined, ['    1 north       2 north-east  3 south']],
      [40, ['    1 north       3 south', '    2 north-east']],
      [25, ['    1 north', '    2 north-east', '    3 south']],
      [14, ['    1 north', '    2 north-e', '      ast', '    3 south']],
    ] as const) {
      const person = new Person(['1']);
      person.width = width;
      await fillForm(schema, {}, person);
      expect(person.seen.slice(0, -1)).toEqual(rows);
    }
  });
});
