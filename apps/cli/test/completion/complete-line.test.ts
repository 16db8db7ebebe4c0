import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import type { ListedTool } from '@mcp-dbg/core';
import { describe, expect, test } from 'vitest';

import { commandTable } from '../../src/command-table.ts';
import { completeLine } from '../../src/commands/complete-line.ts';
import { beginRemembering, recallTools, rememberTools } from '../../src/completion/known-tools.ts';
import { type Io, processIo } from '../../src/io.ts';
import { scratch } from '../driver.ts';

/** A world of its own: a folder to work in, and an empty home. */
function world(): Io & { readonly text: () => string } {
  const folder = mkdtempSync(join(scratch, 'tab-'));
  mkdirSync(join(folder, 'home'));
  const stdout = new PassThrough();
  const io = { ...processIo(), stdout, cwd: folder, home: join(folder, 'home'), env: {} };
  return { ...io, text: () => (stdout.read() as Buffer | null)?.toString() ?? '' };
}

/** What a shell is told at the end of a line: the inserted texts, with the sign of those that go on. */
async function tab(line: string, io = world(), shell = 'zsh'): Promise<readonly string[]> {
  const table = commandTable(io, undefined, async () => {});
  await completeLine(io, table, [shell], line);
  return io
    .text()
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split('\t', 1)[0]?.replace(/^ /, '') ?? '');
}

function tool(name: string, ...names: readonly string[]): ListedTool {
  const properties = Object.fromEntries(names.map((each) => [each, {}]));
  const inputSchema = { type: 'object', properties };
  return { name, description: '', inputSchema, readOnly: false, idempotent: false, value: {}, text: '{}' };
}

describe('Tab offers', () => {
  test.each<[string, readonly string[]]>([
    ['mcp-dbg doc', ['doctor']],
    ['mcp-dbg help doc', ['doctor']],
    ['mcp-dbg chat --verb', ['--verbose']],
    ['mcp-dbg chat --era ', ['auto', 'legacy', 'modern']],
    ['mcp-dbg chat --era=l', ['--era=legacy']],
    ['mcp-dbg doctor --as c', ['claude-code', 'cursor', 'claude-desktop']],
    ['mcp-dbg lint --format s', ['sarif']],
    ['mcp-dbg export --to m', ['mermaid', 'md']],
    ['mcp-dbg completion f', ['fish']],
    ['mcp-dbg captures l', ['list', 'label']],
    ['mcp-dbg chat --capture ', ['=files']],
    ['mcp-dbg chat --cwd ', ['=folders']],
    ['mcp-dbg chat a.py b', ['=files']],
    ['mcp-dbg tools -- python3 se', ['=files']],
    ['mcp-dbg proxy --max', ['--max-capture']],
    ['mcp-dbg proxy --log ', ['=files']],
    ['mcp-dbg chat --timeout ', []],
    ['mcp-dbg no-such-command ', []],
    ['mcp-dbg demo ', []],
  ])('%s', async (line, offered) => {
    expect(await tab(line)).toEqual(offered);
  });

  test('every command that help shows, and no hidden one', async () => {
    const offered = await tab('mcp-dbg ');
    expect(offered).toEqual(expect.arrayContaining(['chat', 'doctor', 'log', 'completion', 'proxy']));
    expect(offered).not.toContain('complete-line');
  });

  test('an option once', async () => {
    expect(await tab('mcp-dbg chat --verbose --verb')).toEqual([]);
  });

  test('models, ours and the makers', async () => {
    expect(await tab('mcp-dbg chat --model ')).toEqual(
      expect.arrayContaining(['claude-sonnet-5-5', 'manual', '+script:']),
    );
  });

  test('names of config files where a server is wanted', async () => {
    const io = world();
    const servers = { weather: { command: 'node', args: ['w.mjs'] }, 'my notes': { command: 'node' } };
    writeFileSync(join(io.cwd, '.mcp.json'), JSON.stringify({ mcpServers: servers }));
    expect(await tab('mcp-dbg tools ', io)).toEqual(['weather', 'my notes', '=files']);
    expect(await tab('mcp-dbg doctor w', io)).toEqual(['weather', '=files']);
    expect(await tab('mcp-dbg chat --server m', io, 'bash')).toEqual(['my\\ notes']);
    expect(await tab('mcp-dbg wrap vs', io)).toEqual(['vscode']);
    expect(await tab('mcp-dbg wrap claude-code weather my', io)).toEqual(['my notes']);
  });

  test('paths to bash, which is given them quoted', async () => {
    const io = world();
    mkdirSync(join(io.cwd, 'my servers'));
    writeFileSync(join(io.cwd, 'my server.py'), '');
    writeFileSync(join(io.cwd, '.hidden.py'), '');
    expect(await tab('mcp-dbg tools m', io, 'bash')).toEqual(['my\\ server.py', '+my\\ servers/']);
    expect(await tab('mcp-dbg tools --cwd m', io, 'bash')).toEqual(['+my\\ servers/']);
  });
});

describe('the tools of a server', () => {
  test('are those that were listed under that name in that folder, and their arguments', async () => {
    const io = world();
    rememberTools(io, './server.py', [tool('add')]);
    expect(await tab('mcp-dbg call ./server.py ', io), 'nothing is kept for who never asked for completion').toEqual(
      [],
    );
    beginRemembering(io);
    rememberTools(io, './server.py', [tool('add', 'a', 'b'), tool('echo', 'text'), tool('bad\u001b[31m', 'x')]);
    expect(await tab('mcp-dbg call ./server.py ', io)).toEqual(['add', 'echo']);
    expect(await tab('mcp-dbg call ./server.py add ', io)).toEqual(['+a=', '+b=']);
    expect(await tab('mcp-dbg call ./server.py add a=1 b', io)).toEqual(['+b=']);
    expect(await tab('mcp-dbg call ./server.py sub ', io)).toEqual([]);
    expect(await tab('mcp-dbg call ./other.py ', io)).toEqual([]);
  });

  test('are forgotten after a week, and those of very many servers', () => {
    const io = world();
    const day = 24 * 3600 * 1000;
    beginRemembering(io);
    rememberTools(io, 's', [tool('add')], 0);
    expect(recallTools(io, 's', 6 * day)).toHaveLength(1);
    expect(recallTools(io, 's', 8 * day)).toEqual([]);
    for (let index = 0; index < 70; index++) rememberTools(io, `s${index}`, [tool('add')], index);
    expect(recallTools(io, 's0', day)).toEqual([]);
    expect(recallTools(io, 's69', day)).toHaveLength(1);
  });

  test('are none where their file holds anything else', () => {
    const io = world();
    const file = join(io.home, '.local/state/mcp-dbg/tools.json');
    beginRemembering({ ...io, platform: 'linux' });
    rememberTools({ ...io, platform: 'linux' }, 's', [tool('add')]);
    for (const text of ['', 'null', '[]', '{"version":1,"servers":{"x":null}}', '{"version":2}']) {
      writeFileSync(file, text);
      expect(recallTools({ ...io, platform: 'linux' }, 's')).toEqual([]);
    }
  });
});
