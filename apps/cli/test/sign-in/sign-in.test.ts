import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { type AuthorizationServerOptions, authorizationServer, protectedServer } from '@mcp-dbg/testkit';
import { afterAll, describe, expect, test } from 'vitest';

import { statePath } from '../../src/state-folder.ts';
import { endPrograms, file, home, jsonLines, run, script } from '../driver.ts';
import { bare } from '../terminal/chatting.ts';
import { KEY, type TerminalRun, inTerminal, noTerminal } from '../terminal/terminal.ts';

afterAll(endPrograms);

/** A protected server with its authorization server. Disposing ends both. */
async function world(options: AuthorizationServerOptions = {}) {
  const issuer = await authorizationServer(options);
  const server = await protectedServer({ issuers: () => [issuer] });
  return {
    issuer,
    url: server.url,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

const PAGE = /http:\/\/127\.0\.0\.1:\d+\/as\/authorize\?\S+/;

/** Goes to the page that the terminal shows, says yes there, and is sent back, as a browser that the person opened. */
async function signsIn(terminal: TerminalRun): Promise<void> {
  const page = await terminal.shows(PAGE);
  await terminal.shows('Open that page in a browser here?');
  const answer = await fetch(page);
  expect(await answer.text()).toContain('You can close this window');
}

/** A PATH on which the platform's opener is a browser that goes to the page and is sent back. */
function withBrowser(): { readonly PATH: string } {
  const opener = file(
    process.platform === 'darwin' ? 'open' : 'xdg-open',
    `#!/bin/sh\nexec "${process.execPath}" -e 'fetch(process.argv[1])' "$1"\n`,
  );
  chmodSync(opener, 0o755);
  return { PATH: `${dirname(opener)}${delimiter}${process.env['PATH'] ?? ''}` };
}

const robot = { id: 'robot', secret: 'the secret of the robot' };

describe('without a terminal', () => {
  test('a server that wants a sign-in is told with exit 3, and what to do', async () => {
    await using both = await world();
    const asked = await run(['tools', both.url]);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain(`${both.url} wants you to sign in for "notes:read" (mcp-dbg sign-in URL`);
    const tried = await run(['sign-in', both.url]);
    expect(tried.code).toBe(3);
    expect(tried.stderr).toContain('takes a terminal and a browser');
  });

  test('a client with a secret signs in by itself, once for all commands, until it signs out', async () => {
    await using both = await world({ client: robot });
    const { issuer } = both.issuer;
    const secret = ['--client-id', robot.id, '--client-secret-file', file('secret', `${robot.secret}\n`)];
    const signedIn = await run(['sign-in', both.url, ...secret, '--client-credentials', '--issuer', issuer, '--json']);
    expect(signedIn.code).toBe(0);
    expect(JSON.parse(signedIn.stdout)).toMatchObject({ server: both.url, issuer, client: robot.id, renews: true });
    both.issuer.expire();
    const captured = file('a.mcpcap', '');
    const listed = await run(['tools', both.url, '--json', '--capture', `${captured}.new`]);
    expect(JSON.parse(listed.stdout)).toMatchObject({ server: { name: 'protected' } });
    expect(jsonLines((await run(['sign-ins', '--json'])).stdout)).toMatchObject([{ server: both.url }]);
    const kept = textsOf(statePath({ home: home(), platform: process.platform }, 'sign-ins'));
    const token = /"access": "(\w+)"/.exec(kept)?.[1] ?? '';
    expect(both.issuer.granted(token)).toBeDefined();
    const shown = [signedIn, listed].map(({ stdout, stderr }) => stdout + stderr).join('');
    for (const each of [robot.secret, token])
      expect(shown + readFileSync(`${captured}.new`, 'latin1')).not.toContain(each);
    const signedOut = await run(['sign-out', both.url]);
    expect(signedOut).toMatchObject({ code: 0, stdout: expect.stringContaining('took its tokens back') });
    expect(both.issuer.granted(token)).toBeUndefined();
    expect(readdirSync(statePath({ home: home(), platform: process.platform }, 'sign-ins'))).toEqual([]);
  });

  test('a secret is sent nowhere unless the person names the authorization server', async () => {
    await using both = await world({ client: robot });
    const secret = ['--client-id', robot.id, '--client-secret-file', file('secret', robot.secret)];
    const unnamed = await run(['sign-in', both.url, ...secret, '--client-credentials']);
    expect(unnamed).toMatchObject({ code: 1, stderr: expect.stringContaining('--issuer') });
    expect(both.issuer.requests).toEqual([]);
  });

  test('an Authorization header of the person is used as it is, and nothing is signed in to', async () => {
    await using both = await world();
    const refused = await run(['tools', both.url, '--header', 'Authorization: Bearer of-the-person']);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('HTTP 401') });
    expect(both.issuer.requests).toEqual([]);
  });
});

describe('in a terminal', () => {
  test('a chat lets the person sign in where the server wants it, and again where a tool needs more', async (context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
    await using both = await world();
    const model = script({ call: [{ tool: 'write', args: {} }] }, { say: 'It is {{result}}.' });
    const terminal = inTerminal(['chat', both.url, '-q', '--model', model], { env: { ...bare, ...withBrowser() } });
    await terminal.shows(PAGE);
    await terminal.shows('[y]es, [n]o: ');
    terminal.type(`y${KEY.enter}`);
    await terminal.shows(/model: .*\r\n> /);
    terminal.type(`Write that${KEY.enter}`);
    await terminal.shows('Allow write() on 127.0.0.1');
    terminal.type(`y${KEY.enter}`);
    await signsIn(terminal);
    await terminal.shows('It is written.');
    terminal.type(KEY.ctrlD);
    expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
  });

  test('the address at which another browser ends can be pasted; many processes then renew without using a token twice', async (context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
    await using both = await world();
    const terminal = inTerminal(['sign-in', both.url], { env: bare });
    const page = await terminal.shows(PAGE);
    await terminal.shows('[y]es, [n]o: ');
    terminal.type(`n${KEY.enter}`);
    await terminal.shows('at which it ends: ');
    const { headers } = await fetch(page, { redirect: 'manual' });
    terminal.type(`${headers.get('location') ?? ''}${KEY.enter}`);
    await terminal.shows(`at ${both.issuer.issuer}`);
    expect(await terminal.ended).toMatchObject({ code: 0, isSane: true });
    both.issuer.expire();
    const many = await Promise.all([1, 2, 3].map(async () => await run(['tools', both.url, '--json'])));
    expect(many.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(both.issuer.reused).toEqual([]);
  });

  test('Ctrl-C leaves the question, and the terminal as it was', async (context) => {
    if (noTerminal !== undefined) context.skip(noTerminal);
    await using both = await world();
    const terminal = inTerminal(['tools', both.url], { env: bare });
    await terminal.shows('[y]es, [n]o: ');
    terminal.type(KEY.ctrlC);
    expect(await terminal.ended).toMatchObject({ code: 130, isSane: true });
  });
});

function textsOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}
