// The same few tools on @modelcontextprotocol/sdk 1.x behind a URL: a session for each client, answers as events.
// argv: `--json` answers with JSON in place of events, `--port N` names the port.
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { serveHttp } from './_http.mjs';
import { registerTools } from './_sdk-tools.mjs';

const sessions = new Map();

serveHttp(async (request) => {
  const known = sessions.get(request.headers.get('mcp-session-id'));
  if (known !== undefined) return await known.handleRequest(request);
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    enableJsonResponse: process.argv.includes('--json'),
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  const server = new McpServer({ name: 'http-v1', version: '1.0.0' });
  registerTools(server);
  await server.connect(transport);
  return await transport.handleRequest(request);
});
