import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { ConfigEntry, ConfigSource } from '../../src/config/config-entry.ts';
import { HOST_IDS, type HostId } from '../../src/config/hosts.ts';
import { type ConfigRead, readConfig } from '../../src/config/read-config.ts';

function source(host: HostId, path = '/p/mcp.json'): ConfigSource {
  return { path: host === 'codex' ? '/p/config.toml' : path, host, scope: 'user', folder: '/p' };
}

function read(text: string, host: HostId = 'plain', projects: readonly string[] = []): ConfigRead {
  return readConfig(text, source(host), projects);
}

function entries(text: string, host?: HostId, projects?: readonly string[]): readonly ConfigEntry[] {
  const config = read(text, host, projects);
  if (config.kind === 'fault') throw new Error(config.fault.message);
  return config.entries;
}

const one = (server: unknown, key = 'mcpServers'): string => JSON.stringify({ [key]: { s: server } });

describe('a config file', () => {
  test('has comments, commas at the end, a byte order mark and CRLF, and members that nobody knows', () => {
    const text =
      '\uFEFF{\r\n  // mine\r\n  "x": 1,\r\n  "mcpServers": {"s": {"command": "a", "args": ["b",], "z": {}},},\r\n}\r\n';
    expect(entries(text)).toMatchObject([{ kind: 'stdio', name: 's', argv: ['a', 'b'], isOff: false }]);
  });

  test.each<[HostId, string]>([
    ['claude-desktop', one({ command: 'a' })],
    ['claude-code', one({ type: 'stdio', command: 'a' })],
    ['vscode', one({ type: 'stdio', command: 'a' }, 'servers')],
    ['cursor', one({ command: 'a' })],
    ['windsurf', one({ command: 'a', disabled: false })],
    ['copilot', one({ type: 'local', command: 'a', tools: ['*'] })],
    ['codex', '[mcp_servers.s]\ncommand = "a"\nstartup_timeout_sec = 2.5\n'],
    ['plain', one({ command: 'a' }, 'servers')],
  ])('of %s has its servers under its own name', (host, text) => {
    expect(entries(text, host)).toMatchObject([{ kind: 'stdio', name: 's', argv: ['a'] }]);
  });

  test('names a server behind a URL as each host does', () => {
    const http = { kind: 'http', url: 'https://x.example/mcp', isSse: false };
    for (const server of [
      { url: http.url },
      { serverUrl: http.url },
      { httpUrl: http.url },
      { type: 'streamable-http', url: http.url },
    ])
      expect(entries(one(server))).toMatchObject([http]);
    expect(entries(one({ type: 'sse', url: http.url, headers: { A: 'b' } }))).toMatchObject([
      { ...http, isSse: true, headers: new Map([['A', 'b']]) },
    ]);
    const codex =
      '[mcp_servers.s]\nurl = "https://x.example/mcp"\nbearer_token_env_var = "T"\n[mcp_servers.s.env_http_headers]\nX = "V"\n';
    expect(entries(codex, 'codex')).toMatchObject([
      {
        headersFrom: new Map([
          ['X', { prefix: '', variable: 'V', isNeeded: false }],
          ['Authorization', { prefix: 'Bearer ', variable: 'T', isNeeded: true }],
        ]),
      },
    ]);
  });

  test('keeps what only one project has beside what all have; what is for the project counts', () => {
    const text = JSON.stringify({
      mcpServers: { a: { command: 'all' }, b: { command: 'b' } },
      projects: { '/p': { mcpServers: { a: { command: 'mine' } } }, '/q': { mcpServers: { c: { command: 'c' } } } },
    });
    expect(entries(text, 'claude-code', ['/p/sub', '/p'])).toMatchObject([
      { name: 'a', argv: ['mine'] },
      { name: 'b', argv: ['b'] },
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no object', 'x', /^it is not an object/],
    ['nothing to run', {}, /neither a command nor a url/],
    ['both', { command: 'a', url: 'https://x.example' }, /a command and a URL/],
    ['a list for a command', { command: ['a'] }, /its command is not a text/],
    ['an empty command', { command: ' ' }, /no command/],
    ['a number among the arguments', { command: 'a', args: ['b', 1] }, /its args\[1\] is not a text/],
    ['a NUL', { command: 'a\0' }, /NUL/],
    ['a list of variables', { command: 'a', env: ['A=1'] }, /its env is not an object/],
    ['an impossible variable', { command: 'a', env: { 'A=B': '1' } }, /which no variable can have/],
    ['an impossible header', { url: 'https://x.example', headers: { 'a b': '1' } }, /which no header can have/],
    ['a URL of another kind', { url: 'file:///etc/passwd' }, /not http or https/],
    ['a transport that is not spoken', { type: 'ws', url: 'ws://x.example' }, /its type "ws"/],
  ])('with %s says so, and it does not cost the others', (_, server, why) => {
    const text = JSON.stringify({ mcpServers: { bad: server, good: { command: 'a' } } });
    expect(entries(text)).toMatchObject([
      { kind: 'unusable', name: 'bad', why: expect.stringMatching(why) },
      { kind: 'stdio', name: 'good' },
    ]);
  });

  test('takes numbers and truth values for variables, and null for one that is taken away', () => {
    expect(entries(one({ command: 'a', env: { N: 1, B: true, X: null } }))).toMatchObject([
      {
        env: new Map([
          ['N', '1'],
          ['B', 'true'],
          ['X', null],
        ]),
      },
    ]);
  });

  test('may name a server as no object should: it is a name', () => {
    const text =
      '{"mcpServers": {"__proto__": {"command": "a"}, "constructor": {"command": "b"}, "\\u001b[2J": {"command": "c"}}}';
    expect(entries(text)).toMatchObject([
      { name: '__proto__', argv: ['a'] },
      { name: 'constructor', argv: ['b'] },
      { kind: 'unusable', why: 'its name has control characters' },
    ]);
    expect(entries('[mcp_servers.__proto__]\ncommand = "a"\n', 'codex')).toMatchObject([
      { name: '__proto__', argv: ['a'] },
    ]);
  });

  test('that has a name twice means the last, and says so', () => {
    const config = read('{"mcpServers": {"s": {"command": "a"}, "s": {"command": "b"}}}');
    expect(config).toMatchObject({
      entries: [{ argv: ['b'] }],
      notes: ['"s" is there more than once; the last one counts'],
    });
  });

  test.each<[string, HostId, string, object]>([
    [
      'a comma too few',
      'plain',
      '{\n  "mcpServers": {\n    "a": {"command": "x"}\n    "b": {}\n  }\n}',
      { line: 4, column: 5 },
    ],
    ['a word', 'plain', '{"mcpServers": {"a": nope}}', { line: 1, column: 22 }],
    ['no end', 'plain', '{\r\n"a": [', { line: 2, column: 7 }],
    ['a table twice', 'codex', '[a]\nx = 1\n[a]\n', { line: 3, column: 2 }],
    ['no value', 'codex', 'x = 1\ny =\n', { line: 2, column: 4 }],
  ])('that is broken by %s is one sentence with the place', (_, host, text, place) => {
    const config = read(text, host);
    expect(config).toMatchObject({
      kind: 'fault',
      fault: { message: expect.stringMatching(/^it is not .*: [^\n]+$/), ...place },
    });
  });

  test.each<[string, HostId, string]>([
    ['lists', 'plain', '['.repeat(500_000)],
    ['objects', 'plain', '{"a":'.repeat(200_000)],
    ['TOML', 'codex', `x = ${'['.repeat(50_000)}`],
  ])('nested without end is a fault and no crash: %s', (_, host, text) => {
    expect(read(text, host)).toMatchObject({ kind: 'fault' });
  });

  test('in TOML may have dates and numbers beyond ours, and a date is no text', () => {
    const text = 'at = 1979-05-27T07:32:00Z\nbig = 9223372036854775807\n[mcp_servers.s]\ncommand = 1979-05-27\n';
    expect(entries(text, 'codex')).toMatchObject([{ kind: 'unusable', why: 'its command is not a text' }]);
  });

  test('never makes the reader throw, whatever is in it', () => {
    const json = fc.json({ maxDepth: 4 });
    const servers = fc.dictionary(fc.string(), fc.jsonValue());
    const inside = fc.tuple(fc.constantFrom('mcpServers', 'servers', 'mcp_servers', 'projects'), servers);
    const text = fc.oneof(
      fc.string(),
      json,
      inside.map(([key, value]) => JSON.stringify({ [key]: value })),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...HOST_IDS), (raw, host) => {
        const config = readConfig(raw, source(host), ['/p']);
        if (config.kind === 'fault') expect(config.fault.message).not.toBe('');
        else
          for (const { name, kind } of config.entries) expect([typeof name, typeof kind]).toEqual(['string', 'string']);
      }),
    );
  });
});
