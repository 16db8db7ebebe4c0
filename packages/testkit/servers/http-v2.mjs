// The same few tools on @modelcontextprotocol/server 2.x behind a URL, both eras, without sessions.
// argv: `--modern-only` makes it refuse `initialize`, `--port N` names the port.
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { serveHttp } from './_http.mjs';
import { registerTools } from './_sdk-tools.mjs';

const legacy = process.argv.includes('--modern-only') ? 'reject' : 'stateless';
const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'http-v2', version: '1.0.0' });
    registerTools(server);
    return server;
  },
  { legacy },
);
serveHttp((request) => handler.fetch(request));
