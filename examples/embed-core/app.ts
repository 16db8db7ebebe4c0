// An MCP client: it starts a server, lets a model use its tools, and shows every message on the wire.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Session, resolveServer } from '@mcp-dbg/core';
import { parseScript, scriptModel } from '@mcp-dbg/core/script';

const bookmarks = fileURLToPath(new URL('../bookmarks', import.meta.url));

// A script stands in for a language model, so that this runs without a key. To ask a real one instead:
//   import { anthropicModel } from '@mcp-dbg/core/anthropic';
//   const model = anthropicModel({ apiKey: process.env.ANTHROPIC_API_KEY });
await using model = await scriptModel({ script: parseScript(await readFile(`${bookmarks}/demo-script.json`, 'utf8')) });

await using session = await Session.open({
  servers: [resolveServer(`${bookmarks}/server.mjs`)],
  model,
  onEvent: (event) => {
    if (event.type === 'frame') console.error(`${event.frame.from}: ${event.reading.text}`);
  },
});

for await (const event of session.ask('Find my python bookmarks')) {
  if (event.type === 'text') process.stdout.write(event.text);
}
