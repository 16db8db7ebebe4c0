import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyStdio } from '@modelcontextprotocol/sdk/client/stdio.js';

type ServerCommand = {
  readonly command: string;
  readonly args: string[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
};

/** The SDK probes a class of its own on a second process, and any other, such as this one, in place. */
class InPlace extends StdioClientTransport {}

/** Connects the stock client of each SDK to a server of its own, runs `use` with both, and closes them. */
export async function withStockClients(
  server: ServerCommand,
  use: (clients: { readonly modern: Client; readonly legacy: LegacyClient }) => Promise<void>,
): Promise<void> {
  const modern = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  const legacy = new LegacyClient({ name: 'test', version: '1.0.0' });
  try {
    await Promise.all([
      modern.connect(new InPlace({ ...server, stderr: 'ignore' })),
      legacy.connect(new LegacyStdio({ ...server, stderr: 'ignore' })),
    ]);
    await use({ modern, legacy });
  } finally {
    await Promise.all([modern.close(), legacy.close()]);
  }
}
