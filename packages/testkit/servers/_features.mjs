// Every feature of the protocol once, for the servers on the real SDKs. What the SDKs do in different ways comes in as
// `sdk`: `ResourceTemplate`, `completable`, `of(extra)` (signal, progressToken, notify, log of one request), and
// `asking(rounds, use)`, which makes a callback that asks the client in rounds and gives `use` the answers of the last.
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

const text = (value) => ({ content: [{ type: 'text', text: value }] });
const readOnly = { annotations: { readOnlyHint: true } };
const LANGUAGES = ['english', 'estonian', 'french', 'german'];
const NAMES = ['first', 'fourth', 'second', 'third'];

/** What the servers declare beyond what McpServer finds out by itself. */
export const capabilities = {
  logging: {},
  completions: {},
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
};

/** What is asked of the client, by the key under which its answer comes back. */
const ASKED = {
  name: {
    name: {
      method: 'elicitation/create',
      params: {
        mode: 'form',
        message: 'Who are you?',
        requestedSchema: {
          type: 'object',
          properties: { name: { type: 'string', title: 'Your name' }, age: { type: 'integer', minimum: 0 } },
          required: ['name'],
        },
      },
    },
  },
  url: {
    consent: {
      method: 'elicitation/create',
      params: { mode: 'url', message: 'Sign in to go on.', url: 'https://login.example.com/start?for=tests' },
    },
  },
  sample: {
    said: {
      method: 'sampling/createMessage',
      params: {
        messages: [{ role: 'user', content: { type: 'text', text: 'Say a word.' } }],
        systemPrompt: 'Be short.',
        maxTokens: 50,
      },
    },
  },
  roots: { roots: { method: 'roots/list' } },
};

export function registerFeatures(server, sdk) {
  registerTools(server, sdk);
  registerAsking(server, sdk);
  registerChanging(server);
  const notes = registerResources(server, sdk);
  registerPrompts(server, sdk);
  server.registerTool(
    'touch',
    { description: 'Changes a note and says so.', inputSchema: z.object({ uri: z.string() }) },
    async ({ uri }) => {
      notes.set(uri, `changed ${(notes.get(uri) ?? '').length}`);
      await server.server.sendResourceUpdated({ uri });
      return text(`touched ${uri}`);
    },
  );
}

function registerTools(server, sdk) {
  server.registerTool(
    'add',
    {
      title: 'Addition',
      description: 'Adds two numbers.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ a, b }) => ({ ...text(JSON.stringify({ sum: a + b })), structuredContent: { sum: a + b } }),
  );
  server.registerTool(
    'forget',
    {
      description: 'Would delete every note.',
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    },
    () => text('forgotten'),
  );
  server.registerTool(
    'count',
    {
      description: 'Counts in steps of some milliseconds and tells of its progress; can be cancelled.',
      inputSchema: z.object({ steps: z.number().int(), ms: z.number().int().default(0) }),
      ...readOnly,
    },
    async ({ steps, ms }, extra) => {
      const { signal, progressToken, notify } = sdk.of(extra);
      for (let progress = 1; progress <= steps && !signal.aborted; progress += 1) {
        await wait(ms, undefined, { signal }).catch(() => {});
        const params = { progressToken, progress, total: steps, message: `step ${progress}` };
        if (progressToken !== undefined && !signal.aborted) await notify({ method: 'notifications/progress', params });
      }
      return text(signal.aborted ? 'cancelled' : `counted to ${steps}`);
    },
  );
  server.registerTool(
    'log',
    {
      description: 'Logs one message of each level.',
      inputSchema: z.object({ text: z.string().default('hello') }),
      ...readOnly,
    },
    async ({ text: said }, extra) => {
      for (const level of ['debug', 'info', 'warning', 'error']) await sdk.of(extra).log(level, said, 'features');
      return text('logged');
    },
  );
  server.registerTool('pid', { description: 'The process id of this server.', ...readOnly }, () =>
    text(String(process.pid)),
  );
  server.registerTool('crash', { description: 'Exits with status 3.' }, () => process.exit(3));
}

function registerAsking(server, { asking }) {
  const tell = (answers) => text(JSON.stringify(answers));
  const tool = (name, description, ...rounds) =>
    server.registerTool(name, { description, ...readOnly }, asking(rounds, tell));
  tool('ask_name', 'Asks the person for a name and an age by a form.', ASKED.name);
  tool('ask_url', 'Asks the person to open a URL.', ASKED.url);
  tool('ask_model', "Asks the client's model for a word.", ASKED.sample);
  tool('ask_roots', 'Asks for the folders that the client opened.', ASKED.roots);
  tool('ask_all', 'Asks for the person, the model and the folders at once.', {
    ...ASKED.name,
    ...ASKED.sample,
    ...ASKED.roots,
  });
  tool('ask_thrice', 'Asks the person three times in a row.', ASKED.name, ASKED.name, ASKED.name);
}

/** Tools that add an entry to a list, which tells the client that the list changed; `--alive` does so by itself. */
function registerChanging(server) {
  let n = 0;
  const add = {
    tool: () => {
      server.registerTool(`later_${++n}`, { description: 'Added while the server ran.' }, () => text('later'));
      return `later_${n}`;
    },
    prompt: () => {
      server.registerPrompt(`later_${++n}`, {}, () => ({ messages: [] }));
      return `later_${n}`;
    },
    resource: () => {
      const uri = `note://later/${++n}`;
      server.registerResource(uri, uri, {}, () => ({ contents: [{ uri, text: 'later' }] }));
      return uri;
    },
  };
  for (const [what, run] of Object.entries(add))
    server.registerTool(`add_${what}`, { description: `Adds a ${what}.` }, () => text(`added ${run()}`));
  if (process.argv.includes('--alive')) keepChanging(server, Object.values(add));
}

function keepChanging(server, changes) {
  const steps = [...changes, () => server.server.sendResourceUpdated({ uri: 'note://notes/first' })];
  let step = 0;
  const timer = setInterval(() => {
    if (server.isConnected()) void steps[step++ % steps.length]();
    // Lists that grow for ever would make a test slower the longer it runs.
    if (step === 400) clearInterval(timer);
  }, 50);
  timer.unref();
}

/** Four notes and a template for them. Gives what the changed ones say. */
function registerResources(server, { ResourceTemplate, asking }) {
  const notes = new Map();
  const read = (uri, name) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: notes.get(uri.href) ?? `the ${name} note` }],
  });
  for (const name of NAMES) {
    const config = { title: `The ${name} note`, mimeType: 'text/plain' };
    server.registerResource(name, `note://notes/${name}`, config, (uri) => read(uri, name));
  }
  const complete = { name: (value) => NAMES.filter((name) => name.startsWith(value)) };
  const template = new ResourceTemplate('note://any/{name}', { list: undefined, complete });
  server.registerResource('any note', template, { description: 'A note of any name.' }, (uri, { name }) =>
    read(uri, name),
  );
  server.registerResource(
    'asking',
    'note://asking',
    {},
    asking([ASKED.name], (answers) => ({ contents: [{ uri: 'note://asking', text: JSON.stringify(answers) }] })),
  );
  return notes;
}

function registerPrompts(server, { completable, asking }) {
  const message = (said) => ({ messages: [{ role: 'user', content: { type: 'text', text: said } }] });
  server.registerPrompt(
    'greet',
    {
      title: 'Greeting',
      description: 'Greets somebody in a language.',
      argsSchema: {
        name: z.string(),
        language: completable(z.string(), (value) => LANGUAGES.filter((each) => each.startsWith(value))),
        tone: z.string().optional(),
      },
    },
    ({ name, language, tone }) => message(`Greet ${name} in ${language}${tone === undefined ? '' : `, ${tone}`}.`),
  );
  server.registerPrompt(
    'interview',
    { description: 'Asks the person first.' },
    asking([ASKED.name], (answers) => message(`Interview ${JSON.stringify(answers)}.`)),
  );
}
