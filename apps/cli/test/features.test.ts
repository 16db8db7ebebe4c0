import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type Ran, jsonLines, run, scratch, script, start } from './driver.ts';

const ERAS = [
  ['legacy, SDK 1', 'features-v1', 'auto'],
  ['legacy, SDK 2', 'features-v2', 'legacy'],
  ['modern', 'features-v2', 'modern'],
] as const;

const NOTE = 'note://notes/first';
const META = 'io.modelcontextprotocol/';
const CAPABILITIES = { elicitation: { form: {}, url: {} }, roots: { listChanged: true }, sampling: {} };
const folder = mkdtempSync(join(scratch, 'features-'));

type Message = Readonly<Record<string, unknown>>;

/** What one side wrote, in order: a read holds whole messages here. */
function written(capture: string, by: 'client' | 'server'): readonly Message[] {
  let from: unknown;
  return jsonLines(readFileSync(capture, 'utf8')).flatMap((line) => {
    if (line['jsonrpc'] !== undefined) return from === by ? [line] : [];
    from = line['from'];
    return [];
  });
}

/** The params of what the client sent with a method. */
function sent(capture: string, method: string): readonly Message[] {
  return written(capture, 'client')
    .filter((message) => message['method'] === method)
    .map(({ params }) => params as Message);
}

/** Uses every feature in one chat whose model is a script, where nobody can be asked. */
async function usingEverything(
  name: (typeof ERAS)[number][1],
  era: string,
  capture: string,
  cwd: string,
): Promise<Ran> {
  const model = script(
    { when: '^go$', call: [{ tool: 'ask_all', args: {} }] },
    { when: 'Say a word', say: 'parrot' },
    { on: 'result', say: 'done' },
  );
  const lines = [
    `/subscribe ${NOTE}`,
    `/call touch uri=${NOTE}`,
    '/call touch uri=note://notes/second',
    '/call add_tool',
    '/call add_prompt',
    '/call add_resource',
    '/call log',
    '/call count steps=2',
    '/complete greet language es',
    'go',
    `/unsubscribe ${NOTE}`,
    '/log-level error',
    '/call log',
    'quit',
  ];
  const argv = ['chat', fixture(name), '--era', era, '--model', model, '--yes', '--root', '.', '-q'];
  return await run([...argv, '--log-level', 'warning', '--capture', capture], { stdin: `${lines.join('\n')}\n`, cwd });
}

describe('every feature of a server is used in a chat', () => {
  test.each(ERAS)('%s', async (_, name, era) => {
    const capture = join(folder, `${name}-${era}.mcpcap`);
    const cwd = mkdtempSync(join(scratch, 'run-'));
    const { code, stdout, stderr } = await usingEverything(name, era, capture, cwd);
    expect(code).toBe(0);
    expect(stderr).not.toContain('changed: note://notes/second');
    for (const said of [/changed: note:\/\/notes\/first/, /its prompts changed/, /its resources changed/])
      expect(stderr).toMatch(said);
    expect(stderr.match(/(warning|error|info) from features: hello/g)).toEqual([
      'warning from features: hello',
      'error from features: hello',
      'error from features: hello',
    ]);
    expect(stderr).toMatch(/added: later_1/);
    expect(stdout).toContain('estonian');
    expect(stderr).toMatch(/asked for an answer: declined, since nobody can be asked now \(Who are you\?\)/);
    expect(stdout).toContain('[called ask_all()');
    const root = { uri: pathToFileURL(cwd).href, name: cwd.split('/').at(-1) };
    const inputs = {
      name: { action: 'decline' },
      said: { role: 'assistant', content: { type: 'text', text: 'parrot' }, stopReason: 'endTurn' },
      roots: { roots: [root] },
    };
    if (era === 'modern') expectModernWire(capture, inputs);
    else expectLegacyWire(capture, inputs);
  });

  test('and lint finds no fault in what the client wrote', async () => {
    // Captures may be put one behind the other.
    const stdin = Buffer.concat(ERAS.map(([, name, era]) => readFileSync(join(folder, `${name}-${era}.mcpcap`))));
    const { stdout, code } = await run(['lint', '-', '--json'], { stdin });
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Message[] };
    expect(
      findings.filter(({ level, from }) => level === 'error' || (level === 'warning' && from === 'client')),
    ).toEqual([]);
    expect(code).toBe(0);
  });
});

function expectLegacyWire(capture: string, inputs: Readonly<Record<string, object>>): void {
  expect(sent(capture, 'initialize')).toMatchObject([{ capabilities: CAPABILITIES }]);
  expect(sent(capture, 'logging/setLevel')).toEqual([{ level: 'warning' }, { level: 'error' }]);
  expect(sent(capture, 'resources/subscribe')).toEqual([{ uri: NOTE }]);
  expect(sent(capture, 'resources/unsubscribe')).toEqual([{ uri: NOTE }]);
  const answers = written(capture, 'client').filter(({ result }) => result !== undefined);
  expect(answers).toHaveLength(3);
  // SDK 2 asks for all of it at once, and what takes a person or a model comes later.
  for (const result of Object.values(inputs))
    expect(answers).toContainEqual(expect.objectContaining({ result: expect.objectContaining(result) }));
}

function expectModernWire(capture: string, inputs: Readonly<Record<string, object>>): void {
  const [discover] = sent(capture, 'server/discover');
  expect(discover).toMatchObject({ _meta: { [`${META}clientCapabilities`]: CAPABILITIES } });
  const calls = sent(capture, 'tools/call');
  for (const { _meta } of calls) expect(_meta).toMatchObject({ [`${META}clientCapabilities`]: CAPABILITIES });
  const levels = calls.map(({ _meta }) => (_meta as Message)[`${META}logLevel`]);
  expect(new Set(levels.slice(0, -1))).toEqual(new Set(['warning']));
  expect(levels.at(-1)).toBe('error');
  expect(sent(capture, 'subscriptions/listen').map(({ notifications }) => notifications)).toEqual([
    { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true },
    { resourceSubscriptions: [NOTE] },
  ]);
  expect(sent(capture, 'notifications/cancelled')).toMatchObject([{ requestId: 'listen:1' }]);
  const rounds = calls.filter(({ name }) => name === 'ask_all');
  expect(rounds).toMatchObject([{ arguments: {} }, { arguments: {}, inputResponses: inputs }]);
  // The modern era has no requests of servers, and so no answers to them.
  expect(written(capture, 'client').filter(({ method }) => method === undefined)).toEqual([]);
}

describe('what a server asks for, where nobody can be asked,', () => {
  test('is declined by a command, which says so', async () => {
    const { code, stdout, stderr } = await run(['call', fixture('features-v1'), 'ask_name']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"name":{"action":"decline"}}\n' });
    expect(stderr).toContain('declined, since nobody can be asked now');
  });

  test('is printed as it came where the person wants to answer by hand', async () => {
    const { code, stdout } = await run(['call', fixture('features-v2'), 'ask_thrice', '--manual-input', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create' } },
      requestState: expect.stringContaining('round 0'),
    });
  });
});

describe('watch', () => {
  test.each(['features-v1', 'features-v2'] as const)(
    'prints what %s tells by itself, and ends by a signal',
    async (name) => {
      const program = start([
        'watch',
        '--resource',
        NOTE,
        '--log-level',
        'info',
        '--json',
        '--',
        process.execPath,
        fixture(name),
        '--alive',
      ]);
      program.child.stdin?.end();
      for (const what of ['"uri":"note://notes/first"', '"list":"tools"', '"list":"prompts"', '"list":"resources"'])
        await program.saw(what);
      program.child.kill('SIGINT');
      const { code, stdout, stderr } = await program.ended;
      expect(code).toBe(130);
      expect(jsonLines(stdout).find(({ list }) => list === 'prompts')).toMatchObject({
        type: 'list-changed',
        server: expect.any(String),
        added: [expect.stringMatching(/^later_/)],
        removed: [],
        changed: [],
        at: expect.any(String),
      });
      expect(stderr).not.toContain('Error');
    },
  );
});
