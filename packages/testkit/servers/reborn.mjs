// Remembers its starts: argv [FOLDER]. The n-th process writes what it reads into FOLDER/n.jsonl. From the second on there
// is one tool more. While FOLDER/broken exists, it says so on stderr and exits at once; one that starts while
// FOLDER/silent exists reads and never answers.
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { serve, text } from './_mcp.mjs';

const folder = process.argv[2];
if (existsSync(join(folder, 'broken'))) {
  process.stderr.write('SyntaxError: the file is broken\n', () => process.exit(1));
} else {
  const start = readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length + 1;
  const isSilent = existsSync(join(folder, 'silent'));
  const asked = new Map();
  const inputSchema = { type: 'object' };
  appendFileSync(join(folder, `${start}.jsonl`), '');

  serve({
    name: 'reborn',
    listChanged: true,
    more: { logging: {}, resources: { subscribe: true } },
    intercept: (message, { send }) => {
      appendFileSync(join(folder, `${start}.jsonl`), `${JSON.stringify(message)}\n`);
      if (isSilent) return true;
      const { id, method, result } = message;
      if (method === undefined) asked.get(id)?.(result);
      if (method !== 'logging/setLevel' && method !== 'resources/subscribe') return method === undefined;
      send({ id, result: {} });
      return true;
    },
    tools: [
      { name: 'start', description: 'Which start of the server this is.', inputSchema, run: () => String(start) },
      { name: 'pid', description: 'The id of the process.', inputSchema, run: () => String(process.pid) },
      {
        name: 'crash',
        description: 'Exits with status 3 after a stack trace on stderr.',
        inputSchema,
        run: () => {
          process.stderr.write("Traceback (most recent call last):\nKeyError: 'temperature'\n", () => process.exit(3));
          return new Promise(() => {});
        },
      },
      { name: 'never', description: 'Never answers.', inputSchema, run: () => new Promise(() => {}) },
      {
        name: 'half',
        description: 'Writes half a line and dies.',
        inputSchema,
        run: (_args, { write }) => {
          write('{"jsonrpc":"2.0","method":"notifications/mess');
          setImmediate(() => process.exit(0));
          return new Promise(() => {});
        },
      },
      {
        name: 'last',
        description: 'Answers and dies.',
        inputSchema,
        run: (_args, { id, send }) => {
          send({ id, result: text('all of it') });
          setImmediate(() => process.exit(0));
          return new Promise(() => {});
        },
      },
      {
        name: 'unended',
        description: 'Answers without a newline behind it and dies.',
        inputSchema,
        run: (_args, { id, write }) => {
          write(JSON.stringify({ jsonrpc: '2.0', id, result: text('all of it') }));
          setImmediate(() => process.exit(0));
          return new Promise(() => {});
        },
      },
      {
        name: 'flood',
        description:
          'Writes numbered log messages until nobody reads them; FOLDER/flooded holds how many have left it.',
        inputSchema,
        run: () => {
          const write = (n) => {
            const params = { level: 'info', data: { n, padding: 'x'.repeat(2000) } };
            const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })}\n`;
            process.stdout.write(line, () => {
              writeFileSync(join(folder, 'flooded'), String(n));
              write(n + 1);
            });
          };
          write(1);
          return new Promise(() => {});
        },
      },
      {
        name: 'ask',
        description: "Asks the client for its roots with the id 1, and answers with the first one's URI.",
        inputSchema,
        run: async (_args, { send }) => {
          const answered = new Promise((resolve) => asked.set(1, resolve));
          send({ id: 1, method: 'roots/list' });
          return text((await answered).roots[0].uri);
        },
      },
      ...(start === 1 ? [] : [{ name: 'newer', description: 'Not there at first.', inputSchema, run: () => 'newer' }]),
    ],
  });
}
