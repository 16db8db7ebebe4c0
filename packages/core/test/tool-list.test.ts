import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { custom } from './support/custom-server.ts';
import { brokenRules, echo, observed, outcomeText, server } from './support/observed-session.ts';

describe('a list of tools', () => {
  test('with bad ones never costs the good ones', async () => {
    await using it = await observed([server('bad-tools')]);
    const names = [...it.session.routes.byName.values()].map(({ tool }) => tool.name);
    expect(names).toEqual(
      expect.arrayContaining(['good', 'no_schema', 'null_schema', 'root_any_of', 'typed_any_of', 'broken_pattern']),
    );
    expect(outcomeText(await it.session.call('good', {}))).toBe('good');
    for (const name of ['no_schema', 'null_schema', 'broken_pattern'])
      expect(outcomeText(await it.session.call(name, {}))).toBe(name);
    expect(it.session.routes.warnings.join('\n')).toContain('illegal_key');
    // No model can be told of it, but a person may call it.
    expect(outcomeText(await it.session.call('illegal_key', {}))).toBe('illegal_key');
  });

  test('with entries that are no tools leaves them out and says so', async () => {
    const code = `serve({ name: 'x', tools: goodTools, list: (tools) => ({ tools: [...tools, null, 7, {}, { name: '' }, tools[0]] }) });`;
    await using it = await observed([custom(code)]);
    expect(await echo(it)).toBe('hello');
    expect(it.told('finding').map(({ rule }) => rule)).toEqual([
      'tools/name',
      'tools/name',
      'tools/name',
      'tools/name',
      'tools/unique',
    ]);
  });

  test('in pages is read to its end', async () => {
    await using it = await observed([server('paginated')]);
    expect([...it.session.routes.byName.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `tool_${n}`));
  });

  test('whose pages never end is cut off, and that is said', async () => {
    const same = `serve({ name: 'x', tools: goodTools, list: (tools) => ({ tools, nextCursor: 'again' }) });`;
    const endless = `let page = 0; serve({ name: 'x', tools: [], list: () => ({ tools: [{ name: 'tool_' + page, inputSchema: object }], nextCursor: String(++page) }) });`;
    await using one = await observed([custom(same)]);
    expect([...brokenRules(one)]).toEqual(['tools/unique', 'tools/cursor']);
    await using other = await observed([custom(endless)]);
    expect([...brokenRules(other)]).toEqual(['tools/pages']);
    expect(other.session.routes.byName.size).toBe(64);
  });

  test.each(['auto', 'legacy'] as const)(
    'that changes is fetched again before the next call of the model (era %s)',
    async (era) => {
      await using it = await observed([server('list-changes')], { era });
      expect(outcomeText(await it.session.call('add_tool', { name: 'later' }))).toBe('added later');
      await it.session.servers[0]?.ready();
      expect(outcomeText(await it.session.call('later', {}))).toBe('later');
      expect(it.told('tools-changed')).toMatchObject([{ added: ['later'], removed: [], changed: [] }]);
      await it.session.call('remove_tool', { name: 'later' });
      await it.session.servers[0]?.ready();
      await expect(it.session.call('later', {})).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
      expect(it.told('notice')).toEqual([]);
    },
  );

  test.each(['auto', 'legacy'] as const)('that changes with its own answer is fetched again (era %s)', async (era) => {
    const code = `let lists = 0; const link = serve({ name: 'x', listChanged: true, tools: goodTools, list: (tools) => {
      if (++lists === 1) { link.tools.push({ ...tools[0], name: 'later', run: () => 'later' }); setImmediate(() => link.toolsChanged()); }
      return { tools };
    } });`;
    await using it = await observed([custom(code)], { era });
    await waitFor(() => it.told('tools-changed').length === 1, 'the second list');
    expect(outcomeText(await it.session.call('later', { text: '' }))).toBe('later');
  });

  test('that changes into an error keeps the old tools in use, and that is said', async () => {
    const code = `let lists = 0; serve({ name: 'x', listChanged: true, tools: [...goodTools, { name: 'change', inputSchema: object, run: (_, { toolsChanged }) => { toolsChanged(); return 'ok'; } }],
      list: (tools) => { if (++lists > 1) throw rpcError(-32603, 'the disk is full'); return { tools }; } });`;
    await using it = await observed([custom(code)]);
    await it.session.call('change', {});
    await it.session.servers[0]?.ready();
    expect(await echo(it)).toBe('hello');
    expect(it.told('notice').map(({ message }) => message)).toEqual([
      'The tools changed, but the old list stays in use: The server answered tools/list with error -32603: the disk is full',
    ]);
  });

  test('that changes a tool’s schema makes the next call be checked against the new one', async () => {
    const code = `const swap = { name: 'swap', inputSchema: object, run: (_, { tools, toolsChanged }) => {
        tools[1] = { ...tools[1], inputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } };
        toolsChanged(); return 'swapped'; } };
      serve({ name: 'x', listChanged: true, tools: [swap, { name: 'use', inputSchema: { type: 'object', properties: { s: { type: 'string' } }, required: ['s'] }, run: () => 'used' }] });`;
    await using it = await observed([custom(code)]);
    expect(outcomeText(await it.session.call('use', { s: 'x' }))).toBe('used');
    await it.session.call('swap', {});
    await it.session.servers[0]?.ready();
    expect(outcomeText(await it.session.call('use', { s: 'x' }))).toMatch(/^invalid-arguments/);
    expect(outcomeText(await it.session.call('use', { n: 1 }))).toBe('used');
    expect(it.told('tools-changed')).toMatchObject([{ changed: ['use'] }]);
  });
});
