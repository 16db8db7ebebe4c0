import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readAdded } from '../../src/chat/slash/read-added.ts';
import { shellWords } from '../../src/chat/slash/shell-words.ts';

const HOME = '/home/a "b"';

describe('the words behind /add', () => {
  test.each<[string, readonly string[]]>([
    ['', []],
    [' a  b\tc ', ['a', 'b', 'c']],
    [`'a b' "c d" e\\ f g"h i"j ""`, ['a b', 'c d', 'e f', 'gh ij', '']],
    [String.raw`"say \"hi\" \n" 'it\s'`, [String.raw`say "hi" \n`, String.raw`it\s`]],
    ['~/x a~/y "~/z"', [`${HOME}/x`, 'a~/y', '~/z']],
  ])('of %j are %j', (line, words) => {
    expect(shellWords(line, HOME)).toEqual(words);
  });

  test.each(['"a', "it's", 'a\\'])('%j is open', (line) => {
    expect(() => shellWords(line, HOME)).toThrow(/is open/);
  });

  test('come back whatever is in them, once quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
        expect(shellWords(line, HOME)).toEqual(words);
      }),
    );
  });

  test('name one server, its variables, headers, folder and name', () => {
    expect(readAdded(['-e', 'A=b', './x.py', 'name=mine', '--cwd', '/tmp', '-e', 'C=-d'], '')).toEqual({
      targets: ['./x.py'],
      command: undefined,
      options: { env: ['A=b', 'C=-d'], header: [], cwd: '/tmp' },
      name: 'mine',
    });
    expect(readAdded(['--header', 'X: y', '--', 'node', '-e', 'name=x'], '')).toEqual({
      targets: [],
      command: ['node', '-e', 'name=x'],
      options: { env: [], header: ['X: y'] },
      name: undefined,
    });
  });

  test.each<[readonly string[], RegExp]>([
    [[], /Name one server: \/add/],
    [['a', 'b'], /Name one server/],
    [['a', '--', 'b'], /Name one server/],
    [['a', '-e'], /-e needs a value/],
    [['a', '--verbose'], /There is no option "--verbose"/],
    [['a', 'name=a b'], /A name has letters/],
  ])('%j is refused', (words, why) => {
    expect(() => readAdded(words, '/add')).toThrow(why);
  });
});
