import { httpFixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import type { HttpServer } from '../src/index.ts';
import { observed, outcomeText } from './support/observed-session.ts';

function at(url: string): HttpServer {
  return { name: 'far', url, trusted: false };
}

describe.concurrent('a server on an official SDK behind a URL', () => {
  test.each([
    ['http-v1', [], 'legacy'],
    ['http-v1', ['--json'], 'legacy'],
    ['http-v2', [], 'modern'],
    ['http-v2', ['--modern-only'], 'modern'],
  ] as const)('%s %j is used in its newest era, followed, and reached again after its death', async (...fixed) => {
    const [name, argv, era] = fixed;
    await using server = await httpFixture(name, ...argv);
    await using it = await observed([at(server.url)]);
    expect(outcomeText(await it.session.call('add', { a: 2, b: 3 }))).toBe('5');
    expect(it.told('server-started')).toMatchObject([{ pid: null, url: server.url }]);
    expect(it.told('server-ready')).toMatchObject([{ era, name, version: '1.0.0' }]);
    expect(outcomeText(await it.session.call('crash', {}))).toMatch(/^lost: .* whether the call had an effect/);
    await server.restart();
    const [supervisor] = it.session.servers;
    await supervisor?.reconnect();
    expect(outcomeText(await it.session.call('add', { a: 1, b: 1 }))).toBe('2');
    expect(it.told('finding')).toEqual([]);
    expect(it.told('notice')).toEqual([]);
  });
});
