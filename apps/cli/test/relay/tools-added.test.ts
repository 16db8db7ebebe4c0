import { fixture, waitFor } from '@mcp-dbg/testkit';
import { afterAll, describe, expect, it } from 'vitest';

import { type Running, file, start } from '../driver.ts';
import { captureIn } from './edited-server.ts';

const running: Running[] = [];

afterAll(async () => {
  for (const { child } of running) child.stdin?.end();
  await Promise.all(running.map(({ ended }) => ended));
});

interface Answer {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A proxy with tools of ours, spoken to by hand. */
interface Spoken extends Running {
  /** The answer to a request, as a line; one of the modern era where it has a `_meta`. */
  ask(method: string, params?: object): Promise<string>;
}

const MODERN = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by-hand', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};
const OURS = ['mcpdbg_restart', 'mcpdbg_last_errors', 'mcpdbg_stats'];

function spoken(...command: readonly string[]): Spoken {
  return spokenWith([], ...command);
}

function spokenWith(own: readonly string[], ...command: readonly string[]): Spoken {
  const program = start(['proxy', '--tools', ...own, '--log', 'run.mcpcap', '--', process.execPath, ...command]);
  running.push(program);
  let id = 0;
  return Object.assign(program, {
    ask: async (method: string, params: object = {}) => {
      const mark = `"id":${++id},`;
      program.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      const answers = (): readonly string[] => program.stdout.split('\n').slice(0, -1);
      await program.until(() => answers().some((line) => line.includes(mark)), `the answer of ${method}`);
      return answers().find((line) => line.includes(mark)) ?? '';
    },
  });
}

async function initialize(program: Spoken, protocolVersion = '2025-11-25'): Promise<string> {
  const clientInfo = { name: 'by-hand', version: '1.0.0' };
  const answer = await program.ask('initialize', { protocolVersion, capabilities: {}, clientInfo });
  program.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return answer;
}

function parsed(line: string): Answer {
  return JSON.parse(line) as Answer;
}

function namesIn(line: string): readonly string[] {
  const tools = parsed(line).result?.['tools'] as readonly { readonly name: string }[];
  return tools.map(({ name }) => name);
}

/** A server that answers each method with the text that stands for it, word for word; with an error where there is none. */
function reciting(answers: Readonly<Record<string, string>>): string {
  return file(
    'reciting.mjs',
    `import { createInterface } from 'node:readline';
const answers = ${JSON.stringify(answers)};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const text = answers[params?.cursor ?? params?.name ?? method];
  const rest = text === undefined ? '"error":{"code":-32601,"message":"Method not found"}' : '"result":' + text;
  process.stdout.write('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',' + rest + '}\\n');
}
`,
  );
}

const INITIALIZED =
  '{"protocolVersion":"2025-11-25","serverInfo":{"name":"r","version":"1"},"capabilities":{"prompts":{}}}';
const LIST = '{ "big": 12345678901234567890, "tools" : [{"name":"a","inputSchema":{"type":"object"}} ] , "z":1.0 }';

describe.concurrent('what --tools adds to the answers of a server', () => {
  it('stands on the last page alone', async () => {
    const program = spoken(fixture('paginated'));
    await initialize(program);
    const first = await program.ask('tools/list');
    expect(namesIn(first)).toEqual(['tool_1', 'tool_2', 'tool_3']);
    await program.ask('tools/list', { cursor: parsed(first).result?.['nextCursor'] });
    expect(namesIn(await program.ask('tools/list', { cursor: 'after-6' }))).toEqual(['tool_7', ...OURS]);
  });

  it('leaves every other byte as it was, and keeps the original on record', async () => {
    const program = spoken(reciting({ initialize: INITIALIZED, 'tools/list': LIST }));
    const hello = await initialize(program);
    expect(hello).toContain(INITIALIZED.replace('{"prompts":{}}', '{"prompts":{},"tools":{}}'));
    const list = await program.ask('tools/list');
    const [before = '', after = ''] = LIST.split(' ] ,');
    expect(list).toContain(`"result":${before}`);
    expect(list.endsWith(`] ,${after}}`), 'the end of the list').toBe(true);
    expect(namesIn(list)).toEqual(['a', ...OURS]);
    expect(captureIn(program.cwd).text, 'the original').toContain(JSON.stringify(LIST).slice(1, -1));
  });

  it("leaves an answer the server's own, which a fault can be made of", async () => {
    const program = spokenWith(['--fault', 'method:tools/list :: dup side=res'], fixture('echo'));
    await initialize(program);
    await program.ask('tools/list');
    // What follows comes behind the second copy.
    await program.ask('tools/call', { name: 'echo', arguments: { text: 'hi' } });
    const lists = program.stdout.split('\n').filter((line) => line.includes('"mcpdbg_stats"'));
    expect(lists, 'the list, twice').toHaveLength(2);
  });

  it('is a list of its own where the server has no tools, in both eras', async () => {
    const legacy = spoken(reciting({ initialize: INITIALIZED }));
    await initialize(legacy);
    expect(namesIn(await legacy.ask('tools/list'))).toEqual(OURS);

    const discovered =
      '{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{},"ttlMs":0,"cacheScope":"private"}';
    const modern = spoken(reciting({ 'server/discover': discovered }));
    expect(await modern.ask('server/discover', MODERN)).toContain('"capabilities":{"tools":{}}');
    const list = await modern.ask('tools/list', MODERN);
    expect(namesIn(list)).toEqual(OURS);
    expect(parsed(list).result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  });

  it("gives way to the server's own tool of the same name", async () => {
    const own = '{"tools":[{"name":"mcpdbg_stats","inputSchema":{"type":"object"}}]}';
    const said = '{"content":[{"type":"text","text":"by the server"}]}';
    const program = spoken(reciting({ initialize: INITIALIZED, 'tools/list': own, mcpdbg_stats: said }));
    await initialize(program);
    expect(namesIn(await program.ask('tools/list'))).toEqual(['mcpdbg_stats', 'mcpdbg_restart', 'mcpdbg_last_errors']);
    expect(await program.ask('tools/call', { name: 'mcpdbg_stats', arguments: {} })).toContain('by the server');
    expect(captureIn(program.cwd).text).toContain('The server has a tool mcpdbg_stats of its own; ours is left out');
  });

  it('has what the version of the client can have, and no more', async () => {
    const program = spoken(fixture('echo'));
    await initialize(program, '2024-11-05');
    const { result = {} } = parsed(await program.ask('tools/list'));
    const tool = (result['tools'] as readonly object[]).at(-1);
    expect(Object.keys(tool ?? {})).toEqual(['name', 'description', 'inputSchema']);
    const stats = parsed(await program.ask('tools/call', { name: 'mcpdbg_stats', arguments: {} }));
    expect(Object.keys(stats.result ?? {})).toEqual(['content', 'isError']);
  });
});

describe.concurrent('the tools of ours', () => {
  it('answer while the server is down, and tell noise and why it does not start', async () => {
    const program = spoken(
      file(
        'noisy.mjs',
        `console.log('Loading models'); console.error('no \\u001b[31mmodel\\u001b[0m'); process.exit(4);`,
      ),
    );
    const stats = async (): Promise<Readonly<Record<string, unknown>>> => {
      const { result } = parsed(await program.ask('tools/call', { name: 'mcpdbg_stats', arguments: {} }));
      return result?.['structuredContent'] as Readonly<Record<string, unknown>>;
    };
    expect(await stats()).toMatchObject({ server: { protocolVersion: null, crashes: expect.any(Number) } });
    let errors = '';
    await waitFor(async () => {
      errors = await program.ask('tools/call', { name: 'mcpdbg_last_errors', arguments: {} });
      return errors.includes('crash') && errors.includes('noise');
    }, 'a crash and noise among the errors');
    expect(parsed(errors).result?.['structuredContent']).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ kind: 'noise', message: 'A line on stdout is no MCP message: Loading models' }),
        expect.objectContaining({ kind: 'crash', exitCode: 4, stderr: ['no model'] }),
      ]),
    });
  });

  it('do not answer a call that was called off, and do not tell the server of it', async () => {
    const program = spoken(fixture('echo'));
    await initialize(program);
    program.write(
      '{"jsonrpc":"2.0","id":"off","method":"tools/call","params":{"name":"mcpdbg_restart","arguments":{}}}\n',
    );
    program.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"off"}}\n');
    const again = await program.ask('tools/call', { name: 'mcpdbg_restart', arguments: {} });
    expect(parsed(again).result?.['structuredContent']).toMatchObject({ restarted: true });
    expect(program.stdout).not.toContain('"id":"off"');
    expect(captureIn(program.cwd).text).toContain('The client called off a call of a tool of ours');
  });
});
