import { once } from 'node:events';

import { Session, commandServer } from '@mcp-dbg/core';

import { interleaved } from './measure.mjs';
import { timed } from './peer.mjs';
import { listTools, rawTools } from './raw-tools.mjs';

/** Milliseconds from SIGKILL of a server until its successor can be used: of a session's, and of one started again by hand. */
export async function crashToUsable(rounds) {
  return await interleaved(rounds, { start: bareRestart, ours: restart });
}

async function bareRestart() {
  let { child } = await listTools(rawTools.server);
  const ms = await timed(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    ({ child } = await listTools(rawTools.server));
  });
  const gone = once(child, 'exit');
  child.stdin.end();
  child.stdout.resume();
  await gone;
  return ms;
}

async function restart() {
  let pid = 0;
  let restarted = () => {};
  const session = await Session.open({
    servers: [commandServer(rawTools.server)],
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
