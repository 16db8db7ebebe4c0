import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { messagesApi, parseScript } from '@mcp-dbg/core/script';
import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type RunOptions, file, run, scratch } from './driver.ts';

/** Asks once; the server's lines on stderr are left out. */
async function asked(
  words: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number | null; stdout: string; said: string }> {
  const { code, stdout, stderr } = await run(['chat', fixture('echo'), '-p', 'hello', ...words], options);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  return { code, stdout, said: stderr.replace(/^echo: connected.*\n/, '') };
}

const SAYS_HI = parseScript('{"turns":[{"say":"hi","repeat":true}]}');

describe('no model', () => {
  test.concurrent('free text gets a sentence and exit code 3, and the chat goes on', async () => {
    const { code, stdout, said } = await asked([]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(said).toMatch(
      /^no model: .*\nThere is no model to answer that\. Set ANTHROPIC_API_KEY .*--model.*\/call TOOL \{json\}.*\n$/,
    );
    const goesOn = await run(['chat', fixture('echo')], { stdin: 'hello\n/call echo text=hi\n' });
    expect(goesOn.code).toBe(3);
    expect(goesOn.stdout).toMatch(/^\[called echo.*\]\nhi\n$/);
  });

  test.concurrent('calling tools by hand needs none', async () => {
    expect((await run(['chat', fixture('echo')], { stdin: '/call echo text=hi\n' })).code).toBe(0);
  });

  test.concurrent.each([
    ['--model', ['--model', 'some-model'], {}],
    ['MCP_DBG_MODEL', [], { MCP_DBG_MODEL: 'some-model' }],
  ])('a model named by %s without credentials is one sentence, before any server starts', async (_, words, env) => {
    const { code, stdout, said } = await asked(words, { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(said).toMatch(
      /^mcp-dbg: The model "some-model" needs credentials; set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL.*\n$/,
    );
  });
});

describe('a model that refuses', () => {
  test.concurrent('a wrong key: exit code 3, the key is shown nowhere', async () => {
    await using api = await messagesApi(SAYS_HI);
    const { code, stdout, said } = await asked([], {
      env: { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'sk-wrong-key' },
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(said).toMatch(/127\.0\.0\.1:\d+ does not accept the credentials \(401: .*\): check ANTHROPIC_API_KEY/);
    expect(said).not.toContain('sk-wrong-key');
  });

  test.concurrent('an unknown model: exit code 1 and where to choose another', async () => {
    await using api = await messagesApi(SAYS_HI, { models: ['small'] });
    const env = { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_AUTH_TOKEN: api.token };
    const { code, said } = await asked(['--model', 'huge'], { env });
    expect(code).toBe(1);
    expect(said).toMatch(/knows no model "huge" \(404: .*\): choose another with --model or MCP_DBG_MODEL/);
    expect((await asked(['--model', 'small'], { env })).stdout).toBe('hi\n');
  });

  test.concurrent('a server without a key works', async () => {
    await using api = await messagesApi(SAYS_HI, { needsKey: false });
    expect(await asked([], { env: { ANTHROPIC_BASE_URL: api.url } })).toMatchObject({ code: 0, stdout: 'hi\n' });
  });

  test.concurrent('the network is down: exit code 4, the address and the cause', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const env = { ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`, ANTHROPIC_API_KEY: 'k' };
    const { code, said } = await asked([], { env });
    expect(code).toBe(4);
    expect(said).toContain(
      `The model's API at 127.0.0.1:${port} cannot be reached (ECONNREFUSED): check that it runs and that ANTHROPIC_BASE_URL is right`,
    );
  });

  test.concurrent('an address that is none: one sentence', async () => {
    const { code, said } = await asked([], { env: { ANTHROPIC_BASE_URL: 'localhost:1', ANTHROPIC_API_KEY: 'k' } });
    expect(code).toBe(4);
    expect(said).toMatch(
      /^mcp-dbg: The base URL of the model is not a usable address: .* check ANTHROPIC_BASE_URL.*\n$/,
    );
  });
});

describe('a script that cannot be played', () => {
  test.concurrent.each([
    ['missing', 'script:./nothing.json', /Cannot read the script "\.\/nothing\.json": there is no such file/],
    ['a folder', `script:${scratch}`, /Cannot read the script ".*": it is a folder/],
    ['no name', 'script:', /Cannot read the script ""/],
    ['not JSON', `script:${file('a.json', 'turns: []')}`, /The script is not JSON: /],
    ['no turns', `script:${file('b.json', '{}')}`, /wrong at turns: expected a list, found nothing/],
    [
      'a wrong key',
      `script:${file('c.json', '{"turns":[{"sya":"x"}]}')}`,
      /wrong at turns\[0\], key "sya": expected only the keys when, on/,
    ],
    [
      'a wrong value',
      `script:${file('d.json', '{"turns":[{"say":1}]}')}`,
      /wrong at turns\[0\]\.say: expected a text, found 1/,
    ],
    [
      'a wrong pattern',
      `script:${file('e.json', '{"turns":[{"when":"(","say":"x"}]}')}`,
      /wrong at turns\[0\]\.when: expected a regular expression/,
    ],
    [
      'a call without a tool',
      `script:${file('f.json', '{"turns":[{"call":[{}]}]}')}`,
      /wrong at turns\[0\]\.call\[0\]\.tool/,
    ],
  ])('%s: exit code 1 and the place that is wrong', async (_, model, why) => {
    const { code, stdout, said } = await asked(['--model', model]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(said).toMatch(/^mcp-dbg: .*\n$/);
    expect(said).toMatch(why);
  });
});

describe('.env of the current folder', () => {
  function folderWith(text: string): string {
    const folder = join(scratch, `env-${Math.abs(text.length * 31 + text.charCodeAt(10))}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.env'), text);
    return folder;
  }

  test.concurrent('gives key, address and model together', async () => {
    await using api = await messagesApi(SAYS_HI, { models: ['small'] });
    const cwd = folderWith(`ANTHROPIC_AUTH_TOKEN=${api.token}\nANTHROPIC_BASE_URL=${api.url}\nMCP_DBG_MODEL=small\n`);
    expect(await asked([], { cwd })).toMatchObject({ code: 0, stdout: 'hi\n' });
  });

  test.concurrent("a stranger's address is never given the person's own key", async () => {
    const requests: unknown[] = [];
    await using stranger = await messagesApi(SAYS_HI, {
      needsKey: false,
      onRequest: (request) => requests.push(request),
    });
    await using own = await messagesApi(SAYS_HI);
    const cwd = folderWith(`ANTHROPIC_BASE_URL=${stranger.url}\n`);
    const env = { ANTHROPIC_AUTH_TOKEN: own.token, ANTHROPIC_BASE_URL: own.url };
    expect(await asked([], { cwd, env })).toMatchObject({ code: 0, stdout: 'hi\n' });
    expect(await asked([], { cwd })).toMatchObject({ code: 3 });
    expect(requests).toEqual([]);
  });

  test.concurrent('no other variable of it is read, and servers get none of it, nor any key', async () => {
    const cwd = folderWith(
      'ANTHROPIC_API_KEY=from-file\nPATH=/nowhere\nNODE_OPTIONS=--no-such-flag\nK=from-file\nMCP_DBG_DEBUG=1\n',
    );
    const out = join(scratch, 'environment.json');
    const server = file(
      'tells.mjs',
      `import { writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(out)}, JSON.stringify(process.env));
       await import(${JSON.stringify(fixture('echo'))});`,
    );
    const env = { ANTHROPIC_AUTH_TOKEN: 'own-token', AWS_SECRET_ACCESS_KEY: 'own-secret' };
    const { code } = await run(['chat', server, '--model', 'manual', '-e', 'GIVEN=yes'], { cwd, env });
    expect(code).toBe(0);
    const given = JSON.parse(readFileSync(out, 'utf8')) as Record<string, string>;
    expect(given['GIVEN']).toBe('yes');
    expect(given['PATH']).toBe(process.env['PATH']);
    for (const name of ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'K', 'NODE_OPTIONS']) {
      expect(given).not.toHaveProperty(name);
    }
  });
});
