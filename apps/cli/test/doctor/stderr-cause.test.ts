import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { causeOf } from '../../src/doctor/stderr-cause.ts';

describe('the sentence of stderr that matters', () => {
  test.each<[string, string, { kind: string; name?: string; quote?: string }]>([
    [
      'a Python traceback',
      `Traceback (most recent call last):
  File "/srv/server.py", line 3, in <module>
    import mcp
ModuleNotFoundError: No module named 'mcp'`,
      { kind: 'python-module', name: 'mcp', quote: "ModuleNotFoundError: No module named 'mcp'" },
    ],
    [
      'a module that is run',
      '/usr/bin/python3: No module named weather_mcp',
      { kind: 'python-module', name: 'weather_mcp' },
    ],
    [
      'another version of a module',
      "ImportError: cannot import name 'FastMCP' from 'mcp.server' (/x/mcp/server/__init__.py)",
      { kind: 'python-module', name: 'mcp.server' },
    ],
    [
      'a traceback in a frame',
      `╭───── Traceback (most recent call last) ─────╮
│ /srv/weather.py:9 in <module>               │
│ ❱  9 os.environ["WEATHER_API_KEY"]          │
╰─────────────────────────────────────────────╯
KeyError: 'WEATHER_API_KEY'`,
      { kind: 'variable', name: 'WEATHER_API_KEY', quote: "KeyError: 'WEATHER_API_KEY'" },
    ],
    [
      'Node without a package',
      `node:internal/modules/cjs/loader:1148
  throw err;
  ^

Error: Cannot find module 'express'
Require stack:
- /srv/server.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1145:15)
    at node:internal/main/run_main_module:28:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/srv/server.js' ]
}

Node.js v20.20.2`,
      { kind: 'node-module', name: 'express', quote: "Error: Cannot find module 'express'" },
    ],
    ['Node without its script', "Error: Cannot find module '/server.js'", { kind: 'file', name: '/server.js' }],
    [
      'a file of Python',
      "python3: can't open file '/server.py': [Errno 2] No such file or directory",
      { kind: 'file', name: '/server.py' },
    ],
    [
      'a folder that may not be made',
      "Error: EACCES: permission denied, mkdir '/.cache'",
      { kind: 'permission', name: '/.cache' },
    ],
    ['a port', 'Error: listen EADDRINUSE: address already in use :::3000', { kind: 'port', name: '3000' }],
    ['env without node', '/usr/bin/env: ‘node’: No such file or directory', { kind: 'command', name: 'node' }],
    ['env without node on macOS', 'env: node: No such file or directory', { kind: 'command', name: 'node' }],
    ['a shell', '/srv/start.sh: line 3: uvx: command not found', { kind: 'other' }],
    ['sh', 'sh: 1: uvx: not found', { kind: 'command', name: 'uvx' }],
    ['a child of Node', 'Error: spawn git ENOENT', { kind: 'command', name: 'git' }],
    [
      'npm',
      `npm error code E404
npm error 404 Not Found - GET https://registry.example/no-such-server - Not found
npm error 404
npm error 404  'no-such-server@*' is not in this registry.
npm error A complete log of this run can be found in: /home/me/.npm/_logs/x.log`,
      { kind: 'package', name: 'no-such-server@*' },
    ],
    [
      'another language',
      'TypeError [ERR_UNKNOWN_FILE_EXTENSION]: Unknown file extension ".py" for /x.py',
      { kind: 'interpreter', name: '.py' },
    ],
    [
      'another Python',
      "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
      { kind: 'interpreter' },
    ],
    ['an old Node', 'This server requires Node.js >= 22', { kind: 'interpreter' }],
    ['a variable', 'Error: WEATHER_API_KEY is not set', { kind: 'variable', name: 'WEATHER_API_KEY' }],
    [
      'a variable in a log',
      '2026-11-20 ERROR missing required GITHUB_TOKEN, exiting',
      { kind: 'variable', name: 'GITHUB_TOKEN' },
    ],
    [
      'a panic of Go',
      `panic: open config.yml: the disk is gone

goroutine 1 [running]:
main.main()
exit status 2`,
      { kind: 'other', quote: 'panic: open config.yml: the disk is gone' },
    ],
    [
      'a panic of Rust',
      `thread 'main' panicked at src/main.rs:4:10:
called \`Option::unwrap()\` on a \`None\` value
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
      {
        kind: 'other',
        quote: "thread 'main' panicked at src/main.rs:4:10: called `Option::unwrap()` on a `None` value",
      },
    ],
    [
      'an error, and what a program says as it leaves',
      `Error: the database is of a newer version
    at open (/srv/db.js:3:9)
shutting down
bye`,
      { kind: 'other', quote: 'Error: the database is of a newer version' },
    ],
    ['words alone', 'starting\nusage: server --port N', { kind: 'other', quote: 'usage: server --port N' }],
  ])('%s', (_, stderr, cause) => {
    expect(causeOf(stderr.split('\n'))).toMatchObject(cause);
  });

  test('is missing where nothing was said', () => {
    expect(causeOf([])).toBeUndefined();
    expect(causeOf(['', '^^^^', '----'])).toBeUndefined();
  });

  test('is short, and never a failure, whatever was said', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        "Error: Cannot find module '",
        'KeyError: ',
        'sh: 1: ',
        '\u001b[31m',
        'A_B_',
        'is not set',
        "'",
        'requires node ',
      ),
    );
    const line = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const cause = causeOf(lines);
        if (cause !== undefined) expect(cause.quote.length).toBeLessThanOrEqual(300);
      }),
    );
    expect(causeOf([`Error: ${'A_'.repeat(1_000_000)} is not set ${"'".repeat(1_000_000)}`])?.kind).toBe('other');
  });
});
