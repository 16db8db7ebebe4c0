import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Session, commandServer } from '@mcp-dbg/core';

import { interleaved } from './measure.mjs';
import { ENVIRONMENT, MCP_DBG, NODE, timed } from './peer.mjs';
import { listTools } from './raw-tools.mjs';

/**
 * Milliseconds from SIGKILL of a server until its successor can be used: of one started again by hand, of a session's, and
 * of one behind a proxy that restarts it.
 */
export async function crashToUsable(rounds, server) {
  return await interleaved(rounds, {
    start: async () => await bareRestart(server),
    ours: async () => await restart(server),
    relayed: async () => await relayedRestart(server),
  });
}

async function bareRestart(server) {
  let { child } = await listTools(server);
  const ms = await timed(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    ({ child } = await listTools(server));
  });
  const gone = once(child, 'exit');
  child.stdin.end();
  child.stdout.resume();
  await gone;
  return ms;
}

async function restart(server) {
  let pid = 0;
  let restarted = () => {};
  const session = await Session.open({
    servers: [commandServer(server)],
    onEvent: (event) => {
      if (event.type === 'server-started') ({ pid } = event);
      if (event.type === 'server-restarted') restarted();
    },
  });
  // A server that has answered is started again at once.
  await session.call(session.routes.byName.keys().next().value, {});
  const ms = await timed(async () => {
    const back = new Promise((resolve) => (restarted = resolve));
    process.kill(pid, 'SIGKILL');
    await back;
  });
  await session.close();
  return ms;
}

async function relayedRestart(server) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-restart-'));
  const capture = join(folder, 'run.mcpcap');
  const argv = [MCP_DBG, 'proxy', '--restart', '--log', capture, '--', ...server];
  const child = spawn(NODE, argv, { stdio: ['pipe', 'pipe', 'ignore'], env: ENVIRONMENT });
  const clientInfo = { name: 'raw', version: '1' };
  await ask(child, 1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  await ask(child, 2, 'tools/list', {});
  const [, pid] = /"t":"spawn".*"pid":(\d+)/.exec(readFileSync(capture, 'latin1'));
  let id = 2;
  // A server that has answered is started again at once.
  await ask(child, ++id, 'tools/call', { name: 'echo', arguments: { text: 'hello' } });
  const ms = await timed(async () => {
    process.kill(Number(pid), 'SIGKILL');
    // The first may be one that the dying process took along.
    while ((await ask(child, ++id, 'tools/list', {})).error !== undefined);
  });
  const gone = once(child, 'exit');
  child.stdin.end();
  await gone;
  rmSync(folder, { recursive: true });
  return ms;
}

function ask(child, id, method, params) {
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  return new Promise((resolve) => {
    let text = '';
    const take = (chunk) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop();
      const answer = lines.map((line) => JSON.parse(line)).find((message) => message.id === id);
      if (answer === undefined) return;
      child.stdout.off('data', take);
      resolve(answer);
    };
    child.stdout.on('data', take);
  });
}
