import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { BIN, environment, run, scratch } from './driver.ts';
import { type HonestServer, honestServers } from './honest/servers.ts';
import { type Connect, type Connected, connectLegacy, connectModern } from './honest/stock-clients.ts';

const SERVERS = honestServers(mkdtempSync(join(scratch, 'kept-')));
const folder = mkdtempSync(join(scratch, 'captures-'));

/** What is worth a warning: known, looked at, and right. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {};

interface Found {
  readonly rule: string;
  readonly level: string;
  readonly n: number;
  readonly from: string;
  readonly message: string;
}

/** What the linter has to say of a capture that is more than info. */
async function faultsIn(capture: string): Promise<readonly string[]> {
  const { stdout, stderr } = await run(['lint', capture, '--json', '--fail-on', 'none']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Found[] };
  return findings
    .filter(({ level }) => level !== 'info')
    .map(({ level, rule, n, message }) => `${level} ${rule}: ${message} (frame ${n})`);
}

async function converse(connected: Connected, server: HonestServer): Promise<void> {
  const { client, isLegacy, call } = connected;
  const can = client.getServerCapabilities() ?? {};
  await client.listTools();
  for (const [tool, args] of server.calls) await call(tool, args).catch(() => undefined);
  await call('no-such-tool', {}).catch(() => undefined);
  if (can['prompts'] !== undefined) await client.listPrompts();
  for (const prompt of server.prompts ?? []) await client.getPrompt(prompt);
  if (server.completion !== undefined) {
    const { prompt, argument, value } = server.completion;
    await client.complete({ ref: { type: 'ref/prompt', name: prompt }, argument: { name: argument, value } });
  }
  if (can['resources'] !== undefined) await readAll(connected, can['resources']);
  if (isLegacy) await client.ping();
  if (isLegacy && can['logging'] !== undefined) await client.setLoggingLevel('info');
  if (server.long !== undefined) await callOff(connected, server.long);
  if (server.changing !== undefined) {
    const changed = connected.toolsChanged();
    await call(...server.changing);
    await changed;
  }
}

async function readAll({ client, isLegacy }: Connected, resources: unknown): Promise<void> {
  await client.listResourceTemplates();
  const [first] = (await client.listResources()).resources;
  await client.readResource({ uri: 'demo://nothing' }).catch(() => undefined);
  if (first === undefined) return;
  await client.readResource({ uri: first.uri });
  if (!isLegacy || !JSON.stringify(resources).includes('"subscribe":true')) return;
  await client.subscribeResource({ uri: first.uri });
  await client.unsubscribeResource({ uri: first.uri });
}

/** Calls a tool to its first progress, and leaves it. */
async function callOff({ call }: Connected, [tool, args]: NonNullable<HonestServer['long']>): Promise<void> {
  const leaving = new AbortController();
  const left = call(tool, args, { signal: leaving.signal, onprogress: () => leaving.abort() });
  await expect(left).rejects.toThrow();
}

const CLIENTS: readonly (readonly [string, Connect])[] = [
  ['SDK 1.x', connectLegacy],
  ['SDK 2.x', connectModern],
];

describe.concurrent.each(Object.entries(SERVERS))('%s is honest:', (name, server) => {
  it.each(CLIENTS)('the client of the %s', async (sdk, connect) => {
    const capture = join(folder, `${name} ${sdk}.mcpcap`);
    const argv = [BIN, 'proxy', '--log', capture, '--', ...server.argv];
    const connected = await connect(process.execPath, argv, environment(server.env));
    try {
      await converse(connected, server);
    } finally {
      await connected.client.close();
    }
    expect(await faultsIn(capture)).toEqual(WARNINGS[`${name} ${sdk}`] ?? []);
  });
});
