import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { insertedText } from '../../src/completion/inserted-text.ts';
import { type TypedLine, readLine } from '../../src/completion/typed-line.ts';

const BREAKS = ' \t\n"\'@><=;|&(:';
const NOTHING: TypedLine = { words: [], last: '', typed: '', open: '' };

describe('a command line is cut into words', () => {
  test.each<[string, Partial<TypedLine>]>([
    ['mcp-dbg', { words: [], last: 'mcp-dbg' }],
    ['mcp-dbg ', { words: ['mcp-dbg'], last: '', typed: '' }],
    ['mcp-dbg  call  my\\ se', { words: ['mcp-dbg', 'call'], last: 'my se', typed: 'my\\ se' }],
    [`mcp-dbg call 'my se`, { words: ['mcp-dbg', 'call'], last: 'my se', typed: `'my se`, open: "'" }],
    ['mcp-dbg call "a \\" b', { last: 'a " b', open: '"' }],
    ['mcp-dbg call "$(x)" ', { words: ['mcp-dbg', 'call', '$(x)'], last: '' }],
    [`mcp-dbg call a'b'"c"`, { last: 'abc', open: '' }],
  ])('%s', (line, words) => {
    expect(readLine(line, 'bash')).toMatchObject(words);
  });

  test('by the rules of each shell', () => {
    expect(readLine(String.raw`x 'a\'b`, 'fish')).toMatchObject({ last: "a'b", open: "'" });
    expect(readLine(String.raw`x 'a\'b`, 'zsh')).toMatchObject({ last: 'a\\b', open: '' });
    expect(readLine("x 'it''s `a", 'powershell')).toMatchObject({ last: "it's `a", open: "'" });
    expect(readLine('x a` b', 'powershell')).toMatchObject({ last: 'a b', open: '' });
  });
});

describe('what is inserted is the value and nothing else', () => {
  const values = fc.sample(
    fc
      .oneof(
        fc.string({ maxLength: 12 }),
        fc.string({ unit: fc.constantFrom(...'$`"\'\\ ~!*?[]{}()<>|&;#=:a/é'), maxLength: 8 }),
      )
      .filter((value) => value !== ''),
    { numRuns: 400, seed: 1 },
  );

  test('to bash, whichever quote is open', () => {
    const typed = (open: TypedLine['open']) =>
      values.flatMap((value) => {
        const text = insertedText(value, 'bash', { ...NOTHING, open }, BREAKS);
        return text === undefined ? [] : [{ value, word: `${open}${text}${open}` }];
      });
    const all = [...typed(''), ...typed("'"), ...typed('"')];
    const script = `printf '%s\\0' ${all.map(({ word }) => word).join(' ')}`;
    const came = execFileSync('bash', ['--norc', '-s'], { input: script, encoding: 'utf8', cwd: '/', env: {} });
    expect(came.split('\0').slice(0, -1)).toEqual(all.map(({ value }) => value));
    expect(typed('')).toHaveLength(values.length);
  });

  test('to ourselves, who read it again at the next Tab', () => {
    for (const shell of ['bash', 'powershell'] as const)
      for (const value of values) {
        const text = insertedText(value, shell, NOTHING, '') ?? '';
        expect(readLine(`x ${text} `, shell).words).toEqual(['x', value]);
      }
  });

  test('of which bash gets what stands behind its last break', () => {
    const inserted = (value: string, line: string, breaks = BREAKS) =>
      insertedText(value, 'bash', readLine(line, 'bash'), breaks);
    expect(inserted('notes:add', 'mcp-dbg call s notes:')).toBe('add');
    expect(inserted('notes:add', 'mcp-dbg call s notes:', ' ')).toBe('notes:add');
    expect(inserted('notes:add', 'mcp-dbg call s "notes:')).toBe('notes:add');
    expect(inserted('--era=legacy', 'mcp-dbg chat --era=le')).toBe('legacy');
    expect(inserted('~/my file', 'mcp-dbg chat ~/')).toBe('~/my\\ file');
  });
});
