import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { BIN, capturesIn, recorded, scratch } from './driver.ts';

/**
 * A server whose both streams are also kept outside of us, by tee(1): what the server read and wrote. One host may
 * start it twice (the modern SDK probes on a second process), so each start has files of its own.
 */
function witnessed(folder: string, script: string): readonly string[] {
  return ['sh', '-c', `tee "${folder}/$$.client" | node "$0" | tee "${folder}/$$.server"`, script];
}

const CLIENTS = {
  'SDK 1.32': async (command: string, args: string[]) => {
    const client = new LegacyClient({ name: 'stock', version: '1.0.0' });
    await client.connect(new LegacyTransport({ command, args, stderr: 'ignore' }));
    return client;
  },
  'SDK 2.4 (auto)': async (command: string, args: string[]) => {
    const client = new ModernClient({ name: 'stock', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new ModernTransport({ command, args, stderr: 'ignore' }));
    return client;
  },
} as const;

const SERVERS = ['sdk-v1', 'sdk-v2', 'echo', 'legacy-only'] as const;

/** Both streams of one start, every byte visible. */
function asText({ client, server }: { readonly client: Buffer; readonly server: Buffer }): string {
  return `${client.toString('latin1')}\n${server.toString('latin1')}`;
}

describe('a stock client works through the proxy, and the capture reproduces both streams', () => {
  for (const [name, connect] of Object.entries(CLIENTS)) {
    for (const script of SERVERS) {
      it(`${name} with ${script}`, async () => {
        const folder = mkdtempSync(join(scratch, 'client-'));
        const own = ['--log', join(folder, 'run.mcpcap')];
        const client = await connect(process.execPath, [
          BIN,
          'proxy',
          ...own,
          '--',
          ...witnessed(folder, fixture(script)),
        ]);
        const { tools } = await client.listTools();
        expect(tools.map((tool) => tool.name)).toContain('echo');
        const result = await client.callTool({ name: 'echo', arguments: { text: 'grüße, 世界' } });
        expect(JSON.stringify(result.content)).toContain('grüße, 世界');
        await client.close();

        const captures = (await Promise.all(capturesIn(folder).map(recorded))).map(({ streams }) => asText(streams));
        const kept = readdirSync(folder).filter((file) => file.endsWith('.client'));
        const seen = kept.map((file) =>
          asText({
            client: readFileSync(join(folder, file)),
            server: readFileSync(join(folder, file.replace('.client', '.server'))),
          }),
        );
        // A probe on a process of its own is killed while bytes are under way; the session ends in good order.
        const isSession = (streams: string): boolean => streams.includes('tools/call');
        expect(captures.filter(isSession)).toEqual(seen.filter(isSession));
        expect(captures.filter(isSession)).toHaveLength(1);
      });
    }
  }
});
