import { describe, expect, test } from 'vitest';

import { wrappedIn } from '../../src/wrap/wrapped-argv.ts';

describe('a command line is a wrap', () => {
  test.each([
    ['mcp-dbg proxy -- x', 'mcp-dbg', []],
    ['/usr/local/bin/mcp-dbg proxy --label a -- x', '/usr/local/bin/mcp-dbg', ['--label', 'a']],
    ['npx -y mcp-dbg@1.2.3 proxy -- x', 'npx -y mcp-dbg@1.2.3', []],
    [
      'node /x/node_modules/mcp-dbg/dist/bin.js proxy --announce -- x',
      'node /x/node_modules/mcp-dbg/dist/bin.js',
      ['--announce'],
    ],
    ['node C:\\src\\apps\\cli\\dist\\bin.js proxy -- x', 'node C:\\src\\apps\\cli\\dist\\bin.js', []],
    ['node /elsewhere/bin.js proxy --not-known-yet -- x', 'node /elsewhere/bin.js', ['--not-known-yet']],
  ])('as %s', (line, program, options) => {
    expect(wrappedIn([...line.split(' '), '--', 'proxy'], '/elsewhere/bin.js')).toEqual({
      program: program.split(' '),
      options,
      original: ['x', '--', 'proxy'],
    });
  });

  test.each([
    'proxy -- x',
    'mcp-dbg chat -- x',
    'mcp-dbg proxy x',
    'mcp-dbg proxy --',
    'not-mcp-dbg proxy -- x',
    'npx other -- mcp-dbg proxy -- x',
    'node /other/dist/bin.js proxy -- x',
    'x',
  ])('but not as %s', (line) => {
    expect(wrappedIn(line.split(' '))).toBeUndefined();
  });
});
