import { type FaultEvent, type NoteEvent, RelayFrame, type Stage } from '@mcp-dbg/relay';
import { relayTools } from '@mcp-dbg/relay/tools';
import type { Sender } from '@mcp-dbg/wire';
import { describe, expect, it } from 'vitest';

import { IDLE_SERVER } from '../idle-server.ts';

interface Row {
  readonly stage: Stage;
  readonly toServer: string[];
  readonly toClient: string[];
  /** The client's frames that go on record though the server does not get them. */
  readonly shown: string[];
  readonly recorded: (FaultEvent | NoteEvent)[];
  says(from: Sender, what: unknown): void;
}

const textOf = ({ bytes }: RelayFrame): string => new TextDecoder().decode(bytes).trimEnd();

/** The stage between two peers that only remember; the client has said what a client of 2025-03-26 says first. */
function row(): Row {
  const [toServer, toClient, shown]: [string[], string[], string[]] = [[], [], []];
  const recorded: (FaultEvent | NoteEvent)[] = [];
  const stage = relayTools({ capturePath: () => undefined, version: '1.0.0' }).stage({
    toServer: (frame) => void toServer.push(textOf(frame)),
    toClient: (frame) => void toClient.push(textOf(frame)),
    show: (frame) => void shown.push(textOf(frame)),
    record: (event) => void recorded.push(event),
    holds: () => {},
    server: IDLE_SERVER,
  });
  const says = (from: Sender, what: unknown): void => {
    const frame = new RelayFrame(from, new TextEncoder().encode(`${JSON.stringify(what)}\n`));
    if (from === 'client') stage.fromClient(frame);
    else stage.fromServer(frame);
  };
  says('client', request(0, 'initialize', { protocolVersion: '2025-03-26' }));
  says('server', result(0, { protocolVersion: '2025-03-26', capabilities: { tools: {} } }));
  toServer.length = toClient.length = 0;
  return { stage, toServer, toClient, shown, recorded, says };
}

const request = (id: number, method: string, params: object = {}): object => ({ jsonrpc: '2.0', id, method, params });
const result = (id: number, value: object): object => ({ jsonrpc: '2.0', id, result: value });
const call = (id: number, name: string): object => request(id, 'tools/call', { name, arguments: {} });
const OURS = ['mcpdbg_restart', 'mcpdbg_last_errors', 'mcpdbg_stats'].map((name) => expect.objectContaining({ name }));

function parsed(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => JSON.parse(line) as unknown);
}

describe('a batch of 2025-03-26', () => {
  it('of one list is answered by a batch, with our tools in it', () => {
    const { says, toServer, toClient } = row();
    says('client', [request(1, 'tools/list')]);
    expect(parsed(toServer)).toEqual([[request(1, 'tools/list')]]);
    says('server', [result(1, { tools: [{ name: 'echo' }] })]);
    expect(parsed(toClient)).toEqual([[result(1, { tools: [{ name: 'echo' }, ...OURS] })]]);
  });

  it('of several requests has our tools in its list, and every other byte as it was', () => {
    const { says, stage, toClient } = row();
    says('client', [request(1, 'ping'), request(2, 'tools/list')]);
    const answers = '[{"jsonrpc": "2.0","id":1,"result":{ }},{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}]\n';
    stage.fromServer(new RelayFrame('server', new TextEncoder().encode(answers)));
    expect(toClient[0]).toMatch(/^\[\{"jsonrpc": "2\.0","id":1,"result":\{ \}\},\{/);
    expect(parsed(toClient)).toEqual([[result(1, {}), result(2, { tools: OURS })]]);
  });

  it('that only calls tools of ours is answered by a batch, and the server does not get it', async () => {
    const { says, toServer, toClient, shown } = row();
    const batch = [call(1, 'mcpdbg_stats'), call(2, 'mcpdbg_last_errors')];
    says('client', batch);
    await expect.poll(() => toClient.length).toBe(1);
    const answer = (id: number): object => expect.objectContaining({ id, result: expect.anything() as unknown });
    expect(parsed(toClient)).toEqual([[answer(1), answer(2)]]);
    expect(parsed(shown)).toEqual([batch]);
    expect(toServer).toEqual([]);
  });

  it('that calls one of ours among others is parted, and each part answered by a batch', async () => {
    const { says, toServer, toClient, shown, recorded } = row();
    const batch = [request(1, 'ping'), call(2, 'mcpdbg_stats'), call(3, 'echo')];
    says('client', batch);
    expect(parsed(toServer)).toEqual([[request(1, 'ping'), call(3, 'echo')]]);
    await expect.poll(() => toClient.length).toBe(1);
    expect(parsed(toClient)).toMatchObject([[{ id: 2, result: { isError: false } }]]);
    expect(parsed(shown)).toEqual([[call(2, 'mcpdbg_stats')]]);
    expect(recorded.at(-1)).toMatchObject({ text: expect.stringContaining('mcpdbg_stats') as string });
    says('server', [result(1, {}), result(3, { content: [] })]);
    expect(parsed(toClient)[1]).toEqual([result(1, {}), result(3, { content: [] })]);
  });

  it('is answered without what was called off meanwhile', async () => {
    const { says, toClient } = row();
    says('client', [call(1, 'mcpdbg_stats'), call(2, 'mcpdbg_stats')]);
    says('client', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await expect.poll(() => toClient.length).toBe(1);
    expect(parsed(toClient)).toMatchObject([[{ id: 2 }]]);
  });
});
