import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { machine } from '../config/config-home.ts';
import { run } from '../driver.ts';
import { changed } from './wrapping.ts';

const A = '{"mcpServers":{"a":{"command":"x"}}}';

describe('what stood there before a wrap', () => {
  test('comes back where the words of the wrap read as another one', () => {
    const text = '{"mcpServers":{"a":{"command":"node","args":["x"]}}}';
    const wrapped = changed(text, 'cursor', ['a'], ['mcp-dbg', 'proxy', '--restart', '--', '--label', 'a', '--']);
    const kept = wrapped.entries.map((each) => each.kept);
    expect(changed(wrapped.text, 'cursor', ['a'], undefined, kept)).toMatchObject({
      text,
      isKnown: true,
      entries: [{ argv: ['node', 'x'] }],
    });
  });

  test.concurrent.each([
    ['no args', A],
    ['args', '{ "mcpServers": { "a": { "args": [ "y" ], "command": "x" } } }'],
  ])('comes back with %s where a person edited the words of the wrap since', async (_, text) => {
    const there = machine({ '~/.cursor/mcp.json': text });
    const path = join(there.home, '.cursor/mcp.json');
    await run(['wrap', 'cursor', 'a'], there.options);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('"--label", "a"', '"--label", "mine"').replace('"a","--"', '"b","--"'),
    );
    expect(readFileSync(path, 'utf8')).not.toContain('"--label", "a"');
    const { stdout } = await run(['unwrap', 'cursor', 'a', '--json'], there.options);
    expect(JSON.parse(stdout)).toMatchObject({ servers: [{ change: 'unwrapped', exact: false }] });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.concurrent('does not cost what a person has put in before other options were given', async () => {
    const there = machine({ '~/.cursor/mcp.json': A });
    const path = join(there.home, '.cursor/mcp.json');
    await run(['wrap', 'cursor', 'a'], there.options);
    writeFileSync(path, readFileSync(path, 'utf8').replace(',"args":', ',/* mine */"args":'));
    await run(['wrap', 'cursor', 'a', '--', '--restart'], there.options);
    await run(['unwrap', 'cursor', 'a'], there.options);
    expect(readFileSync(path, 'utf8')).toBe('{"mcpServers":{"a":{"command":"x",/* mine */"args":[]}}}');
  });

  test.concurrent.each([
    [
      'a comment',
      '{"mcpServers":{"a":{"command":"x","args":["y"]}}}',
      '"y"',
      '"y" /* mine */',
      '"args":["y" /* mine */]',
    ],
    ['a member', A, ',"args":', ',"env":{},"args":', '"env":{}'],
  ])('does not cost %s that a person has put in since', async (_, text, old, now, left) => {
    const there = machine({ '~/.cursor/mcp.json': text });
    const path = join(there.home, '.cursor/mcp.json');
    await run(['wrap', 'cursor', 'a'], there.options);
    const wrapped = readFileSync(path, 'utf8');
    expect(wrapped).toContain(old);
    writeFileSync(path, wrapped.replace(old, now));
    await run(['unwrap', 'cursor', 'a'], there.options);
    expect(readFileSync(path, 'utf8')).toContain('"command":"x"');
    expect(readFileSync(path, 'utf8')).toContain(left);
  });
});
