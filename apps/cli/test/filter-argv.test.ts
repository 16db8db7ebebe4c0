import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { filterArgv, takesFilter } from '../src/filter-argv.ts';
import { parseAge } from '../src/parse-age.ts';

describe('filterArgv', () => {
  it.each([
    '-tool:ping',
    '-is:noise',
    '-from:client',
    '-n:120..140',
    '-req.is:error',
    '-params.arguments.city=Paris',
    '-error.code<=-32000',
    '-result.isError!=true',
    '-msg~x',
    '-/re with space/i',
    '-"two words"',
    '-(tool:a or tool:b)',
  ])('writes %s as the negative of a term', (word) => {
    expect(filterArgv(['log', 'weather', word, '--json'])).toEqual(['log', 'weather', 'not', word.slice(1), '--json']);
  });

  it.each(['-', '-v', '-vvv', '-f', '--json', '--fail-on=error', '--by', '-ping', '-h', '-o=x', '--tool:x', 'a-b:c'])(
    'leaves %s as it is',
    (word) => {
      expect(filterArgv(['stats', word])).toEqual(['stats', word]);
    },
  );

  it('takes what follows -- for filter, verbatim', () => {
    const argv = ['log', '-is:noise', '--', '-is:noise', '--', '--json', '-x:y'];
    expect(filterArgv(argv)).toEqual(['log', 'not', 'is:noise', ...argv.slice(2)]);
  });

  it('changes nothing but dashes, and no word twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const once = filterArgv(['log', ...words]);
        expect(filterArgv(once)).toEqual(once);
      }),
    );
  });

  it('is for the commands that take a filter', () => {
    const reading = ['log', 'show', 'stats', 'lint', 'export', 'redact'];
    expect([...reading, 'chat', 'call'].filter((word) => takesFilter([word]))).toEqual(reading);
    expect(takesFilter([])).toBe(false);
  });
});

describe('parseAge', () => {
  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    ['2W', 1_209_600_000],
    [' 1.5 h ', 5_400_000],
    ['0s', 0],
  ])('reads %j', (text, ms) => {
    expect(parseAge(text)).toBe(ms);
  });

  it.each(['', '30', 'd', '-1d', '1y', '1e3d', `${'9'.repeat(30)}w`, '1d2h', 'Infinityd'])('refuses %j', (text) => {
    expect(parseAge(text)).toBeUndefined();
  });
});
