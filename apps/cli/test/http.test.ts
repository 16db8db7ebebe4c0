import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { httpFixture } from '@mcp-dbg/testkit';
import { expect, test } from 'vitest';

import { jsonLines, run, scratch, script, start } from './driver.ts';

const SECRET = 'sk-ant-0123456789abcdef';

test.each(['http-v1', 'http-v2'] as const)(
  '%s behind a URL: the same lists, frames and captures as on stdio, and no secret in any of them',
  async (name) => {
    await using server = await httpFixture(name);
    const capture = join(scratch, `${name}.mcpcap`);
    const header = ['--header', `Authorization: Bearer ${SECRET}`];
    const listed = await run(['tools', `${server.url}?key=${SECRET}`, '--json', '-v', ...header, '--capture', capture]);
    expect(listed.code).toBe(0);
    expect(JSON.parse(listed.stdout)).toMatchObject({ server: { name } });
    expect(listed.stdout).toContain('"name":"echo"');
    expect(listed.stderr).toContain(`connecting to ${server.url}\n`);
    expect(listed.stderr).toContain('"method":"tools/list"');
    const text = readFileSync(capture, 'utf8');
    expect(text).toMatch(
      /"t":"http".*"method":"POST","url":"[^"?]+\/mcp","status":200,"type":"(?:application\/json|text\/event-stream)"/,
    );
    expect(text + listed.stdout + listed.stderr).not.toContain(SECRET);

    const linted = await run(['lint', capture]);
    expect(linted).toMatchObject({ code: 0, stderr: '' });
    const logged = jsonLines((await run(['log', capture, '--json'])).stdout);
    expect(logged).toContainEqual(expect.objectContaining({ kind: 'request', method: 'tools/list', status: 'ok' }));
  },
);

test('a server behind a URL dies between two queries of a chat, and the next one finds it again', async () => {
  await using server = await httpFixture('http-v2');
  const model = script(
    { on: 'user', call: [{ tool: 'add', args: { a: 1, b: 2 } }], repeat: true },
    { on: 'result', say: 'it is {{result}}', repeat: true },
  );
  const session = join(scratch, 'far.json');
  const header = ['--header', `X-Key: ${SECRET}`];
  const program = start(['chat', server.url, '--json', '--yes', '--model', model, '--save', session, ...header]);
  const stops = (): number => program.stdout.split('"type":"stopped"').length - 1;
  program.write('one\n');
  await program.until(() => stops() === 1, 'the first answer');
  await server.restart();
  program.write('two\nquit\n');
  expect(await program.ended).toMatchObject({ code: 0 });
  const events = jsonLines(program.stdout);
  expect(events.filter(({ type }) => type === 'tool-result')).toMatchObject([{ isError: false }, { isError: false }]);

  // What was kept goes on with the server, and says which header is missing.
  expect(readFileSync(session, 'utf8')).toContain('"headers":["X-Key"]');
  expect(readFileSync(session, 'utf8')).not.toContain(SECRET);
  const resumed = await run(['chat', '--resume', session, '--json', '--yes', '--model', model, '-p', 'three']);
  expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('--header "X-Key: VALUE"') });
  expect(resumed.stdout).toContain('"isError":false');
});

test('a server that cannot be used ends the command with the cause, and the exit code of it', async () => {
  const closed = createServer(({ url: path }, response) =>
    path === '/mcp/page'
      ? response.setHeader('content-type', 'text/html').end('<html>')
      : response.writeHead(403).end(),
  ).listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}/mcp`;
  const refused = await run(['tools', url]);
  expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(/^mcp-dbg: .*HTTP 403/) });
  const page = await run(['tools', `${url}/page`]);
  expect(page).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/answered with what is no message: "<html>" \[frame 2\]\nmcp-dbg: .*a web page/),
  });
  closed.close();
  await once(closed, 'close');
  const gone = await run(['tools', `${url}?key=${SECRET}`]);
  // There is nothing to run by itself and to give variables to.
  expect(gone).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/connection refused.*\(ECONNREFUSED\)\n$/),
  });
  expect(gone.stderr).not.toContain(SECRET);
});
