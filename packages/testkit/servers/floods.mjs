// Floods the client with notifications. argv: [COUNT] sends that many before anything is read; the tool `flood` sends
// `count` of them before its answer. The process never holds more than a pipe's worth that was not taken.
import { once } from 'node:events';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const LINE = `${JSON.stringify({
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'debug', data: 'one of very many notifications' },
})}\n`;

async function flood(count) {
  for (let sent = 0; sent < count; sent += 1) {
    if (!process.stdout.write(LINE)) await once(process.stdout, 'drain');
  }
  return `sent ${count}`;
}

const FLOOD = {
  name: 'flood',
  description: 'Sends `count` notifications, then answers.',
  inputSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 0 } },
    required: ['count'],
  },
  run: ({ count }) => flood(count),
};

await flood(Number(process.argv[2] ?? 0));
serve({ name: 'floods', tools: [...goodTools, FLOOD] });
