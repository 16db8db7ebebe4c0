import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { run } from '../driver.ts';
import type { Connected } from '../honest/stock-clients.ts';
import { CLIENTS, captureIn, connectThrough, editedServer, said, told } from './edited-server.ts';

const OURS = ['mcpdbg_restart', 'mcpdbg_last_errors', 'mcpdbg_stats'];

interface Listed {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
  readonly annotations?: { readonly readOnlyHint?: boolean };
}

interface Finding {
  readonly level: string;
  readonly quote: string | null;
}

async function toolsOf({ client }: Connected): Promise<readonly Listed[]> {
  return (await client.listTools())['tools'] as readonly Listed[];
}

describe.each(Object.entries(CLIENTS))('tools of ours, for a stock client of the %s era', (era, connect) => {
  const server = editedServer();
  let client: Connected;

  beforeAll(async () => {
    client = await connectThrough(connect, server.folder, ['--tools', '--log', 'tools.mcpcap']);
  });

  afterAll(async () => await client.client.close());

  it("stand behind the server's own, with schemas and hints", async () => {
    const tools = await toolsOf(client);
    expect(tools.map(({ name }) => name)).toEqual(['version', 'pid', 'slow', 'crash', 'fail', ...OURS]);
    for (const { name, description, inputSchema, outputSchema, annotations } of tools.slice(-OURS.length)) {
      expect(description, `what ${name} says of itself`).toMatch(/MCP server/);
      expect(inputSchema, name).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema, name).toMatchObject({ type: 'object' });
      expect(annotations?.readOnlyHint, name).toBe(name !== 'mcpdbg_restart');
    }
  });

  it('mcpdbg_restart gives a new process, with what the file says now', async () => {
    const oldPid = Number(await said(client, 'pid'));
    server.save(2);
    const outcome = await told(client, 'mcpdbg_restart', { reason: 'new version' });
    const newPid = Number(await said(client, 'pid'));
    expect(outcome).toMatchObject({ restarted: true, oldPid, newPid, why: null });
    expect(newPid).not.toBe(oldPid);
    expect(await said(client, 'version')).toBe('2');
  });

  it('mcpdbg_last_errors tells crashes with their last words, and failed calls', async () => {
    await expect(client.call('crash', {})).rejects.toThrow('exit code 7');
    await said(client, 'fail');
    await client.call('missing', {}).catch(() => {});
    await told(client, 'mcpdbg_stats');
    const { errors, total } = await told(client, 'mcpdbg_last_errors');
    expect(total).toBe(3);
    expect(errors).toMatchObject([
      { kind: 'rpc-error', method: 'tools/call', tool: 'missing', code: -32602 },
      { kind: 'tool-error', tool: 'fail', message: expect.stringContaining('The disk is full') },
      { kind: 'crash', exitCode: 7, signal: null, stderr: ['out of cheese'], inFlight: ['tools/call'] },
    ]);
    expect((await told(client, 'mcpdbg_last_errors', { limit: 1 }))['errors']).toHaveLength(1);
  });

  it('mcpdbg_stats counts processes and calls, and says where the capture is', async () => {
    const stats = await told(client, 'mcpdbg_stats');
    expect(stats).toMatchObject({
      server: {
        pid: Number(await said(client, 'pid')),
        starts: 3,
        crashes: 1,
        protocolVersion: era === 'modern' ? '2026-07-28' : '2025-11-25',
      },
      capture: join(server.folder, 'tools.mcpcap'),
      noise: 0,
    });
    expect(stats['tools']).toContainEqual(expect.objectContaining({ tool: 'fail', calls: 1, failed: 1 }));
  });

  it('refuses arguments that a tool does not have, in a sentence', async () => {
    const refused = await client.call('mcpdbg_last_errors', { limit: 'all' });
    expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('1 to 100') }] });
  });

  it('never reach the server, and break no rule of the protocol', async () => {
    const { path, text } = captureIn(server.folder);
    expect(text).toContain('mcp-dbg answers the call of mcpdbg_restart; the server does not get it');
    const { stdout } = await run(['lint', path, '--json']);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    const isAboutUs = ({ level, quote }: Finding): boolean => level !== 'info' && quote?.includes('mcpdbg_') === true;
    const bad = findings.filter((finding) => finding.level === 'error' || isAboutUs(finding));
    expect(bad).toEqual([]);
  });
});
