import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { ownProgram } from '../../src/wrap/own-program.ts';
import { machine, tells } from '../config/config-home.ts';
import { BIN, run, scratch } from '../driver.ts';

const A = '{"mcpServers":{"a":{"command":"x"}}}';
const SECRET = 'hunter2-of-no-shape';

/** A file of each client, as odd as people have them, with one server in it. */
const FILES = {
  'claude-desktop': {
    file: '~/.config/Claude/claude_desktop_config.json',
    text: `\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"weather": {\r\n\t\t\t"command": "python3",\r\n\t\t\t"args": [\r\n\t\t\t\t"server.py"\r\n\t\t\t],\r\n\t\t\t"env": { "KEY": "${SECRET}" }\r\n\t\t}\r\n\t}\r\n}`,
  },
  'claude-code': {
    file: '~/.claude.json',
    text: `{"numStartups":3,"mcpServers":{"weather":{"type":"stdio","command":"uvx","args":["weather","--key","${SECRET}"],"env":{}}},"projects":{}}`,
  },
  vscode: {
    file: '.vscode/mcp.json',
    text: `{\n  // "weather": none\n  "inputs": [],\n  "servers": {\n    "weather": {\n      "type": "stdio",\n      "command": "\${workspaceFolder}/run.sh", // ours\n      "envFile": "\${workspaceFolder}/.env",\n    }, /* last */\n  },\n}\n`,
  },
  cursor: {
    file: '.cursor/mcp.json',
    text: `{ "mcpServers": { "weather": { "args": [ ], "command": "./weather" , "env": {"K":"${SECRET}"} } } }\n\n`,
  },
  windsurf: {
    file: '~/.codeium/windsurf/mcp_config.json',
    text: `{\n    "mcpServers": {\n        "weather": {\n            "disabled": true,\n            "command": "npx", "args": ["-y", "weather"]\n        }\n    }\n}\n`,
  },
  codex: {
    file: '~/.codex/config.toml',
    text: `model = "gpt" # mine\r\n\r\n[mcp_servers.weather]\r\ncommand = 'python3' # not python\r\nenv = { KEY = "${SECRET}" }\r\n[mcp_servers.weather.tools]\r\nx = 1`,
  },
  copilot: {
    file: '~/.copilot/mcp-config.json',
    text: `{\n\n\n  "mcpServers":\n  {\n    "weather":\n    {\n      "type": "local",\n      "command":\n        "node",\n      "args":\n      [\n        "a.js", "b" // two\n      ]\n    }\n  }\n}`,
  },
} as const;

/** A path on the machine. */
function placeOf({ home, project }: { readonly home: string; readonly project: string }, file: string): string {
  return file.startsWith('~/') ? join(home, file.slice(2)) : join(project, file);
}

const backups = (path: string): readonly string[] =>
  readdirSync(dirname(path)).filter((name) => name !== basename(path) && name.startsWith(basename(path)));

describe.each(Object.entries(FILES))('a server of %s', (client, { file, text }) => {
  test.concurrent('is wrapped and unwrapped, and the file is byte for byte as it was', async () => {
    const there = machine({ [file]: text });
    const path = placeOf(there, file);
    chmodSync(path, 0o640);
    const wrapped = await run(['wrap', client, 'weather'], there.options);
    expect(wrapped.stderr).toContain('mcp-dbg log weather');
    expect(wrapped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^wrapped "weather" in .*\n$/) });
    const after = readFileSync(path, 'utf8');
    expect(after).toContain(JSON.stringify(process.execPath));
    expect(after).toContain(JSON.stringify(BIN));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const [backup = ''] = backups(path);
    expect(readFileSync(join(dirname(path), backup), 'utf8')).toBe(text);
    expect(statSync(join(dirname(path), backup)).mode & 0o777).toBe(0o640);
    const unwrapped = await run(['unwrap', client, 'weather'], there.options);
    expect(unwrapped).toMatchObject({ code: 0, stdout: expect.stringMatching(/^unwrapped "weather" in /) });
    expect(readFileSync(path)).toEqual(Buffer.from(text));
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(backups(path), 'a copy that says the same as the file').toEqual([]);
    expect([wrapped, unwrapped].map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(SECRET);
  });
});

describe('a wrapped server', () => {
  const ANNOUNCED = ['--', '--announce', '--log', 'x.mcpcap'] as const;

  test.concurrent('is started by the proxy, and what it says is recorded under its name', async () => {
    const there = machine({
      '~/.cursor/mcp.json': JSON.stringify({ mcpServers: { 'my tells': tells({}, '--', 'proxy') } }),
    });
    await run(['wrap', 'cursor', 'my tells'], there.options);
    const told = await run(['call', 'my tells', 'tell'], there.options);
    expect(told.stderr).toBe('');
    expect(JSON.parse(told.stdout)).toMatchObject({ args: ['--', 'proxy'], cwd: there.options.cwd });
    const captures = await run(['log', 'my-tells', 'tool:tell', '--json'], there.options);
    expect(JSON.parse(captures.stdout)).toMatchObject({ method: 'tools/call', tool: 'tell', status: 'ok' });
  });

  test.concurrent('gets the options behind --, with whole paths, and others with another wrap', async () => {
    const there = machine({ '.mcp.json': A });
    const path = join(there.project, '.mcp.json');
    const argv = (): unknown => (JSON.parse(readFileSync(path, 'utf8')) as { mcpServers: { a: unknown } }).mcpServers.a;
    const first = await run(['wrap', 'claude-code', 'a', ...ANNOUNCED], there.options);
    const log = join(there.options.cwd, 'x.mcpcap');
    expect(argv()).toEqual({
      command: process.execPath,
      args: [BIN, 'proxy', '--announce', '--log', log, '--label', 'a', '--', 'x'],
    });
    expect(first.stderr).toContain(`Captures go to ${log}; to read them: mcp-dbg log ${log}\n`);
    expect(first.stderr).toContain('do not commit it');
    await run(['wrap', 'Claude Code', 'a', 'a', '--', '--no-capture'], there.options);
    expect(argv()).toMatchObject({ args: [BIN, 'proxy', '--no-capture', '--', 'x'] });
    await run(
      ['wrap', 'claude-code', 'a', '--', '--watch', 'src/*.ts', '--watch=!x', '--log=${HOME}/y'],
      there.options,
    );
    expect(argv()).toMatchObject({
      args: expect.arrayContaining([
        `${there.options.cwd}/src/*.ts`,
        `--watch=!${there.options.cwd}/x`,
        '--log=${HOME}/y',
      ]),
    });
    const bad = await run(['wrap', 'claude-code', 'a', '--', '--anounce'], there.options);
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(bad.stderr).toMatch(/^mcp-dbg: The proxy does not take that: Unknown option '--anounce'.*\n$/);
    for (const options of [
      ['--fault', 'nonsense'],
      ['--hold', 'method:('],
      ['--chaos', 'none'],
    ]) {
      const before = readFileSync(path, 'utf8');
      expect(await run(['wrap', 'claude-code', 'a', '--', ...options], there.options), options.join(' ')).toMatchObject(
        {
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(/^mcp-dbg: /),
        },
      );
      expect(readFileSync(path, 'utf8'), 'what the proxy would refuse is not written').toBe(before);
    }
    await run(['unwrap', 'claude-code', 'a'], there.options);
    expect(readFileSync(path, 'utf8')).toBe(A);
  });

  test.concurrent('is taken out by what stands in the file where the person changed the entry, or nothing was kept', async () => {
    const there = machine({ '~/.codex/config.toml': `[mcp_servers.a]\ncommand = '''py'''\nargs = [ "s.py" ]\n` });
    const path = join(there.home, '.codex/config.toml');
    await run(['wrap', 'codex', 'a'], there.options);
    writeFileSync(
      path,
      `# edited\n${readFileSync(path, 'utf8').replace('"s.py"', '"s.py", "--more"')}startup_timeout_sec = 9\n`,
    );
    const exact = await run(['unwrap', 'codex', 'a', '--json'], there.options);
    expect(JSON.parse(exact.stdout)).toMatchObject({
      servers: [{ change: 'unwrapped', exact: false, argv: ['py', 's.py', '--more'] }],
    });
    expect(readFileSync(path, 'utf8')).toBe(
      `# edited\n[mcp_servers.a]\ncommand = '''py'''\nargs = [ "s.py", "--more" ]\nstartup_timeout_sec = 9\n`,
    );
    const byHand = '{ "mcpServers": { "b": { "command": "mcp-dbg", "args": ["proxy", "--", "node", "b.js"] } } }';
    writeFileSync(join(there.project, '.mcp.json'), byHand);
    await run(['unwrap', 'claude-code', 'b'], there.options);
    expect(readFileSync(join(there.project, '.mcp.json'), 'utf8')).toBe(
      '{ "mcpServers": { "b": { "command": "node", "args": ["b.js"] } } }',
    );
  });

  test.concurrent('is started by npx where this program is of its cache, but not for a client that finds no Node', async () => {
    const there = machine({ '.mcp.json': A });
    const own = join(scratch, '_npx/1a2b/node_modules/mcp-dbg');
    cpSync(dirname(BIN), join(own, 'dist'), { recursive: true });
    writeFileSync(join(own, 'package.json'), '{"type":"module"}');
    const options = { ...there.options, bin: join(own, 'dist/bin.js') };
    const wrapped = await run(['wrap', 'claude-code', 'a'], options);
    expect(readFileSync(join(there.project, '.mcp.json'), 'utf8')).toMatch(
      /"command":"[^"]*npx","args":\["-y", "mcp-dbg@\d[^"]*", "proxy", "--label", "a", "--", "x"\]/,
    );
    expect(wrapped.stderr).toContain('runs from the cache of npx, which npm empties, so the server is started by npx');
    await run(['unwrap', 'claude-code', 'a'], options);
    expect(readFileSync(join(there.project, '.mcp.json'), 'utf8')).toBe(A);
    const world = { ...there.options, home: there.home, platform: 'linux' } as const;
    expect(() => ownProgram('cursor', { bin: options.bin, running: '/opt/own/node' }, world)).toThrow(
      'Cursor has a PATH without Node; install it: npm install -g mcp-dbg',
    );
  });

  test.concurrent('stands at the end of a link, which stays one', async () => {
    const there = machine({ '~/.cursor/mcp.json': A });
    const [path, real] = [join(there.home, '.cursor/mcp.json'), join(there.home, 'dotfiles/cursor.json')];
    mkdirSync(dirname(real));
    renameSync(path, real);
    symlinkSync(real, path);
    await run(['wrap', 'cursor', 'a'], there.options);
    const wrapped = readFileSync(real, 'utf8');
    const again = await run(['wrap', 'cursor', 'a', 'a'], there.options);
    expect(again.stdout).toBe('"a" in ~/.cursor/mcp.json is already wrapped: nothing to do\n');
    expect(readFileSync(real, 'utf8')).toBe(wrapped);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('"proxy"');
    // The project's file is the same one.
    mkdirSync(join(there.project, '.cursor'));
    symlinkSync(real, join(there.project, '.cursor/mcp.json'));
    expect((await run(['unwrap', 'cursor', '--all'], there.options)).stdout).toBe(
      'unwrapped "a" in ~/.cursor/mcp.json: x\n',
    );
    expect(readFileSync(real, 'utf8')).toBe(A);
    expect(readdirSync(dirname(real))).toEqual(['cursor.json']);
    const twice = await run(['unwrap', 'cursor', 'a'], there.options);
    expect(twice).toMatchObject({ code: 0, stdout: '"a" in ~/.cursor/mcp.json is not wrapped: nothing to do\n' });
  });
});
