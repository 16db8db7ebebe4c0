import type { Entry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import fc from 'fast-check';
import { type Token, lexer } from 'marked';
import { describe, expect, it } from 'vitest';

import { exportMarkdown } from '../../src/export/export-markdown.ts';
import { HIDDEN, HOSTILE_TEXT } from './hostile.ts';
import { OPEN, type Step, entriesOf, failure, finding, notice, result, rpc, said, textOf } from './made-capture.ts';
import { STORY, STORY_FINDINGS } from './story.ts';

const HERE = { version: '0.1.0', node: 'v20.19.0', platform: 'linux x64' };

async function report(steps: readonly Step[], findings: readonly CaptureFinding[] = []): Promise<string> {
  return await textOf(exportMarkdown(await entriesOf(steps), findings, HERE));
}

/** One part of a report. */
function part(markdown: string, title: string): string {
  const from = markdown.indexOf(`\n## ${title}\n`);
  const to = markdown.indexOf('\n## ', from + 1);
  return markdown.slice(from, to === -1 ? undefined : to);
}

/** Everything in a report that is not code, and the kinds of what is there. */
function* outsideCode(tokens: readonly Token[]): Generator<Token> {
  for (const token of tokens) {
    if (token.type === 'code' || token.type === 'codespan') continue;
    const inner =
      'tokens' in token ? token.tokens : token.type === 'list' ? (token.items as readonly Token[]) : undefined;
    if (inner === undefined || inner.length === 0) yield token;
    else yield* outsideCode(inner);
  }
}

describe('exportMarkdown', () => {
  it('reports a story', async () => {
    await expect(await report(STORY, STORY_FINDINGS)).toMatchFileSnapshot('golden/story.md.txt');
  });

  it('is a report of an empty capture too', async () => {
    const text = await report([]);
    expect(text).toContain('# MCP report of `server`: 0 failures, 0 findings');
    expect(text).toContain('Nothing failed');
    expect(text).toContain('No request was recorded.');
    expect(text).toContain('Nothing was written to stderr.');
  });

  it('tells of a modern connection what its discovery says, and of one that was never opened what its requests say', async () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'inspector', version: '9' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
    };
    const discovered = {
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {}, prompts: {} },
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'notes', version: '3' } },
    };
    const text = await report([
      ...[1, 2].flatMap((conn): readonly Step[] => [
        { t: 'spawn', pid: conn, server: 'n', argv: ['./notes', '-x'], conn },
        said('client', rpc(1, 'server/discover', { _meta: meta }), { conn }),
        said('server', result(1, discovered), { conn }),
      ]),
      said('client', rpc(1, 'tools/list', { _meta: meta }), { conn: 3 }),
      said('client', rpc(2, 'tools/list', { _meta: meta }), { conn: 3 }),
    ]);
    expect(part(text, 'Environment').split('\n').slice(4)).toEqual([
      '- Server `n`: `notes 3`, capabilities `tools, prompts`, protocol `2026-07-28` (modern), offers `2026-07-28`, command `./notes -x`',
      '- Client: `inspector 9`, capabilities `elicitation`',
      '- Server: does not say its name, protocol `2026-07-28` (modern)',
      '- Client: `inspector 9`, capabilities `elicitation`',
      '',
    ]);
  });

  it('is titled by what the servers of a session are called, where the capture has no name of its own', async () => {
    const { argv: _, ...open } = OPEN as Step & { argv: readonly string[] };
    const servers = ['notes', 'weather'].map((server, at): Step => ({ t: 'spawn', pid: 1, server, conn: at + 1 }));
    expect(await report([open as Step, ...servers])).toContain('# MCP report of `notes, weather`: ');
    expect(await report([OPEN, ...servers])).toContain('# MCP report of `weather`: ');
  });

  it('takes the handshake that follows a probe that failed', async () => {
    const text = await report([
      said('client', rpc(1, 'server/discover', {})),
      said('server', failure(1, -32601, 'no')),
      said('client', rpc(2, 'initialize', { protocolVersion: '2025-11-25', clientInfo: { name: 'c', version: '1' } })),
      said('server', result(2, { protocolVersion: '2025-06-18', serverInfo: { name: 's', version: '2' } })),
    ]);
    expect(text).toContain(
      '- Server: `s 2`, protocol `2025-06-18` (legacy)\n- Client: `c 1`, asks for protocol `2025-11-25`\n',
    );
  });

  it('lists what failed with its frame, and not what went well or was asked to end', async () => {
    const text = await report([
      { t: 'spawn', pid: 1, server: 'weather' },
      said('client', rpc(1, 'ping')),
      said('server', result(1)),
      said('client', rpc(2, 'nothing')),
      said('server', failure(2, -32601, 'Method not found')),
      said('client', rpc(3, 'tools/call', { name: 'x' })),
      said('server', result(3, { isError: true, content: [{ type: 'text', text: 'no city' }] })),
      said('client', rpc(4, 'tools/call', { name: 'slow' })),
      said('client', notice('notifications/cancelled', { requestId: 4 })),
      said('server', result(4)),
      said('client', rpc(5, 'tools/call', { name: 'die' })),
      said('stderr', 'KeyError: 3\n    at Pipe.onRead (node:internal/x:1:2)\n\n'),
      { t: 'exit', code: 3, signal: null },
      { t: 'spawn', pid: 2, server: 'weather', conn: 2 },
      said('client', rpc(1, 'hang'), { conn: 2 }),
      { t: 'spawn', pid: 3, conn: 3 },
      { t: 'signal', signal: 'SIGTERM', conn: 3 },
      { t: 'exit', code: null, signal: 'SIGTERM', conn: 3 },
    ]);
    expect(part(text, 'What failed').trim().split('\n').slice(2)).toEqual([
      '1. `nothing` (frame 3, server `weather`) was answered with an error after 1.0 ms: `-32601: Method not found`',
      '2. `tools/call` `x` (frame 5, server `weather`) failed in the tool after 1.0 ms: `no city`',
      '3. `tools/call` `slow` (frame 9, server `weather`) was cancelled, and answered all the same after 2.0 ms',
      '4. `tools/call` `die` (frame 10, server `weather`) had no answer with its id when the server ended',
      '5. The server `weather` exited with code 3; its stderr ends: `KeyError: 3`',
      '6. `hang` (frame 11, server `weather`) has no answer',
    ]);
    expect(text).toContain(': 6 failures, 0 findings');
  });

  it('calls nothing unanswered whose answer came after it was listed', async () => {
    const [asked] = await entriesOf([said('client', rpc(1, 'slow'))]);
    if (asked?.kind !== 'exchange') throw new Error('there is no exchange');
    const late = { ...asked.exchange, n: 2, of: 1, kind: 'response', status: 'ok', from: 'server' } as const;
    const textFor = async (entries: readonly Entry[]): Promise<string> =>
      await textOf(exportMarkdown(entries, [], HERE));
    expect(await textFor([asked])).toContain('1. `slow` (frame 1) has no answer');
    expect(await textFor([asked, { ...asked, exchange: late }])).toContain('Nothing failed');
  });

  it('tells the first and the last of many failures, and counts them', async () => {
    const calls = Array.from({ length: 50 }, (_, id) => [
      said('client', rpc(id, 'x')),
      said('server', failure(id, id, 'no')),
    ]);
    const failed = part(await report(calls.flat()), 'What failed');
    expect(failed).toContain('\n10. ');
    expect(failed).toContain('\n30 more, then:\n\n41. ');
    expect(failed).toContain('\n50. ');
    expect(failed).not.toContain('\n11. ');
  });

  it('groups findings by rule, from the worst level on', async () => {
    const text = await report(STORY, [
      finding({ rule: 'a/mild', level: 'info', n: 4 }),
      ...Array.from({ length: 7 }, (_, at) => finding({ rule: 'b/bad', n: at + 1, quote: '```' })),
      finding({ rule: 'c/whole', message: 'all of it' }),
    ]);
    const findings = part(text, 'Findings');
    expect(findings.match(/^### .*$/gm)).toEqual([
      '### error: `b/bad`, 7 times',
      '### error: `c/whole`',
      '### info: `a/mild`',
    ]);
    expect(findings).toContain('Frames 1, 2, 3, 4, 5 and 2 more: ');
    expect(findings).toContain('The whole connection: `all of it`');
    expect(findings).toContain('\n````text\n```\n````\n');
  });

  it('shows the last ten exchanges, each frame cut, and the last lines of stderr', async () => {
    const calls = Array.from({ length: 30 }, (_, id) => [
      said('client', rpc(id, 'tools/call', { name: `t${id}`, text: 'ü'.repeat(10_000) })),
      said('server', result(id, {})),
      said('stderr', `line ${id}\n`),
    ]);
    const text = await report(calls.flat());
    expect(part(text, 'Last exchanges').match(/`t\d+`/g)).toEqual(
      Array.from({ length: 10 }, (_, at) => `\`t${at + 20}\``),
    );
    expect(part(text, 'Last exchanges')).toContain('The client asked, the first 500 characters of 20.1 kB:');
    expect(part(text, 'stderr')).toContain('The last 20 of 30 lines:\n\n```text\nline 10\n');
    expect(text.length).toBeLessThan(10_000);
  });

  it('shows only noise of a capture that holds nothing else', async () => {
    const text = await report(
      [OPEN, said('server', Buffer.from([0xff, 0x0a])), said('server', 'Hello\n')],
      [finding({ n: 1 })],
    );
    expect(text).toContain('0 failures, 1 finding\n');
    expect(text).toContain('No request was recorded.');
  });

  it('lets nothing that peers write be anything but code, whatever it is', async () => {
    const text = HOSTILE_TEXT;
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('client', 'server', 'stderr'), text).map(([from, what]) => said(from, `${what}\n`)),
      fc.tuple(fc.constantFrom('client', 'server'), text).map(([from, what]) => said(from, rpc(what, what))),
      fc.tuple(text, text).map(([id, tool]) => said('client', rpc(id, 'tools/call', { name: tool }))),
      text.map((what) => said('server', failure(what, 1, what))),
      text.map((what) =>
        said(
          'client',
          rpc(what, 'initialize', { clientInfo: { name: what, version: what }, capabilities: { [what]: {} } }),
        ),
      ),
      text.map((what) => said('server', result(what, { protocolVersion: what, serverInfo: { name: what } }))),
    );
    const made = fc.record({ text, label: text, server: text, steps: fc.array(step, { maxLength: 8 }) });
    await fc.assert(
      fc.asyncProperty(made, async ({ text: what, label, server, steps }) => {
        const all = [
          { ...OPEN, label, argv: [what], at: what } as Step,
          { t: 'spawn', pid: 1, server } as Step,
          ...steps,
        ];
        const found = finding({ message: what, quote: what, fix: what, spec: what, clients: what, rule: what });
        const markdown = await report([...all, { t: 'exit', code: 1, signal: what }], [found]);
        expect(markdown).not.toMatch(HIDDEN);
        for (const token of outsideCode(lexer(markdown))) {
          expect(['text', 'space', 'escape', 'paragraph']).toContain(token.type);
          expect(token.raw).not.toMatch(/[@#<>[\]*_~|\\!`&]|https?:|www\./);
        }
        expect(markdown.match(/^## .*$/gm)?.slice(0, 2)).toEqual(['## Environment', '## What failed']);
      }),
      { numRuns: 50 },
    );
  });
});
