// The well-behaved tools that several fixture servers share.
// argv[2], when given, is the file that `counter` appends to: its lines are the side effects that happened.
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const readOnly = { annotations: { readOnlyHint: true } };
const object = (properties = {}, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
// One transparent pixel.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const goodTools = [
  {
    name: 'echo',
    description: 'Gives the text back.',
    inputSchema: object({ text: { type: 'string' } }),
    ...readOnly,
    run: ({ text }) => text,
  },
  {
    name: 'add',
    description: 'Adds two numbers.',
    inputSchema: object({ a: { type: 'number' }, b: { type: 'number' } }),
    ...readOnly,
    run: ({ a, b }) => {
      if (typeof a !== 'number' || typeof b !== 'number') throw new Error('a and b must be numbers');
      return String(a + b);
    },
  },
  {
    name: 'pid',
    description: 'The process id of this server.',
    inputSchema: object(),
    ...readOnly,
    run: () => String(process.pid),
  },
  {
    name: 'slow',
    description: 'Answers after a number of milliseconds.',
    inputSchema: object({ ms: { type: 'integer', minimum: 0 } }),
    run: async ({ ms }, { signal }) => {
      await wait(ms, undefined, { signal }).catch(() => undefined);
      return `waited ${ms} ms`;
    },
  },
  {
    name: 'big',
    description: 'Answers with a text of that many bytes.',
    inputSchema: object({ bytes: { type: 'integer', minimum: 0 } }),
    run: ({ bytes }) => 'x'.repeat(bytes),
  },
  {
    name: 'image',
    description: 'Answers with a text and a small image.',
    inputSchema: object(),
    run: () => ({
      content: [
        { type: 'text', text: 'a pixel' },
        { type: 'image', data: PNG, mimeType: 'image/png' },
      ],
    }),
  },
  {
    name: 'counter',
    description: 'Does something that must not happen twice: appends a line to the file named on the command line.',
    inputSchema: object({ label: { type: 'string' } }, []),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    run: ({ label = 'once' }) => {
      const file = process.argv[2];
      if (file === undefined) throw new Error('No file to count in was named on the command line');
      appendFileSync(file, `${JSON.stringify(label)} ${process.pid}\n`);
      return `counted ${label}`;
    },
  },
];
