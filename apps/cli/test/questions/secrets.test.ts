import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { file, jsonLines, run, scratch } from '../driver.ts';
import { ask } from './asking.ts';
import { call, failure, notice, recorded, result, rpc, said } from './recorded.ts';

/** Each stands in its own place of the capture; none is a real one. */
const SECRETS = {
  argv: 'sk-argv-0123456789abcdef',
  label: 'ghp_label0123456789abcdefghij',
  server: 'ghp_server0123456789abcdefghi',
  note: 'ghp_note0123456789abcdefghijkl',
  stderr: 'stderr-value-91',
  splitStderr: 'ghp_splitStderr0123456789abcde',
  noise: 'ghp_noise0123456789abcdefghijk',
  splitNoise: 'ghp_splitNoise0123456789abcdef',
  param: 'correct horse battery staple',
  deep: 'deep-password-17',
  nested: 'nested"quoted"42',
  url: 'login-of-url-5',
  header: 'QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  result: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJyZXN1bHQifQ.c2lnbmF0dXJl',
  error: 'xoxb-1234567890-errorerror',
  id: 'ghp_id0123456789abcdefghijklmn',
  tool: 'ghp_tool0123456789abcdefghijkl',
  method: 'ghp_method0123456789abcdefghij',
  key: 'ghp_key0123456789abcdefghijklm',
  split: 'ghp_split0123456789abcdefghijk',
  escaped: 'AKIAESCAPED0123456789',
  environment: 'value-of-the-environment-33',
  pem: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  late: 'ghp_late0123456789abcdefghijkl',
  unfinished: 'ghp_unfinished0123456789abcdef',
  fault: 'ghp_fault0123456789abcdefghijk',
  rule: 'ghp_rule0123456789abcdefghijkl',
  dropped: 'dropped-password-71',
  changed: 'ghp_changed0123456789abcdefghi',
} as const;

const ENV = { DEPLOY_SECRET: SECRETS.environment, HOME: '/home/somebody' };

/** A capture that is full of them, in honest messages and in all that goes wrong. */
function planted(): string {
  const path = recorded((to) => {
    const inHalves = (say: (bytes: Uint8Array) => void, text: string): void => {
      say(Buffer.from(text.slice(0, text.indexOf('0123'))));
      say(Buffer.from(text.slice(text.indexOf('0123'))));
    };
    to.event({ kind: 'spawn', pid: 4102 });
    to.note(`resumed with ${SECRETS.note}`);
    to.stderr(`OPENAI_API_KEY=${SECRETS.stderr} starting`);
    inHalves(to.stderr, `using ${SECRETS.splitStderr} now\n`);
    to.stderr(`-----BEGIN PRIVATE KEY-----\n${SECRETS.pem}\n-----END PRIVATE KEY-----`);
    to.server(`logged in with ${SECRETS.noise}`);
    inHalves(to.server, `again with ${SECRETS.splitNoise}\n`);
    to.client(
      rpc(1, 'initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }),
    );
    to.server(result(1, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'w', version: '1' } }));
    to.client(call(2, 'login', { password: SECRETS.param, more: { list: [{ clientSecret: SECRETS.deep }] } }));
    to.server(said(2, JSON.stringify({ ok: true, 'api-key': SECRETS.nested, jwt: SECRETS.result })));
    to.client(
      call(3, 'fetch', {
        url: `https://me:${SECRETS.url}@example.com/a`,
        headers: `Authorization: Basic ${SECRETS.header}`,
      }),
    );
    to.server(failure(3, -32000, `no access with ${SECRETS.error}`));
    to.client(call(SECRETS.id, SECRETS.tool, { [SECRETS.key]: 1 }));
    to.server(said(SECRETS.id, `env says ${SECRETS.environment}`));
    to.server(notice(`x/${SECRETS.method}`, { token: SECRETS.param }));
    to.client(
      `{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"a","arguments":{"x":"\\u0041KIA${SECRETS.escaped.slice(4)}"}}}`,
    );
    inHalves(to.client, `${JSON.stringify(call(5, 'split', { x: SECRETS.split }))}\n`);
    to.client(notice('notifications/cancelled', { requestId: 5 }));
    to.server(said(5, SECRETS.late));
    to.server(said(5, SECRETS.late));
    to.fault('client', 'drop', call(6, 'x', { q: SECRETS.fault }));
    to.event({ kind: 'fault', from: 'client', action: 'drop', rule: `"${SECRETS.rule}" :: drop` });
    const dropped = Buffer.from(`${JSON.stringify(call(7, 'x', { password: SECRETS.dropped }))}\n`);
    to.event({ kind: 'note', text: 'dropped', from: 'client', original: dropped });
    to.client(call(8, 'x'));
    to.fault('server', 'corrupt', said(8, SECRETS.changed));
    to.server(said(8, `~~~~${SECRETS.changed.slice(4)}`), 'mcp-dbg');
    to.connection(SECRETS.server).event({ kind: 'spawn', pid: 4103 });
    to.server(Buffer.from(`{"x":"${SECRETS.unfinished}`));
    to.event({ kind: 'exit', code: 1, signal: null });
  });
  const head = `"label":"${SECRETS.label}","argv":["python3","a.py","--api-key","${SECRETS.argv}"]`;
  writeFileSync(path, readFileSync(path, 'latin1').replace(/"argv":\[[^\]]*\]/, head), 'latin1');
  return path;
}

/** As a secret may stand in JSON, and in a text within JSON. */
function written(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  return [secret, once, JSON.stringify(once).slice(1, -1)];
}

/** What of it is left where a frame was changed. */
const CHANGED = SECRETS.changed.slice(4);

const escapedOnly = (name: string): boolean => name === 'escaped';

const FORMATS = ['json', 'har', 'mermaid', 'md'] as const;

describe('a capture full of secrets', () => {
  const path = planted();

  it.each(FORMATS)('is exported to %s without one of them', async (format) => {
    const { code, stdout, stderr } = await ask(['export', '--to', format, path], { env: ENV });
    expect(code).toBe(0);
    for (const [name, secret] of Object.entries(SECRETS))
      for (const text of written(secret)) expect([name, (stdout + stderr).includes(text)]).toEqual([name, false]);
    expect(stdout + stderr).not.toContain(CHANGED);
    expect(stdout).toContain('redacted');
    expect(stderr).toMatch(/^redacted: \d+ in \d+ places\n/);
  });

  it('has them all with --with-secrets', async () => {
    const { code, stdout, stderr } = await ask(['export', '--to', 'json', '--with-secrets', path], { env: ENV });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [name, secret] of Object.entries(SECRETS))
      if (!escapedOnly(name))
        expect([name, written(secret).some((text) => stdout.includes(text))]).toEqual([name, true]);
  });

  it('is copied by redact without one of them, and every answer still finds its request', async () => {
    const { stdout, stderr } = await ask(['redact', path], { env: ENV });
    for (const [name, secret] of Object.entries(SECRETS))
      for (const text of written(secret)) expect([name, (stdout + stderr).includes(text)]).toEqual([name, false]);
    expect(stdout + stderr).not.toContain(CHANGED);
    const copy = file('copy.mcpcap', stdout);
    const countsIn = async (each: string): Promise<unknown> =>
      countsOf(JSON.parse((await ask(['stats', '--json', each])).stdout));
    expect(await countsIn(copy)).toEqual(await countsIn(path));
    const again = await ask(['redact', copy], { env: ENV });
    expect(again.stderr).toBe('redacted: nothing that looks like a secret was found\n');
    expect(again.stdout).toBe(stdout);
  });

  it('says what was replaced where, and never a secret, as JSON too', async () => {
    const { stderr } = await ask(['redact', path, '--json'], { env: ENV });
    const [told] = jsonLines(stderr) as unknown as readonly [{ readonly redacted: readonly { count: number }[] }];
    const { stderr: text } = await ask(['redact', path], { env: ENV });
    const total = told.redacted.reduce((sum, { count }) => sum + count, 0);
    expect(text).toContain(`redacted: ${total} in ${told.redacted.length} places\n`);
    expect(total).toBeGreaterThanOrEqual(Object.keys(SECRETS).length);
  });

  it('shows equal secrets as equal, in messages and in what is said about them', async () => {
    const { stdout } = await ask(['export', '--to', 'md', path], { env: ENV });
    const { stdout: json } = await ask(['export', '--to', 'json', path], { env: ENV });
    const { stdout: other } = await ask(['export', '--to', 'json', path], { env: ENV });
    const noise = /logged in with («redacted:[^»]*»)/g;
    expect(new Set(Array.from(stdout.matchAll(noise), ([, each]) => each)).size).toBe(1);
    const passwords = Array.from(
      json.matchAll(/"(?:password|token)":"«redacted:[a-z-]+:([0-9a-f]+)»"/g),
      ([, each]) => each,
    );
    expect(passwords).toHaveLength(2);
    expect(new Set(passwords).size).toBe(1);
    // The key is thrown away: what is equal in two exports cannot be told.
    expect(other).not.toContain(passwords[0]);
  });
});

/** All counts but sizes and names, which a placeholder changes. */
function countsOf(stats: unknown): unknown {
  return JSON.parse(
    JSON.stringify(stats, (key, value: unknown) =>
      /bytes|name|server|method|tool|tokens|^id$/i.test(key) && typeof value !== 'object' ? undefined : value,
    ),
  );
}

describe('patterns', () => {
  const path = recorded((to) => {
    to.client(call(1, 'find', { customer: 'cust-1234', order: 'order-77' }));
    to.server(said(1, 'cust-1234 has order-77'));
  });
  const WAYS: readonly (readonly string[])[] = [['redact'], ['export', '--to', 'json']];

  it.each(WAYS)('of --pattern are secrets too (%s)', async (...words) => {
    const { stdout, stderr } = await ask([...words, path, '--pattern', 'cust-[0-9]+', '--pattern', 'order-\\d+']);
    expect(stdout).not.toMatch(/cust-1234|order-77/);
    expect(stderr).toMatch(/^redacted: 4 in \d places\n/);
  });

  it('of mcp-dbg.json are too, and of --config', async () => {
    const cwd = mkdtempSync(join(scratch, 'project-'));
    writeFileSync(join(cwd, 'mcp-dbg.json'), JSON.stringify({ redact: { patterns: ['cust-[0-9]+'] } }));
    expect((await ask(['redact', path], { cwd })).stdout).not.toContain('cust-1234');
    const config = file('other.json', JSON.stringify({ redact: { patterns: ['order-\\d+'] } }));
    const { stdout } = await ask(['export', '--to', 'json', path, '--config', config], { cwd });
    expect(stdout).not.toContain('order-77');
    expect(stdout).toContain('cust-1234');
  });

  it.each(['(', '[z-a]', '\\p{Nothing}', '(?<=a'])('that are none are said (%s)', async (pattern) => {
    for (const words of WAYS) {
      const { code, stdout, stderr } = await ask([...words, path, '--pattern', pattern]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: Cannot use "[^\n]*" as a pattern: [^\n]*\n$/);
    }
  });

  it('that fit nothing replace nothing', async () => {
    const { stdout, stderr } = await ask(['redact', path, '--pattern', 'z*']);
    expect(stdout).toBe(readFileSync(path, 'utf8'));
    expect(stderr).toBe('redacted: nothing that looks like a secret was found\n');
  });

  it.each([
    ['{"redact":{"patterns":"x"}}', /redact\.patterns must be a list of texts/],
    ['{"redact":{"pattern":["x"]}}', /redact\.pattern is not known; did you mean redact\.patterns\?/],
    ['{', /it is not JSON/],
  ])('of a config file that cannot be read are said (%s)', async (text, why) => {
    const cwd = mkdtempSync(join(scratch, 'project-'));
    writeFileSync(join(cwd, 'mcp-dbg.json'), text);
    const { code, stderr } = await run(['redact', path], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp-dbg: Cannot use the config file "[^"]*": [^\n]*\n$/);
    expect(stderr).toMatch(why);
  });
});
