// The same few tools on @modelcontextprotocol/sdk 1.x, which speaks the legacy era only.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { registerTools } from './_sdk-tools.mjs';

const server = new McpServer({ name: 'sdk-v1', version: '1.0.0' });
registerTools(server);
await server.connect(new StdioServerTransport());
