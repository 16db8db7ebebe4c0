// Long because it is a table: each filter with what it means or what is wrong with it.
import { CaptureError, explainFilterError, FilterError, parseFilter, printFilter } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { filterText, filterTree } from './arbitrary-filter.ts';

function errorOf(text: string): FilterError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} is a filter`);
}

/** The filter with its error's suggestion taken; undefined where there is nothing to take. */
function withSuggestion(text: string): string | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    const { at, length, suggestion } = error as FilterError;
    return suggestion === undefined ? undefined : text.slice(0, at) + suggestion + text.slice(at + length);
  }
}

const explained = (text: string): string => explainFilterError(text, errorOf(text));

describe('parseFilter', () => {
  it('reads what printFilter writes as the same tree', () => {
    fc.assert(
      fc.property(filterTree, (tree) => {
        expect(parseFilter(printFilter(tree))).toEqual(tree);
      }),
      { numRuns: 300 },
    );
  });

  it('throws nothing but FilterError, which points into the text', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        try {
          const tree = parseFilter(text);
          expect(parseFilter(printFilter(tree))).toEqual(tree);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
          expect(error).toBeInstanceOf(CaptureError);
          const { code, at, length } = error as FilterError;
          expect(code).toBe('BAD_FILTER');
          expect(at).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThanOrEqual(0);
          expect(at + length).toBeLessThanOrEqual(text.length);
          expect(explainFilterError(text, error as FilterError).split('\n')).toHaveLength(3);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes to an end where each of its suggestions is taken: with a filter, or with an error that has none', () => {
    fc.assert(
      fc.property(filterText, (typed) => {
        let text = typed;
        for (let step = 0; step <= 2 * typed.length; step++) {
          const mended = withSuggestion(text);
          if (mended === undefined) return;
          text = mended;
        }
        throw new Error(`the suggestions go round in circles, such as ${JSON.stringify(text)}`);
      }),
      { numRuns: 300 },
    );
  });

  it('takes 100 groups in one another and 10,000 characters, and says so of more', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
    expect(parseFilter(nested(100))).toEqual(parseFilter('x'));
    expect(errorOf(nested(101)).message).toBe(
      'Groups and "not" stand more than 100 deep in one another here; write it flatter',
    );
    expect(errorOf(`${'not '.repeat(101)}x`)).toMatchObject({ at: 404, length: 1 });
    expect(errorOf(`${'-'.repeat(5000)}x`)).toMatchObject({ code: 'BAD_FILTER' });
    expect(parseFilter('x '.repeat(5000))).toMatchObject({ kind: 'and' });
    expect(errorOf('x'.repeat(10_001))).toMatchObject({
      message: 'A filter has at most 10000 characters; this is more',
      at: 10_000,
      length: 1,
    });
  });

  it.each([
    ['https://a.b/?c=d', 'https://a.b/?c=d'],
    ['params', 'params'],
    ['a,b', 'a,b'],
    ['"and"', 'and'],
    ['not-x', 'not-x'],
    ['12:30', '12:30'],
    [String.raw`"C:\temp"`, String.raw`C:\temp`],
    [String.raw`"\"\\"`, '"\\'],
  ])('takes %s as a word', (filter, text) => {
    expect(parseFilter(filter)).toEqual({ kind: 'word', side: undefined, text });
  });
});

describe('a mistake is explained with its place and what to write instead:', () => {
  it.each<[text: string, message: string, carets: string, suggestion: string | undefined]>([
    ['slowr:1s', 'I do not know the key "slowr" (did you mean "slower"?)', '^^^^^', 'slower'],
    ['a slowr:1s b', 'I do not know the key "slowr" (did you mean "slower"?)', '  ^^^^^', 'slower'],
    [
      'localhost:8080',
      'I do not know the key "localhost"; to search for the text, put it in quotes: "localhost:8080"',
      '^^^^^^^^^^^^^^',
      '"localhost:8080"',
    ],
    [
      'params:x',
      '"params" begins a path, which is compared, as in params.name=value; to search for the text, put it in quotes: "params:x"',
      '^^^^^^^',
      undefined,
    ],
    ['is:eror', '"eror" is no word that "is:" takes (did you mean "error"?)', '   ^^^^', 'error'],
    ['is:ok,eror', '"eror" is no word that "is:" takes (did you mean "error"?)', '      ^^^^', 'error'],
    ['from:serv', '"serv" is no word that "from:" takes (did you mean "server"?)', '     ^^^^', 'server'],
    [
      'kind:nope',
      '"nope" is no word that "kind:" takes (there are request, notification, response, batch, noise, stderr, event)',
      '     ^^^^',
      undefined,
    ],
    ['status:', 'A value is missing here, as in status:lost', '       ^', undefined],
    [
      'level:fatal',
      '"fatal" is no word that "level:" takes (there are error, warning, info)',
      '      ^^^^^',
      undefined,
    ],
    ['slower:200', '"200" has no unit; write 200ms or 200s', '       ^^^', '200ms'],
    ['slower:1d', '"1d" has a unit that I do not know (there are us, ms, s, m and h)', '       ^^', undefined],
    [
      'faster:soon',
      '"soon" is no duration; write a number and us, ms, s, m or h, such as 200ms',
      '       ^^^^',
      undefined,
    ],
    [
      'larger:10q',
      '"10q" has a unit that I do not know (there are b, k, kb, m and mb, in thousands)',
      '       ^^^',
      undefined,
    ],
    ['larger:big', '"big" is no size; write a number of bytes, or of k or m, such as 10k', '       ^^^', undefined],
    [
      'after:noon',
      '"noon" is no time; write 12s (since the start) or a date such as 2026-07-28T12:00:00Z',
      '      ^^^^',
      undefined,
    ],
    ['before:2026-13-01', '"2026-13-01" is no day or time that there is', '       ^^^^^^^^^^', undefined],
    ['n:9..7', '"9..7" ends before it begins', '  ^^^^', '7..9'],
    ['n:x', '"x" is no number or range; write 7, 7..9, 7.. or ..9', '  ^', undefined],
    ['conn:one', '"one" is no whole number', '     ^^^', undefined],
    ['code:-32x', '"-32x" is no whole number', '     ^^^^', undefined],
    ['era:2025', '"2025" is no version (did you mean "2025-*"?)', '    ^^^^', '2025-*'],
    ['era:legcy', '"legcy" is no era (did you mean "legacy"?)', '    ^^^^^', 'legacy'],
    ['era:old', '"old" is no era; write legacy, modern, or a version such as 2026-07-28', '    ^^^', undefined],
    ['a or', 'Nothing follows "or"; to search for the word, put it in quotes: "or"', '  ^^', '"or"'],
    ['or a', '"or" has nothing before it; to search for the word, put it in quotes: "or"', '^^', '"or"'],
    [
      'a and and b',
      '"and" has nothing before it; to search for the word, put it in quotes: "and"',
      '      ^^^',
      '"and"',
    ],
    ['not', 'Nothing follows "not"; to search for the word, put it in quotes: "not"', '^^^', '"not"'],
    ['a -', '"-" stands directly before what it excludes, as in -is:ok', '  ^', undefined],
    ['a && b', 'Write "and" for "&&", or put it in quotes to search for it', '  ^^', 'and'],
    ['a | b', 'Write "or" for "|", or put it in quotes to search for it', '  ^', 'or'],
    ['!a', 'Write "not" for "!", or put it in quotes to search for it', '^', 'not '],
    ['(a', 'This parenthesis is never closed; put ) at the end', '^', undefined],
    ['(', 'This parenthesis is never closed, and nothing follows it', '^', undefined],
    ['a)', 'This parenthesis closes nothing; take it away, or open one before it', ' ^', ''],
    ['( )', 'There is nothing in these parentheses; take them away', '^^^', ''],
    ['"abc', 'This quote is never closed; put " at the end of the text', '^', undefined],
    ['a "', 'This quote is never closed; put " at the end of the text', '  ^', undefined],
    ['""', 'There is nothing in these quotes; write what to search for', '^^', undefined],
    ['"a"b', 'Put a space here, where a term ends and another begins, or put all of the text in quotes', '   ^', ' b'],
    [
      'foo(bar)',
      'Put a space here, where a term ends and another begins, or put all of the text in quotes',
      '   ^',
      ' (',
    ],
    ['tool:a,', 'A value is missing here, as in tool:get_*', '       ^', undefined],
    ['tool:"a', 'This quote is never closed; put " at the end of the text', '     ^', undefined],
    [
      '/abc',
      'This regular expression is never closed with /; to search for the text, put it in quotes: "/abc"',
      '^^^^',
      '"/abc"',
    ],
    ['//', 'This regular expression is empty; write one between the slashes', '^^', undefined],
    ['/(/', 'This is no regular expression: Unterminated group', '^^^', undefined],
    [
      '/a/g',
      'A regular expression has no flag but i; to search for the text, put it in quotes: "/a/g"',
      '^^^^',
      '"/a/g"',
    ],
    [
      '/tmp/foo',
      'A regular expression has no flag but i; to search for the text, put it in quotes: "/tmp/foo"',
      '^^^^^^^^',
      '"/tmp/foo"',
    ],
    ['req.', 'Nothing follows "req."; write what to look for on that side, as in req.forecast', '^^^^', undefined],
    [
      'res.is:error',
      '"res." cannot restrict "is:"; it goes before words, regular expressions, sizes and paths',
      '^^^^',
      '',
    ],
    [
      'param.x=1',
      '"param.x" cannot be compared: a path begins with params, result, error, msg (did you mean params.x=1?); to search for the text, put it in quotes: "param.x=1"',
      '^^^^^^^^^',
      'params.x=1',
    ],
    [
      'city=Paris',
      '"city" cannot be compared: a path begins with params, result, error, msg (did you mean params.arguments.city=Paris?); to search for the text, put it in quotes: "city=Paris"',
      '^^^^^^^^^^',
      'params.arguments.city=Paris',
    ],
    [
      'method=tools/call',
      '"method" cannot be compared: a path begins with params, result, error, msg (did you mean method:tools/call?); to search for the text, put it in quotes: "method=tools/call"',
      '^^^^^^^^^^^^^^^^^',
      'method:tools/call',
    ],
    [
      'x=',
      '"x" cannot be compared: a path begins with params, result, error, msg; to search for the text, put it in quotes: "x="',
      '^^',
      '"x="',
    ],
    [
      '=',
      'Nothing stands before =: a path begins with params, result, error, msg; to search for the text, put it in quotes: "="',
      '^',
      '"="',
    ],
    [
      'a<b',
      '"a" cannot be compared: a path begins with params, result, error, msg (did you mean params.arguments.a<b?); to search for the text, put it in quotes: "a<b"',
      '^^^',
      'params.arguments.a<b',
    ],
    ["'a b'", 'Quotes are double ones here: "a b"', '^^^^^', '"a b"'],
    [
      'params.x',
      'This path is compared with nothing; write params.x=value, or params.x!=null where it only has to be there; to search for the text, put it in quotes: "params.x"',
      '^^^^^^^^',
      'params.x!=null',
    ],
    ['params.x = 1', 'Write a comparison without spaces, as in params.id=7', '        ^^^', '='],
    [
      'params.x==1',
      'I do not know the comparison == (did you mean =?); a value that begins so stands in quotes',
      '        ^^',
      '=',
    ],
    ['params.x:1', 'A path is compared with = or another sign, not with :', '        ^', '='],
    ['params.x=', 'A value is missing here; an empty text is written ""', '         ^', undefined],
    ['params.x~""', 'Write here what the text contains, or a /regular expression/', '         ^^', undefined],
    [
      'params..x=1',
      'A name is missing after this dot; one with special characters stands in quotes',
      '      ^',
      undefined,
    ],
    [
      'params.x[y]=1',
      'Write [] for every item, or a number such as [0]; a name goes behind a dot',
      '        ^^^',
      undefined,
    ],
    [
      'params.x,y=1',
      'This cannot stand in a path; put a name with special characters in quotes',
      '        ^',
      undefined,
    ],
    ['params.x~/(/', 'This is no regular expression: Unterminated group', '         ^^^', undefined],
  ])('%s', (text, message, carets, suggestion) => {
    expect(explained(text)).toBe(`${message}\n${text}\n${carets}`);
    expect(errorOf(text).suggestion).toBe(suggestion);
  });
});

describe('explainFilterError', () => {
  it('cuts a long filter around the place', () => {
    const text = `${'word '.repeat(40)}slowr:1s${' word'.repeat(40)}`;
    expect(explained(text)).toBe(
      [
        'I do not know the key "slowr" (did you mean "slower"?)',
        `…${'word '.repeat(6)}slowr:1s${' word'.repeat(6)} wor…`,
        `${' '.repeat(31)}^^^^^`,
      ].join('\n'),
    );
    expect(
      explained(`${'word '.repeat(40)}is:`)
        .split('\n')
        .slice(1),
    ).toEqual([`…ord ${'word '.repeat(13)}is:`, `${' '.repeat(73)}^`]);
    expect(
      explained(`is:eror${' word'.repeat(40)}`)
        .split('\n')
        .slice(1),
    ).toEqual([`is:eror${' word'.repeat(13)}…`, '   ^^^^']);
  });

  it('keeps the carets under the place, and three lines, whatever the filter holds', () => {
    expect(explained('a\n\t\u001b[31m slowr:1\u2028')).toBe(
      ['I do not know the key "slowr" (did you mean "slower"?)', 'a  \uFFFD[31m slowr:1\uFFFD', '         ^^^^^'].join(
        '\n',
      ),
    );
    expect(explained(`is:${'\u0000'.repeat(100)}`).split('\n')).toHaveLength(3);
  });
});
