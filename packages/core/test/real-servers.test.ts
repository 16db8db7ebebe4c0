import { createRequire } from 'node:module';
import { dirname } from 'node:path';

import { fixture, pythonWithMcp } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import type { ServerConfig } from '../src/index.ts';
import { scratchFile } from './support/custom-server.ts';
import { observed, outcomeText, server } from './support/observed-session.ts';

const { resolve } = createRequire(import.meta.url);

function installed(name: 'everything' | 'filesystem' | 'memory', ...args: readonly string[]): ServerConfig {
  const script = resolve(`@modelcontextprotocol/server-${name}/dist/index.js`);
  return { name, argv: [process.execPath, script, ...args], trusted: true };
}

describe.concurrent('a server on an official SDK', () => {
  test.each([
    ['sdk-v1', [], 'legacy'],
    ['sdk-v2', [], 'modern'],
    ['sdk-v2', ['--modern-only'], 'modern'],
  ] as const)('%s %j is used in its newest era, on one process', async (name, argv, era) => {
    await using it = await observed([server(name, ...argv)]);
    expect(outcomeText(await it.session.call('add', { a: 2, b: 3 }))).toBe('5');
    expect(it.told('server-ready')).toMatchObject([{ era, name, version: '1.0.0' }]);
    expect(it.told('server-started')).toHaveLength(1);
    expect(it.told('finding')).toEqual([]);
    expect(it.told('notice')).toEqual([]);
  });

  test.each(['sdk-v1', 'sdk-v2'] as const)(
    '%s is followed when its tools change, and after its crash',
    async (name) => {
      await using it = await observed([server(name)]);
      await it.session.call('add_tool', {});
      await it.session.servers[0]?.ready();
      expect(outcomeText(await it.session.call('later', {}))).toBe('later');
      expect(outcomeText(await it.session.call('crash', {}))).toMatch(/^lost: .*exit code 3/);
      expect(outcomeText(await it.session.call('add', { a: 1, b: 1 }))).toBe('2');
      expect(it.told('tools-changed')).toMatchObject([{ added: ['later'] }, { removed: ['later'] }]);
      expect(it.told('finding')).toEqual([]);
    },
  );
});

describe.concurrent('a server from the registry', () => {
  test('everything: answers, reports progress, and is gone when the session is', async () => {
    await using it = await observed([installed('everything')]);
    expect(outcomeText(await it.session.call('echo', { message: 'hello' }))).toBe('Echo: hello');
    const progress: number[] = [];
    const long = it.session.call(
      'trigger-long-running-operation',
      { duration: 1, steps: 4 },
      { onProgress: (event) => progress.push(event.progress) },
    );
    expect(outcomeText(await long)).toContain('completed');
    expect(progress).toEqual([1, 2, 3, 4]);
  });

  test('filesystem: reads what is there', async () => {
    using file = scratchFile();
    await using it = await observed([installed('filesystem', dirname(file.path))]);
    expect(outcomeText(await it.session.call('write_file', { path: file.path, content: 'hi' }))).toContain(
      'Successfully',
    );
    expect(outcomeText(await it.session.call('read_text_file', { path: file.path }))).toBe('hi');
  });

  test('memory: keeps what it is told, over its own death', async () => {
    using file = scratchFile();
    const memory = { ...installed('memory'), env: { MEMORY_FILE_PATH: file.path } };
    await using it = await observed([memory]);
    await it.session.call('create_entities', { entities: [{ name: 'Ada', entityType: 'person', observations: [] }] });
    process.kill(it.session.servers[0]?.live?.connection.pid ?? 0, 'SIGKILL');
    expect(outcomeText(await it.session.call('read_graph', {}))).toContain('Ada');
  });
});

test.concurrent('a Python server on mcp 2.x, whose tools only the modern era can list, lists and answers', async ({
  skip,
}) => {
  const found = await pythonWithMcp();
  if ('missing' in found) {
    console.warn(`Not tested with Python: ${found.missing}`);
    return skip(found.missing);
  }
  const python: ServerConfig = { name: 'weather', argv: [found.python, fixture('weather_py')], trusted: true };
  await using it = await observed([python]);
  expect(it.told('server-ready')).toMatchObject([
    { era: 'modern', tools: expect.arrayContaining(['get_alerts', 'get_forecast']) },
  ]);
  const lost = await it.session.call('crash', {});
  expect(outcomeText(lost)).toMatch(/^lost: .*exit code 3/);
  const alerts = await it.session.call('get_alerts', { state: 'CA' });
  expect(alerts).toMatchObject({ kind: 'result', isError: false });
  // The first run makes a virtual environment and fills it from the registry.
}, 200_000);
