import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { jsonLines, run } from '../driver.ts';
import { fresh } from '../saved-chats.ts';
import { holds, machine, resolved, tells, told } from './config-home.ts';

describe('a name of a config file', () => {
  test.concurrent('is a server, filled in as its host does, in the folder where its host starts it', async () => {
    const { home, options } = machine({
      '~/.cursor/mcp.json': holds({
        mine: tells({ cwd: '${userHome}', env: { A: '${env:GIVEN}', B: '${env:NONE}' } }),
      }),
    });
    const { ran, told: how } = await told(['mine', 'tell'], { ...options, env: { ...options.env, GIVEN: 'value' } });
    expect(ran.stderr).toBe('mcp-dbg: mine: NONE is not set; in env.B it stays as it is written, as in Cursor\n');
    expect(how).toMatchObject({ cwd: home, env: { A: 'value', B: '${env:NONE}' } });
    expect(how.env).not.toHaveProperty('GIVEN');
  });

  test.concurrent('may be one behind a URL: its headers go with it, and those of the command line stand for them', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { options } = machine({
      '~/.codex/config.toml': `[mcp_servers.far]\nurl = "http://127.0.0.1:${port}/mcp"\nbearer_token_env_var = "TOKEN"\nhttp_headers = { X-Mine = "file", X-Other = "file" }\nenv_http_headers = { X-None = "NONE" }\n`,
    });
    const env = { ...options.env, TOKEN: 'hushhush' };
    const { code, stderr } = await run(['tools', 'far', '--header', 'x-mine: word'], { ...options, env });
    const unset = await run(['tools', 'far'], options);
    server.close();
    expect(code).toBe(4);
    expect(stderr).toContain('mcp-dbg: far: NONE is not set, and the header X-None is left out\n');
    expect(stderr).not.toContain('hushhush');
    expect(asked[0]).toMatchObject({ authorization: 'Bearer hushhush', 'x-mine': 'word', 'x-other': 'file' });
    expect(unset.code).toBe(1);
    expect(unset.stderr).toContain('its token is the value of TOKEN, which is not set; set it\n');
  });

  test.concurrent('gets the variables of its envFile, then those of its file, then those of the command line', async () => {
    const { project, options } = machine({
      'mcp.json': holds({ s: tells({ envFile: '.env', env: { B: 'file', C: 'file' } }) }),
      'sub/.env': '\uFEFFexport A="from env"\r\n# no\r\nB=env\r\n',
    });
    const { told: how } = await told(['s', 'tell', '--config', '../mcp.json', '-e', 'C=word'], options);
    expect(how).toMatchObject({ cwd: `${project}/sub`, env: { A: 'from env', B: 'file', C: 'word' } });
  });

  test.concurrent('may be given by --server, so that no word stands for it; a chat takes all of a file', async () => {
    const { options } = machine({ 'two.json': holds({ a: tells({}, 'two'), b: tells({}, 'b'), bad: {} }) });
    expect((await told(['tell', '--server', 'b', '--config', '../two.json'], options)).told.args).toEqual(['b']);
    const chat = await run(['chat', '--config', '../two.json', '--wait', '60', '--model', 'manual'], options);
    expect(chat.code).toBe(0);
    expect(chat.stderr).toContain('mcp-dbg: bad is left out: it has neither a command nor a url\n');
    expect(chat.stderr).toMatch(/a: connected[^]*b: connected|b: connected[^]*a: connected/);
  });

  test.concurrent('leaves no secret in the capture, in a saved session, or in what is printed', async () => {
    const { options } = machine({
      '.mcp.json': holds({ s: tells({ env: { KEY: '${KEY}' } }, '--word', '${KEY}') }),
    });
    const [capture, session] = [fresh('x.mcpcap'), fresh()];
    const words = ['chat', '--config', '../.mcp.json', '--model', 'manual', '--verbose'];
    const ran = await run([...words, '--capture', capture, '--save', session], {
      ...options,
      env: { ...options.env, KEY: 'hushhush' },
      stdin: '/call tell\n/servers\n',
    });
    expect(ran.stdout).toContain('--word');
    const [, spawned] = readFileSync(capture, 'utf8').split('\n', 2).flatMap(jsonLines);
    expect(spawned?.['argv']).toEqual(expect.arrayContaining(['--word', '${KEY}']));
    expect(readFileSync(session, 'utf8')).not.toContain('hushhush');
    expect(ran.stderr.split('\n').filter((line) => line.includes('hushhush') && !line.includes('jsonrpc'))).toEqual([]);
  });

  test('is one of the file that is named, which alone is enough where it has one', async () => {
    const there = machine({
      'one.json': holds({ a: tells({}, 'one'), off: { command: 'x', disabled: true } }),
      'two.json': holds({ a: tells({}, 'two'), b: tells({}, 'b') }),
      'none.json': holds({ off: { command: 'x', disabled: true } }),
    });
    expect(await resolved([], there, { config: '../one.json' })).toMatchObject([{ name: 'a', trusted: false }]);
    expect(await resolved(['b'], there, { config: '../two.json' })).toMatchObject([{ name: 'b' }]);
    expect(await resolved([], there, { config: '../two.json', server: ['b', 'a'] })).toMatchObject([
      { name: 'b' },
      { name: 'a' },
    ]);
    expect(await resolved(['off'], there, { config: '../one.json' })).toMatchObject([{ argv: ['x'] }]);
    await expect(resolved([], there, { config: '../two.json', most: 1 })).rejects.toThrow(
      'This command takes one server, and these are 2: a, b; choose with --server NAME',
    );
    await expect(resolved([], there, { config: '../two.json', server: ['none'] })).rejects.toThrow(
      'The config file "../two.json" has no server "none"; it has a, b',
    );
    await expect(resolved([], there, { config: '../none.json' })).rejects.toThrow('has no server that can be used');
  });

  test('that files understand differently is an error that names them, and none where they agree', async () => {
    const there = machine({
      '~/.cursor/mcp.json': holds({ differs: tells(), agrees: tells(), near: tells(), there: { command: './x.sh' } }),
      '.mcp.json': holds({ differs: tells({}, 'other'), agrees: tells(), there: { command: './x.sh' } }),
    });
    const clash = (name: string): string =>
      `Several config files have a server "${name}", and not the same: ${there.home}/.cursor/mcp.json (Cursor), ${there.project}/.mcp.json (Claude Code); choose with --config FILE`;
    await expect(resolved(['differs'], there)).rejects.toMatchObject({ code: 'USAGE', message: clash('differs') });
    // The same words mean different programs in different folders.
    await expect(resolved(['there'], there)).rejects.toThrow(clash('there'));
    // The person's own comes first: nothing has to be approved.
    expect(await resolved(['agrees'], there)).toMatchObject([{ name: 'agrees' }]);
    await expect(resolved(['nera'], there)).rejects.toThrow('; a config file has "near"');
  });

  test('comes behind a path that is there, and before a command', async () => {
    const there = machine({
      '~/.cursor/mcp.json': holds({ 'here.mjs': tells(), node: tells({}, 'config'), sub: tells({}, 'config') }),
      'sub/here.mjs': `import ${JSON.stringify(fixture('echo'))};`,
      'sub/sub/x': '',
    });
    const config = { argv: expect.arrayContaining(['config']) };
    expect(await resolved(['here.mjs'], there)).toMatchObject([
      { argv: [process.execPath, `${there.options.cwd}/here.mjs`] },
    ]);
    // A folder can be no server.
    expect(await resolved(['node', 'sub'], there)).toMatchObject([config, config]);
  });

  test('lets a broken file be told where it is not found, and costs nothing where it is', async () => {
    const there = machine({ '~/.cursor/mcp.json': holds({ good: tells() }), '~/.copilot/mcp-config.json': '{' });
    expect(await resolved(['good'], there)).toMatchObject([{ name: 'good' }]);
    await expect(resolved([], there, { server: ['gone'] })).rejects.toThrow(
      `No config file has a server "gone"; not read: ${there.home}/.copilot/mcp-config.json (line 1, column 2: it is not JSON: a closing brace should stand there); mcp-dbg servers lists all`,
    );
    // What is plainly a path was not looked for in any file.
    await expect(resolved(['./gone.py'], there)).rejects.toThrow(/there is no such file in \S+; check the path$/);
  });

  test('that is a URL needs no folder and no variables, and says so', async () => {
    const there = machine({ 'mcp.json': holds({ far: { url: 'https://example.com/mcp' }, near: tells() }) });
    await expect(resolved(['far'], there, { config: '../mcp.json', env: ['A=b'], cwd: '/' })).rejects.toThrow(
      '-e and --cwd are for servers that are started here; one behind a URL gets headers with --header',
    );
    expect(await resolved([], there, { config: '../mcp.json', cwd: '/' })).toMatchObject([
      { name: 'far' },
      { cwd: '/' },
    ]);
  });

  test.each([
    ['a pipe for its variables', { envFile: 'pipe' }, /cannot read its envFile, ".*\/pipe": it is not a regular file/],
    ['no file for them', { envFile: 'none' }, /cannot read its envFile, ".*\/none": there is no such file/],
    ['a folder for them', { envFile: '.' }, /cannot read its envFile, ".*": it is not a regular file/],
    ['an input without words', { env: { A: '${input:a}' } }, /it needs \$\{input:a\}, and the file does not say how/],
    [
      'what only an editor knows',
      { env: { A: '${file}' } },
      /its env\.A has \$\{file\}, which only the editor can fill in/,
    ],
    [
      'a URL without its variable',
      { command: undefined, url: 'https://${HOST}/' },
      /its url needs HOST, which is not set/,
    ],
  ])('that needs %s is an error at once', async (_, more, why) => {
    const there = machine({ 'mcp.json': holds({ s: tells(more) }) });
    execFileSync('mkfifo', [`${there.options.cwd}/pipe`]);
    await expect(resolved(['s'], there, { config: '../mcp.json' })).rejects.toThrow(why);
  });
});

test('the folder is left to the hosts that are stood in for, unless the file names one or belongs to another folder', async () => {
  const there = machine({
    '~/.config/Claude/claude_desktop_config.json': holds({ own: tells(), placed: tells({ cwd: '/tmp' }) }),
    'sub/mcp.json': holds({ here: tells() }),
    '.cursor/mcp.json': holds({ above: tells() }),
  });
  const folderOf = async (name: string, config?: string): Promise<string | undefined> => {
    const [server] = await resolved([name], there, { leavesFolders: true, ...(config !== undefined && { config }) });
    return server?.url === undefined ? server?.cwd : undefined;
  };
  expect(await folderOf('own')).toBeUndefined();
  expect(await folderOf('placed')).toBe('/tmp');
  expect(await folderOf('here', 'mcp.json')).toBeUndefined();
  expect(await folderOf('above', '../.cursor/mcp.json')).toBe(there.project);
});
