import { describe, expect, test } from 'vitest';

import { run } from '../driver.ts';
import { holds, machine, tells } from './config-home.ts';

const SECRET = 'sk-live-0123456789abcdef0123';

describe('servers', () => {
  const there = machine({
    '~/.config/Claude/claude_desktop_config.json': '{\n  "mcpServers": {\n    "a" {}\n',
    '~/.cursor/mcp.json': holds({
      both: tells({ env: { API_KEY: SECRET } }, '--token', SECRET),
      docs: { url: `https://x.example/mcp?api_key=${SECRET}`, headers: { Authorization: `Bearer ${SECRET}` } },
    }),
    '~/.codex/config.toml': `[mcp_servers.off]\ncommand = "x"\nenabled = false\nenv_vars = ["PATH"]\n`,
    '.mcp.json': holds({ both: tells(), 'bad\u001b[2J': {}, bad: { command: 1 } }),
    '.vscode/mcp.json': holds({ same: tells({ type: 'stdio' }) }, 'servers'),
    '~/.copilot/mcp-config.json': holds({ same: tells({ type: 'local' }) }),
  });

  test.concurrent('lists all of all files: whose they are, what each would run, which clash, which cannot be used', async () => {
    const { code, stdout, stderr } = await run(['servers'], there.options);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /claude_desktop_config\.json {2}Claude Desktop\n {2}cannot be read: line 3, column 9: it is not JSON: a colon/,
    );
    expect(stdout).toMatch(
      /~\/\.cursor\/mcp\.json {2}Cursor\n {2}both .*tells\.mjs --token \*\*\* {2}env: API_KEY\n +another one in .*\/project\/\.mcp\.json; choose with --config FILE\n/,
    );
    expect(stdout).toContain('docs  https://x.example/mcp?api_key=***  headers: Authorization\n');
    expect(stdout).toMatch(
      /~\/\.codex\/config\.toml {2}Codex\n {2}off {2}x {2}env: PATH\n +switched off in this file\n/,
    );
    expect(stdout).toMatch(/\/project\/\.mcp\.json {2}Claude Code, this project, asks before it runs\n/);
    expect(stdout).toMatch(/bad\\e\[2J +cannot be used: its name has control characters\n/);
    expect(stdout).toMatch(/bad +cannot be used: its command is not a text\n/);
    // The same server in two files is no clash.
    expect(stdout).toMatch(/same .*tells\.mjs\n/);
    expect(stderr).toBe('8 servers in 6 files; 1 file cannot be read\n');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout).not.toContain('\u001b');
  });

  test.concurrent('tells programs the same, and no secret', async () => {
    const { code, stdout, stderr } = await run(['servers', '--json'], there.options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain(SECRET);
    const { files, servers } = JSON.parse(stdout);
    expect(files).toContainEqual({
      path: `${there.home}/.config/Claude/claude_desktop_config.json`,
      host: 'claude-desktop',
      scope: 'user',
      error: { message: 'it is not JSON: a colon should stand there', line: 3, column: 9 },
    });
    expect(servers).toContainEqual({
      name: 'both',
      file: `${there.home}/.cursor/mcp.json`,
      host: 'cursor',
      scope: 'user',
      kind: 'stdio',
      argv: [process.execPath, expect.stringContaining('tells.mjs'), '--token', '***'],
      cwd: there.options.cwd,
      env: ['API_KEY'],
      envFile: null,
      disabled: false,
      clashes: [`${there.project}/.mcp.json`],
    });
    expect(servers).toContainEqual(
      expect.objectContaining({ name: 'bad', kind: 'unusable', why: 'its command is not a text' }),
    );
  });

  test.concurrent('reads one file that is named, and says in one line where it cannot', async () => {
    const cursor = `${there.home}/.cursor/mcp.json`;
    const named = await run(['servers', '--config', cursor], there.options);
    expect({ code: named.code, stderr: named.stderr }).toEqual({ code: 0, stderr: '2 servers in 1 file\n' });
    for (const [file, why] of [
      ['../none.json', 'there is no such file or folder; check the path (ENOENT)'],
      ['..', 'it is not a regular file'],
      [`${there.home}/.config/Claude/claude_desktop_config.json`, 'line 3, column 9: it is not JSON: '],
    ] as const) {
      const { code, stdout, stderr } = await run(['servers', '--config', file], there.options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: [^\n]*\n$/);
      expect(stderr).toContain(`Cannot use the config file ${JSON.stringify(file)}: ${why}`);
    }
  });

  test.concurrent('says what to do where there is none', async () => {
    const { code, stdout, stderr } = await run(['servers'], machine({}).options);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('no config file of a host is here; mcp-dbg servers --config FILE reads any other');
  });
});
