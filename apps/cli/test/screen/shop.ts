import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';

import { scratch, script } from '../driver.ts';
import { type Screen, type ScreenOptions, onScreen } from './tmux.ts';

/** A server with something to show for every part of the screen. `work` waits at 3 of 4 until there is a file `go`. */
const SHOP = `import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
const readOnly = { annotations: { readOnlyHint: true } };
const object = (properties = {}, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
serve({ name: 'shop', tools: [
  { name: 'order', description: 'Orders something.', run: (args) => JSON.stringify(args), inputSchema: object({
      item: { type: 'string', description: 'What to order', minLength: 2 },
      count: { type: 'integer', minimum: 1, maximum: 9 },
      size: { enum: ['small', 'medium', 'large'] },
      gift: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
      note: { type: 'string' } }, ['item', 'count', 'size', 'gift', 'tags']) },
  { name: 'nest', description: 'Takes an object.', run: (args) => JSON.stringify(args), inputSchema: object({
      where: object({ x: { type: 'number' } }) }) },
  { name: 'report', description: 'A long report.', inputSchema: object(), ...readOnly,
    run: () => Array.from({ length: 30 }, (_, n) => 'line ' + (n + 1) + ' of the report').join('\\n') },
  { name: 'picture', description: 'A picture.', inputSchema: object(), ...readOnly,
    run: () => ({ content: [{ type: 'text', text: 'a pixel' }, { type: 'image', data: PNG, mimeType: 'image/png' }] }) },
  { name: 'work', description: 'Works for a while.', inputSchema: object(), ...readOnly,
    run: async (_, { send, progressToken }) => {
      const params = { progressToken, progress: 3, total: 4, message: 'reading 日本語' };
      send({ method: 'notifications/progress', params });
      while (!existsSync('go')) await wait(5);
      return 'worked';
    } },
  { name: 'noise', description: 'Prints where it must not.', inputSchema: object(), ...readOnly,
    run: () => { process.stdout.write('Loading models...\\n'); return 'loud'; } },
  { name: 'crash', description: 'Crashes.', inputSchema: object(),
    run: () => { process.stderr.write('KeyError: temperature\\n', () => process.exit(3)); return new Promise(() => {}); } },
] });
`;

/** Markdown of every kind, as a model would write it. */
const MARKDOWN = `# The plan

Some **bold** words, \`code\`, and a [link](https://example.org/a).

- a short item
- a long item that does not fit into forty columns, with an emoji 🎉 and 日本語
  1. nested

\`\`\`js
const answer = 42; // and a comment that is longer than forty columns
\`\`\`

| name | what it is | count |
|---|---|---:|
| apple | a fruit that grows on trees | 3 |
| 寿司 | fish and rice 🍣 | 12 |

> Quoted words.
`;

const MODEL = [
  { when: '^plan', say: MARKDOWN },
  { when: '^report', on: 'user', call: [{ tool: 'report' }, { tool: 'picture' }] },
  { when: '^work', on: 'user', call: [{ tool: 'work' }] },
  { when: '^noise', on: 'user', call: [{ tool: 'noise' }] },
  { when: '^crash', on: 'user', call: [{ tool: 'crash' }] },
  { on: 'result', say: 'That is done.' },
  { say: 'I heard {{query}}, yes.' },
].map((turn) => ({ ...turn, repeat: true }));

/** Starts a chat with the shop, whose command has the same length everywhere, and waits for its prompt. */
export async function shopping(options: ScreenOptions = {}, ...words: readonly string[]): Promise<Screen> {
  const cwd = options.cwd ?? mkdtempSync(join(scratch, 'shop-'));
  writeFileSync(join(cwd, 'shop.mjs'), SHOP);
  const argv = ['chat', '--yes', '--model', script(...MODEL), ...words, '--', 'node', 'shop.mjs'];
  const screen = await onScreen(argv, { ...options, cwd, env: { NO_COLOR: '1', ...options.env } });
  await screen.prompts('', 'a prompt when the shop is connected');
  return screen;
}
