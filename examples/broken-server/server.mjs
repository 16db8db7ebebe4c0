#!/usr/bin/env node
// A server with five classic faults, each in a tool of its own, beside one tool that works.
// `server.mjs` has all five; `server.mjs crash stray_log` has only those two.

const MODERN = '2026-07-28';
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const SERVER = { name: 'broken-server', version: '1.0.0' };
const META = 'io.modelcontextprotocol/';

const inputSchema = { type: 'object', properties: {} };
const text = (value) => ({ content: [{ type: 'text', text: value }] });
const asLine = (message) => `${JSON.stringify(message)}\n`;

const HELLO = { name: 'hello', description: 'Works.', inputSchema, run: () => text('Hello.') };

// A fault is in what a tool does (`run`), in how its answer is written (`write`), or in how it is listed.
const FAULTS = [
  {
    // stdout belongs to the protocol. Logs go to stderr: console.error.
    name: 'stray_log',
    description: 'Logs to stdout before it answers.',
    inputSchema,
    run: () => {
      console.log('stray_log: about to answer');
      return text('There was a log line before this answer.');
    },
  },
  {
    // A message is one line. A client that reads line by line sees broken ones only, and waits for an answer for ever.
    name: 'pretty_printed',
    description: 'Answers with JSON over several lines.',
    inputSchema,
    run: () => text('This answer has line breaks.'),
    write: (message) => `${JSON.stringify(message, undefined, 2)}\n`,
  },
  {
    // An answer carries the id of its request with its JSON type: 1 and "1" are two ids.
    name: 'flipped_id',
    description: 'Answers request 1 as "1", and request "1" as 1.',
    inputSchema,
    run: () => text('The id of this answer has the wrong type.'),
    write: (message) => asLine({ ...message, id: flipped(message.id) }),
  },
  {
    // The call is lost with the process; only the exit status and stderr tell why.
    name: 'crash',
    description: 'Ends the process in the middle of the call.',
    inputSchema,
    run: () => {
      console.error(new TypeError("Cannot read properties of undefined (reading 'temperature')").stack);
      process.exit(3);
    },
  },
  {
    // The root of an input schema must have the type "object". Many clients drop the whole list for one such tool.
    name: 'bad_schema',
    description: 'Is listed with an input schema that no client can use.',
    inputSchema: { type: 'string' },
    run: () => text('Nobody should be able to call this.'),
  },
];

const flipped = (id) => (typeof id === 'number' ? String(id) : Number.isNaN(Number(id)) ? id : Number(id));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !FAULTS.some((fault) => fault.name === name));
if (unknown.length > 0) {
  console.error(
    `broken-server: no fault is called ${unknown.join(', ')}; choose from ${FAULTS.map((f) => f.name).join(', ')}`,
  );
  process.exit(1);
}
const TOOLS = [HELLO, ...FAULTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))];

// From here on everything is as it should be; examples/bookmarks explains it.

const fail = (code, message, data) => ({ error: { code, message, ...(data && { data }) } });

function outcome({ method, params = {} }) {
  const meta = params._meta;
  const modern = typeof meta?.[`${META}protocolVersion`] === 'string';
  if (modern && meta[`${META}protocolVersion`] !== MODERN) {
    const data = { supported: [MODERN], requested: meta[`${META}protocolVersion`] };
    return fail(-32022, `Unsupported protocol version: ${data.requested}`, data);
  }
  const done = modern ? { resultType: 'complete', _meta: { [`${META}serverInfo`]: SERVER } } : {};
  const cacheable = modern ? { ttlMs: 0, cacheScope: 'private' } : {};
  const capabilities = { tools: {} };
  if (modern && method === 'server/discover')
    return { result: { supportedVersions: [MODERN], capabilities, ...cacheable, ...done } };
  if (!modern && method === 'initialize') {
    const protocolVersion = LEGACY.includes(params.protocolVersion) ? params.protocolVersion : LEGACY[0];
    return { result: { protocolVersion, capabilities, serverInfo: SERVER } };
  }
  if (!modern && method === 'ping') return { result: {} };
  if (method === 'tools/list') {
    const tools = TOOLS.map(({ run: _run, write: _write, ...listed }) => listed);
    return { result: { tools, ...cacheable, ...done } };
  }
  if (method !== 'tools/call') return fail(-32601, `Method not found: ${method}`);
  const tool = TOOLS.find(({ name }) => name === params.name);
  if (tool === undefined) return fail(-32602, `Unknown tool: ${params.name}`);
  return { result: { ...tool.run(), ...done }, write: tool.write };
}

function answer(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    process.stdout.write(asLine({ jsonrpc: '2.0', id: null, ...fail(-32700, 'Parse error') }));
    return;
  }
  if (message?.id === undefined || message.method === undefined) return;
  const { write = asLine, ...rest } = outcome(message);
  process.stdout.write(write({ jsonrpc: '2.0', id: message.id, ...rest }));
}

console.error(`broken-server: ready, with ${TOOLS.length - 1} of ${FAULTS.length} faults`);
process.on('SIGTERM', () => process.exit(0));
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) if (line.trim() !== '') answer(line);
});
