import { StderrTail } from '@mcp-dbg/wire';
import { expect, test } from 'vitest';

/** What counts as the last words of a process that wrote this, in pieces of a size. */
function lastOf(text: string, size: number = text.length): string | undefined {
  const tail = new StderrTail();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) tail.push(bytes.subarray(at, at + size));
  tail.end();
  return tail.last;
}

const MODULE_MISSING = `node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module '/srv/server.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at node:internal/main/run_main_module:28:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: [
    'one'
  ]
}

Node.js v20.20.2
`;

test.each([
  ['nothing', '', undefined],
  ['blank lines', '\n \n', undefined],
  ['a line without its newline', 'one\ntwo', 'two'],
  ['CRLF', 'one\r\n', 'one'],
  [
    'a Python traceback',
    'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1\n',
    'KeyError: 1',
  ],
  [
    'a Node error',
    'TypeError: x\n    at f (file:///a.mjs:1:2)\n    at async g (file:///a.mjs:3:4)\n\nNode.js v20.1.0\n',
    'TypeError: x',
  ],
  ['a Node error with properties', MODULE_MISSING, "Error: Cannot find module '/srv/server.js'"],
  ['words after such an error', `${MODULE_MISSING}bye\n`, 'bye'],
  ['a frame around a traceback', '╭──────╮\n│ Error │\n╰──────╯\n', 'Error'],
])('the last line that says something, of %s', (_, text, last) => {
  expect(lastOf(text)).toBe(last);
  expect(lastOf(text, 7)).toBe(last);
});
