import { describe, expect, test } from 'vitest';

import { cutLine, steady, timeless } from '../../scripts/docs/steady.ts';

const place = { root: '/src/mcp-dbg', home: '/tmp/d-1/home', temp: '/tmp/d-1/tmp', path: '/tmp/d-1/bin:/usr/bin' };

describe('what is shown is the same on every machine', () => {
  const shown: readonly (readonly [string, string])[] = [
    ['at f (file:///src/mcp-dbg/a.mjs:1:2) in /src/mcp-dbg/b.ts', 'at f (a.mjs:1:2) in b.ts'],
    ['no such file in /src/mcp-dbg; check', 'no such file in ~/mcp-dbg; check'],
    ['PATH ("/tmp/d-1/bin:/usr/bin")', 'PATH ("/usr/local/bin:/usr/bin:/bin")'],
    [
      '/tmp/d-1/home/.local/x and /tmp/d-1/tmp/mcp-dbg-demo-a1B2c3/y.db',
      '~/.local/x and /tmp/mcp-dbg-demo-XXXXXX/y.db',
    ],
    ['/opt/node/bin/node a.mjs (/usr/bin/python3.11 b.py)', 'node a.mjs (python3 b.py)'],
    ['["/opt/bin/node","x"] and \\"/opt/bin/node\\"', '["node","x"] and \\"node\\"'],
    ['node_modules/.bin/tsx http://a/node/b', 'node_modules/.bin/tsx http://a/node/b'],
    ['pid 77, {"pid":78} \\"pid\\":77 log-78.mcpcap', 'pid 4101, {"pid":4102} \\"pid\\":4101 log-4102.mcpcap'],
    ['"c":"0123456789abcdef" "c":"0123456789abcdef"', '"c":"9f3c21d07a1be844" "c":"9f3c21d07a1be844"'],
    [
      '«redacted:api-key:0badcafe» «redacted:api-key:0badcafe»',
      '«redacted:api-key:5a0c7e11» «redacted:api-key:5a0c7e11»',
    ],
  ];
  test.each(shown)('%s', (output, expected) => {
    expect(steady(output, place)).toBe(expected);
    expect(steady(expected, place)).toBe(expected);
  });
});

describe('what may differ from run to run', () => {
  const equal: readonly (readonly [string, string])[] = [
    ['0.258s  x', '1.706s  x'],
    ['[called a() 21 ms]', '[called a() 1.52 s]'],
    ['   16 ms        297 B / 228 B  x', '  1.2 s        1.6 kB / 3 MB  x'],
    ['TORN: 382 bytes at 2857 hold', 'TORN: 4 bytes at 9 hold'],
    ['up 59 s', 'up 1 min 2 s'],
    ['label  started                     took    size', 'label  started                      took      size'],
    ['   when    server  after', '   when  server    after'],
    ['{"us":1,"ms":0.9,"bytes":3}', '{"us":22,"ms":10,"bytes":44}'],
    ['\x1b[32m9 ms\x1b[39m', '\x1b[32m1.4 s\x1b[39m'],
    ['20261126T094238.102Z-a and 2026-11-26T09:42:38Z', '20270101T000000.000Z-a and 2027-01-01T00:00:00.123Z'],
    ['1  0   91%     6.2 ms', '1  0   9%     11 ms'],
    ['3c3897fa-19f0-49ab-96ed-f2685cd78637', '00000000-0000-4000-8000-000000000000'],
    ['~/.local/state/mcp-dbg/captures', '~/Library/Application Support/mcp-dbg/captures'],
  ];
  test.each(equal)('%s', (a, b) => {
    expect(timeless(a)).toBe(timeless(b));
  });

  const different: readonly (readonly [string, string])[] = [
    ['exit code 3', 'exit code 4'],
    ['2025-11-25', '2026-07-28'],
    ['6 tools', '7 tools'],
    ['#5', '#6'],
    ['{"n":1}', '{"n":2}'],
    ['\x1b[32mok', '\x1b[31mok'],
  ];
  test.each(different)('but not %s', (a, b) => {
    expect(timeless(a)).not.toBe(timeless(b));
  });
});

test('a line is cut where two runs agree, whatever their times', () => {
  const line = (us: number): string => `{"us":${us},"raw":"0123456789"}`;
  const cuts = [1, 22, 333_333].map((us) => cutLine(line(us), 18));
  expect(cuts[0]).toBe('{"us":1,"raw":"012…');
  expect(new Set(cuts.map(timeless)).size).toBe(1);
  expect(cutLine(line(1), 200)).toBe(line(1));
});
