import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { machine } from '../config/config-home.ts';
import { BIN, run } from '../driver.ts';
import { inTerminal, noTerminal } from '../terminal/terminal.ts';

const SECRET = 'hunter2-of-no-shape';
const TOKEN = 'sk-live-0123456789abcdef0123';
const TEXT = `{
  "mcpServers": {
    "one": { "command": "x", "args": ["--token", "${TOKEN}"], "env": { "K": "${SECRET}" } },
    "two": {
      "env": { "K": "${SECRET}" }, // ${SECRET}
      "args": [
        "\u202e\u001b[31mevil"
      ],
      "command": "python3" // ${SECRET}
    },
    "far": { "url": "https://x.example/mcp", "headers": { "Authorization": "${SECRET}" } }
  }
}
`.replace('\u001b', '\\u001b');

describe('a dry run', () => {
  const there = machine({ '~/.cursor/mcp.json': TEXT });
  const path = join(there.home, '.cursor/mcp.json');

  test.concurrent('shows the lines that change, nothing else of the file and no secret, and writes nothing', async () => {
    const { code, stdout, stderr } = await run(['wrap', 'cursor', 'one', 'two', '--dry-run'], there.options);
    const [node, bin] = [JSON.stringify(process.execPath), JSON.stringify(BIN)];
    expect(stdout).toBe(`--- ${path}
+++ ${path}
@@ -3 +3 @@
-    …: { "command": "x", "args": ["--token", "***"], … } },
+    …: { "command": ${node}, "args": [${bin}, "proxy", "--label", "one", "--", "x", "--token", "***"], … } },
@@ -6,0 +7,6 @@
+        ${bin},
+        "proxy",
+        "--label",
+        "two",
+        "--",
+        "python3",
@@ -9 +15 @@
-      "command": "python3" …
+      "command": ${node} …
`);
    expect(stderr).toContain('would wrap "one" in ~/.cursor/mcp.json\n');
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(new RegExp(`${SECRET}|${TOKEN}|\u001b|\u202e`));
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    expect(readdirSync(there.home), 'files of ours').toEqual(['.cursor']);
  });

  test.concurrent('tells programs the same', async () => {
    const { stdout, stderr } = await run(['wrap', 'cursor', '--all', '--dry-run', '--json'], there.options);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(new RegExp(`${SECRET}|${TOKEN}|\u001b|\u202e`));
    const { servers, notes, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ dryRun: true, copies: [], diff: expect.stringContaining('@@ -3 +3 @@') });
    expect(servers[0]).toEqual({
      name: 'one',
      client: 'cursor',
      file: path,
      scope: 'user',
      change: 'wrapped',
      argv: [process.execPath, BIN, 'proxy', '--label', 'one', '--', 'x', '--token', '***'],
      captures: { place: `${there.home}/.local/state/mcp-dbg/captures`, label: 'one' },
      options: ['--label', 'one'],
      optionsBefore: null,
      backup: null,
    });
    expect(notes).toEqual([expect.stringContaining('Cannot wrap "far" of Cursor: it is behind a URL')]);
  });
});

describe('a list of wraps', () => {
  const there = machine({
    '~/.cursor/mcp.json': JSON.stringify({
      mcpServers: {
        'by\u202ehand': {
          command: 'mcp-dbg',
          args: ['proxy', '--log', '/tmp/\u001b.mcpcap', '--', 'x', '--token', TOKEN],
        },
        silent: { command: 'npx', args: ['-y', 'mcp-dbg@1.2.3', 'proxy', '--no-capture', '--', 'y'] },
        far: { url: 'https://x.example' },
        bad: { command: 1 },
      },
    }),
    '~/.claude.json': '{"mcpServers":{"a":{"command":"x"}},"projects":{}}',
    '~/.config/Claude/claude_desktop_config.json': '{',
  });

  test.concurrent('says of every server whether it is wrapped, how, and where it is recorded', async () => {
    const { code, stdout, stderr } = await run(['wrap', '--list'], there.options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^2 wrapped; /) });
    expect(stdout).toContain('claude_desktop_config.json  Claude Desktop\n  cannot be read: line 1, column 2:');
    expect(stdout).toContain('\n  a  not wrapped  x\n');
    expect(stdout).toMatch(/ {2}by\\u\{202e\}hand +wrapped {2}\/tmp\/\\e\.mcpcap .*x --token \*\*\*\n/);
    expect(stdout).toContain('wrapped  records nothing  --no-capture  y\n');
    expect(stdout).toMatch(/far +behind a URL: cannot be wrapped\n/);
    expect(stdout).toMatch(/bad +cannot be used: its command is not a text\n/);
    expect(stdout).not.toContain(TOKEN);
    expect(stdout).not.toContain('\u001b');
  });

  test.concurrent('of one file needs to know whose it is', async () => {
    const { code, stderr } = await run(['wrap', '--list', '--config', 'x.json'], there.options);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^mcp-dbg: Name the client whose file --config names/),
    });
  });

  test.concurrent('is the same for programs, and of one client where it is named', async () => {
    const { stdout, stderr } = await run(['wrap', '--list', 'cursor', '--json'], there.options);
    const { files, servers } = JSON.parse(stdout);
    expect(stderr).toBe('');
    expect(files).toHaveLength(1);
    expect(servers[1]).toEqual({
      name: 'silent',
      client: 'cursor',
      file: join(there.home, '.cursor/mcp.json'),
      scope: 'user',
      kind: 'stdio',
      disabled: false,
      wrapped: true,
      options: ['--no-capture'],
      argv: ['y'],
      captures: null,
    });
    expect(stdout).not.toContain(TOKEN);
  });
});

describe('in a terminal', () => {
  test.concurrent('a person sees what changes and is asked; without a yes nothing is written', async (context) => {
    if (noTerminal !== undefined) return context.skip(noTerminal);
    const there = machine({ '~/.cursor/mcp.json': TEXT });
    const path = join(there.home, '.cursor/mcp.json');
    const no = inTerminal(['wrap', 'cursor', 'one'], { ...there.options, columns: 400 });
    await no.shows('@@ -3 +3 @@');
    await no.shows('Write that? [y]es, [n]o: ');
    no.type('n\r');
    await no.shows('Nothing was changed');
    expect(await no.ended).toMatchObject({ code: 1, isSane: true });
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    const yes = inTerminal(['wrap', 'cursor', 'one'], { ...there.options, columns: 400 });
    await yes.shows('Write that? [y]es, [n]o: ');
    yes.type('y\r');
    await yes.shows('wrapped "one" in ~/.cursor/mcp.json');
    expect(await yes.ended).toMatchObject({ code: 0, isSane: true });
    expect(no.bytes + yes.bytes).not.toContain(SECRET);
    const late = inTerminal(['wrap', 'cursor', 'two'], { ...there.options, columns: 400 });
    await late.shows('Write that? [y]es, [n]o: ');
    const wrapped = readFileSync(path, 'utf8');
    writeFileSync(path, `${wrapped}\n`);
    late.type('y\r');
    await late.shows('something else changed it meanwhile; look at it, and try again');
    expect(await late.ended).toMatchObject({ code: 1 });
    expect(readFileSync(path, 'utf8')).toBe(`${wrapped}\n`);
    writeFileSync(path, wrapped);
    const told = inTerminal(['unwrap', 'cursor', 'one', '--yes'], there.options);
    await told.shows('unwrapped "one"');
    expect(await told.ended).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
  });
});
