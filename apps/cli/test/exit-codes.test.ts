import { fixture } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { run, script } from './driver.ts';

const echo = fixture('echo');
const failing = (status: number): readonly string[] => [
  'chat',
  echo,
  '-p',
  'go',
  '--model',
  script(...Array.from({ length: 4 }, () => ({ error: { status, message: 'no' } }))),
];

/** What each command exits with. The codes that signals give are in signals.test.ts, the demo's in demo.test.ts. */
test.concurrent.each<[number, string, readonly string[]]>([
  [0, 'tools of a good server', ['tools', echo]],
  [0, 'a chat without queries', ['chat', echo]],
  [
    0,
    'a chat whose tools fail',
    ['chat', echo, '-p', 'go', '--model', script({ call: [{ tool: 'nothing' }] }, { say: 'x' })],
  ],
  [
    0,
    'a chat whose call was refused',
    ['chat', echo, '-p', 'go', '--model', script({ call: [{ tool: 'counter' }] }, { say: 'x' })],
  ],
  [
    0,
    'a chat whose server dies',
    [
      'chat',
      fixture('crashes-on-call'),
      '--yes',
      '-p',
      'go',
      '--model',
      script({ call: [{ tool: 'crash' }] }, { say: 'x' }),
    ],
  ],
  [1, 'bad input to tools', ['tools', './none.py']],
  [1, 'bad input to call', ['call', echo, 'add', 'a=x', 'b=1']],
  [1, 'bad input to chat', ['chat', './none.py']],
  [1, 'a request that the API refuses', failing(400)],
  [3, 'free text without a model', ['chat', echo, '-p', 'go']],
  [3, 'a 401', failing(401)],
  [4, 'an API that fails', failing(500)],
  [4, 'tools of a server that dies', ['tools', fixture('exits-at-once')]],
  [4, 'a call to a server that dies first', ['call', fixture('exits-at-once'), 'x']],
  [4, 'a chat that reaches no server', ['chat', fixture('exits-at-once')]],
  [4, 'no common version', ['tools', fixture('modern-only'), '--era', 'legacy']],
  [5, 'a tool that failed', ['call', fixture('tool-errors'), 'is_error']],
  [5, 'a tool that is missing', ['call', echo, 'nothing']],
  [5, 'a tool lost with its server', ['call', fixture('crashes-on-call'), 'sigkill']],
])('%i: %s', async (exit, _, argv) => {
  const { code, signal } = await run(argv);
  expect({ code, signal }).toEqual({ code: exit, signal: null });
});
