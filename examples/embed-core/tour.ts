// The parts of docs/guides/reuse-core.md. It runs: what the guide shows is what is checked here.
import { fileURLToPath } from 'node:url';

import {
  CoreError,
  type JsonObject,
  type Model,
  type RoutedTool,
  type ServerEvent,
  Session,
  commandServer,
  describeEnd,
  resolveServer,
} from '@mcp-dbg/core';

const examples = fileURLToPath(new URL('..', import.meta.url));
const bookmarks = `${examples}/bookmarks/server.mjs`;
const broken = `${examples}/broken-server/server.mjs`;

// #region events
function tell(event: ServerEvent): void {
  const say = (text: string): void => console.error(`${event.server}: ${text}`);
  if (event.type === 'server-ready') say(`${event.name} ${event.version}, ${event.era}, ${event.tools.length} tools`);
  if (event.type === 'frame' && event.reading.kind === 'not-json') say(`noise on stdout: ${event.reading.text}`);
  if (event.type === 'server-ended' && !event.asked) say(`${describeEnd(event)}; lost: ${event.inFlight.join(', ')}`);
  if (event.type === 'server-restarted') say(`back, pid ${event.pid}`);
}
// #endregion

// #region approve
async function approve({ server, tool }: RoutedTool, args: JsonObject): Promise<boolean> {
  console.error(`${server.name} wants to run ${tool.name} ${JSON.stringify(args)}`);
  return tool.name !== 'add_bookmark';
}
// #endregion

// #region model
const parrot: Model = {
  name: 'parrot',
  async *reply({ turns }) {
    const last = turns.at(-1);
    const text = last?.role === 'user' ? last.text : 'Thank you.';
    yield text;
    return { text, calls: [], stop: 'end_turn', vendor: undefined };
  },
};
// #endregion

// #region call
await using session = await Session.open({
  servers: [
    { ...resolveServer(bookmarks), name: 'bookmarks' },
    { ...commandServer([process.execPath, broken, 'stray_log', 'crash']), name: 'broken' },
  ],
  model: parrot,
  onEvent: tell,
  approve,
});

const found = await session.call('search_bookmarks', { query: 'tutorial' });
if (found.kind === 'result') console.log(found.answer.text);
// #endregion

// #region failures
const wrong = await session.call('search_bookmarks', { query: 7 });
if (wrong.kind === 'failed') console.log(`${wrong.reason}: ${wrong.message}`);

const refused = await session.call('add_bookmark', { url: 'https://python.org', title: 'Python' });
if (refused.kind === 'failed') console.log(`${refused.reason}: ${refused.message}`);

const lost = await session.call('crash', {});
if (lost.kind === 'failed') console.log(`${lost.reason}: ${lost.message}`);

// The server is started again; this waits for it.
const again = await session.call('stray_log', {});
console.log(again.kind);

try {
  await session.call('no_such_tool', {});
} catch (error) {
  if (error instanceof CoreError) console.log(error.code);
}
// #endregion

// #region many
const spare = await session.add({ ...commandServer([process.execPath, broken]), name: 'spare' });
console.log(spare.name, spare.state);
await session.remove('broken');
console.log(session.servers.map(({ name }) => name).join(', '));
// #endregion

// #region ask
for await (const event of session.ask('Hello?')) {
  if (event.type === 'text') console.log(event.text);
  if (event.type === 'stopped') console.log(event.reason);
}
// #endregion
