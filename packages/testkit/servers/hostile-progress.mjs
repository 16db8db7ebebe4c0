// Puts hostile text where hostile-text does not: into progress messages, prompts, resources, the names of arguments that
// must be given, and lines of a megabyte, a name of a tool among them. argv: [KILOBYTES of those lines], 1024 unless given.
import { setTimeout as wait } from 'node:timers/promises';
import { all, payloads } from './_hostile.mjs';
import { serve, text } from './_mcp.mjs';

const bytes = Number(process.argv[2] ?? 1024) * 1024;
const long = () => all.repeat(Math.ceil(bytes / all.length));
const key = `key${payloads.color}${payloads.bidi}`;

/** Steps of progress, each told with hostile words and an impossible number. */
const work = async ({ ms = 50 }, { send, progressToken }) => {
  const steps = [
    { progress: 1, total: 4, message: all },
    { progress: -2, total: 4, message: long() },
    { progress: 1e300, total: 1e-300, message: payloads.clear },
    { progress: 3, total: 0, message: [all] },
    { progress: all, total: all, message: all },
  ];
  for (const step of steps) {
    await wait(ms);
    if (progressToken !== undefined) send({ method: 'notifications/progress', params: { progressToken, ...step } });
  }
  await wait(ms);
  return text(`worked ${all}`);
};

serve({
  name: 'hostile-progress',
  tools: [
    { name: 'work', run: work },
    { name: `long_name ${long()}`, description: long(), run: () => 'a long name' },
    { name: 'long_result', run: () => text(long()) },
    { name: 'long_error', run: () => ({ ...text(long()), isError: true }) },
    {
      name: 'long_stderr',
      run: () => new Promise((resolve) => process.stderr.write(`${long()}\n`, () => resolve('complained'))),
    },
    {
      name: 'asks',
      inputSchema: { type: 'object', properties: { [key]: { type: 'string' } }, required: [key] },
      run: (args) => `asked for ${args[key]}`,
    },
  ].map((tool) => ({ inputSchema: { type: 'object' }, description: all, ...tool })),
  intercept({ id, method, params }, { send }) {
    const done = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
    const role = 'assistant';
    if (method === 'prompts/get')
      send({ id, result: { ...done, description: all, messages: [{ role, content: { type: 'text', text: all } }] } });
    else if (method === 'prompts/list') send({ id, result: { ...done, prompts: [{ name: all, description: all }] } });
    else if (method === 'resources/read')
      send({ id, result: { ...done, contents: [{ uri: params.uri, text: all, mimeType: all }] } });
    else return false;
    return true;
  },
});
