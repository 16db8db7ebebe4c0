// The control for `tools`: the least that a program without an SDK does to list the tools of a server.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(import.meta.url);

/** The script that lists, and the command of the server whose tools are listed. */
export const rawTools = {
  script,
  server: [process.execPath, fileURLToPath(new URL('../packages/testkit/servers/echo.mjs', import.meta.url))],
};

/** Starts a server, opens the protocol and lists its tools; resolves with the process once they are there. */
export async function listTools([file, ...args]) {
  const { PATH, HOME } = process.env;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { PATH, HOME } });
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'raw', version: '1' };
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop();
    for (const message of lines.map((line) => JSON.parse(line))) {
      if (message.id === 1) {
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list' });
      }
      if (message.id === 2) return { child, tools: message.result.tools };
    }
  }
  throw new Error('the server ended before it listed its tools');
}

if (process.argv[1] === script) {
  const { child, tools } = await listTools(process.argv.slice(2));
  child.stdin.end();
  console.log(tools.map(({ name }) => name).join('\n'));
}
