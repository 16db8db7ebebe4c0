import { isExplosive } from '@mcp-dbg/capture';
import { expect, test } from 'vitest';

test.each([
  '(a+)+b',
  '(a|aa)*b',
  '(?:a*)*',
  '((a+))+',
  '(a{1,5})+',
  '([a-z]+\\.)+x',
  '(?<name>x?)+',
  '(a(b|c))+',
  '(\\w+\\s?)*$',
])('a regular expression that may take without end is told: %s', (source) => {
  expect(isExplosive(source)).toBe(true);
});

test.each([
  'cust-[0-9]+',
  'a+b+c*',
  '(time)?out',
  '(abc)+',
  '[(a+)+]+',
  '\\(a+\\)+',
  '(foo|bar)',
  '(a+)?',
  '(?=a+)b',
  'x{2,}y',
  '(a+){2}',
])('one that is harmless is not: %s', (source) => {
  expect(isExplosive(source)).toBe(false);
});
