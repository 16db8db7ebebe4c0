// The same few tools on @modelcontextprotocol/server 2.x, which speaks both eras.
// argv: `--modern-only` makes it refuse `initialize`.
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { registerTools } from './_sdk-tools.mjs';

const legacy = process.argv.includes('--modern-only') ? 'reject' : 'serve';
serveStdio(
  () => {
    const server = new McpServer({ name: 'sdk-v2', version: '1.0.0' });
    registerTools(server);
    return server;
  },
  { legacy },
);
