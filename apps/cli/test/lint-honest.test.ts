import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { example, fixture, pythonWithMcp, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { BIN, environment, run, scratch, script } from './driver.ts';
import { type HonestServer, honestServers, pythonServer } from './honest/servers.ts';
import { type Connect, type Connected, connectInPlace, connectLegacy, connectModern } from './honest/stock-clients.ts';

const SERVERS = honestServers(mkdtempSync(join(scratch, 'kept-')));
const folder = mkdtempSync(join(scratch, 'captures-'));

/** Breaches of the client that are made on purpose, to see how servers refuse them. */
const ON_PURPOSE: readonly string[] = ['tools/arguments', 'tools/unknown-tool'];

const PYTHON = 'Python SDK';

/** What is known, and rightly worth a warning, by its rule: of which servers. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  // The SDK 1.x and the Python SDK answer calls of unknown tools with isError.
  'tools/unknown-tool-error': ['everything', 'filesystem', 'memory', 'sdk-v1', 'sequential-thinking', PYTHON],
  // It ends an open subscription with -32000.
  'json-rpc/implementation-code': [PYTHON],
};

interface Report {
  readonly frames: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly level: string;
    readonly n: number;
    readonly message: string;
  }[];
}

async function lint(captures: readonly string[]): Promise<Report> {
  // Captures may be put one behind the other.
  const stdin = Buffer.concat(captures.map((capture) => readFileSync(capture)));
  const { stdout, stderr, code } = await run(['lint', '-', '--json'], { stdin });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return JSON.parse(stdout) as Report;
}

/** What is worse than info, without what was done on purpose. */
function faultsOf({ findings }: Report): readonly string[] {
  return findings
    .filter(({ level, rule }) => level !== 'info' && !ON_PURPOSE.includes(rule))
    .map(({ level, rule, n, message }) => `${level} ${rule} #${n}: ${message}`);
}

/** Does all that server and client can do with each other. */
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
  if (can['resources'] !== undefined) await readResources(connected, can['resources']);
  if (isLegacy) await client.ping();
  if (isLegacy && can['logging'] !== undefined) await client.setLoggingLevel('info');
  if (server.long !== undefined) await callOff(connected, server.long);
  if (server.changing !== undefined) {
    const changed = connected.toolsChanged();
    await call(...server.changing);
    await changed;
  }
}

async function readResources({ client, isLegacy }: Connected, announced: unknown): Promise<void> {
  await client.listResourceTemplates();
  const [first] = (await client.listResources()).resources;
  await client.readResource({ uri: 'demo://nothing' }).catch(() => undefined);
  if (first === undefined) return;
  await client.readResource({ uri: first.uri });
  if (!isLegacy || !JSON.stringify(announced).includes('"subscribe":true')) return;
  await client.subscribeResource({ uri: first.uri });
  await client.unsubscribeResource({ uri: first.uri });
}

/** Calls a tool, and leaves it when it tells of its progress. */
async function callOff({ call }: Connected, [tool, args]: NonNullable<HonestServer['long']>): Promise<void> {
  const leaving = new AbortController();
  const left = call(tool, args, { signal: leaving.signal, onprogress: () => leaving.abort() });
  await expect(left).rejects.toThrow(/abort/i);
}

/**
 * Records what a stock client and a server say to each other; gives the captures: a probe may have one of its own. The
 * client starts a shell, which passes no signal on: on a busy machine an honest server may take longer to end than the
 * 2 s after which clients send one.
 */
async function recorded(name: string, server: HonestServer, connect: Connect): Promise<string[]> {
  const own = mkdtempSync(join(folder, 'run-'));
  const proxy = [process.execPath, BIN, 'proxy', '--log', join(own, 'capture.mcpcap'), '--label', name, '--'];
  const argv = ['-c', '"$@"; exit $?', 'sh', ...proxy, ...server.argv];
  const connected = await connect('sh', argv, environment(server.env));
  try {
    expect(connected.isLegacy).toBe(connect === connectLegacy || server.era === 'legacy');
    await converse(connected, server);
  } finally {
    await connected.client.close();
  }
  const captures = readdirSync(own).map((file) => join(own, file));
  const isWhole = (capture: string): boolean => readFileSync(capture, 'latin1').includes('\n{"t":"close"');
  await waitFor(() => captures.every(isWhole), 'the end of the proxies');
  return captures;
}

async function expectNoFault(name: string, server: HonestServer): Promise<void> {
  // Where the client probes matters to proxies, not to servers, so a few show it.
  const clients = [connectLegacy, connectInPlace, ...(name.startsWith('sdk-') ? [connectModern] : [])];
  const captures = await Promise.all(clients.map((connect) => recorded(name, server, connect)));
  expect(captures.map((each) => each.length)).toEqual(clients.map((connect) => (connect === connectModern ? 2 : 1)));
  const report = await lint(captures.flat());
  expect(report.frames).toBeGreaterThan(20);
  const known = Object.keys(KNOWN).filter((rule) => KNOWN[rule]?.includes(name));
  const isKnown = (fault: string): boolean => known.some((rule) => fault.startsWith(`warning ${rule} `));
  expect(faultsOf(report).filter((fault) => !isKnown(fault))).toEqual([]);
  for (const rule of known) expect(faultsOf(report).join('\n')).toContain(rule);
}

describe.concurrent('what the stock clients of both SDKs and an honest server say has no error:', () => {
  it.each(Object.entries(SERVERS))('%s', expectNoFault);

  it('a server on the Python SDK', async ({ skip }) => {
    const found = await pythonWithMcp();
    if ('missing' in found) return skip(found.missing);
    return expectNoFault(PYTHON, pythonServer(found.python));
    // The first run makes a virtual environment and fills it from the registry.
  }, 200_000);
});

describe('what our own client says has no error and no warning:', () => {
  const calls = [
    { tool: 'sdk-v2__echo', args: { text: 'hi' } },
    { tool: 'sdk-v2__fail', args: {} },
    { tool: 'progress__work', args: { steps: 3 } },
    { tool: 'list-changes__add_tool', args: { name: 'later' } },
    { tool: 'bookmarks__list_tags', args: {} },
  ];
  const model = script({ call: calls }, { call: [{ tool: 'list-changes__later', args: {} }] }, { say: 'Done.' });
  const BOTH = [...(['sdk-v2', 'progress', 'list-changes'] as const).map(fixture), example('bookmarks-node')];
  const OFFICIAL = ['everything', 'memory', 'sequential-thinking'].map((name) => SERVERS[name]?.argv[1] ?? '');

  it.each([
    ['auto', [...BOTH, ...OFFICIAL, fixture('paginated'), fixture('tool-errors')]],
    ['legacy', BOTH],
  ])('chat with many servers in the era %s', async (era, servers) => {
    const capture = join(folder, `chat-${era}.mcpcap`);
    const options = ['--era', era, '--model', model, '--yes', '--prompt', 'Go', '--capture', capture];
    const { code, stdout } = await run(['chat', '--wait', '60', ...servers, ...options]);
    expect(code).toBe(0);
    for (const { tool } of calls) expect(stdout).toContain(`[called ${tool}`);
    expect(faultsOf(await lint([capture]))).toEqual([]);
  });

  it.each(['modern', 'legacy'])('a call and a list of tools in the %s era', async (era) => {
    const captures = [join(folder, `call-${era}.mcpcap`), join(folder, `tools-${era}.mcpcap`)] as const;
    const options = ['--era', era, '--capture'];
    const call = ['call', fixture('sdk-v2'), 'echo', 'text=hi', ...options, captures[0]];
    const ran = await Promise.all(
      [call, ['tools', fixture('sdk-v2'), ...options, captures[1]]].map((argv) => run(argv)),
    );
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
    expect(faultsOf(await lint(captures))).toEqual([]);
  });
});
