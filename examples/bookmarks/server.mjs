#!/usr/bin/env node
// The bookmark manager of server.py for Node 20 or newer, without a dependency: the same tools and the same protocol
// by hand, in both eras. Bookmarks live in memory and are gone when the server ends; server.py keeps them in a file.

const MODERN = '2026-07-28';
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const SERVER = { name: 'bookmarks', version: '1.0.0' };
const META = 'io.modelcontextprotocol/';

// --------------------------------------------------------------- the bookmarks

const bookmarks = [];
const insert = (url, title, tags) => {
  bookmarks.push({ id: bookmarks.length + 1, url, title, tags });
  return bookmarks.at(-1);
};
insert('https://docs.python.org/3/tutorial/', 'The Python Tutorial', ['python', 'tutorial']);
insert('https://www.sqlite.org/lang.html', 'SQL As Understood By SQLite', ['sqlite', 'reference']);
insert('https://modelcontextprotocol.io/', 'Model Context Protocol', ['mcp', 'reference']);

// ------------------------------------------------------------------- the tools

const text = (description) => ({ type: 'string', description });
const list = (items) => ({ type: 'array', items });
const record = (properties) => ({ type: 'object', properties, required: Object.keys(properties) });
const takes = (properties, required = Object.keys(properties)) => ({
  ...record(properties),
  required,
  additionalProperties: false,
});

const TEXT = { type: 'string' };
const NUMBER = { type: 'integer' };
const BOOKMARK = record({ id: NUMBER, url: TEXT, title: TEXT, tags: list(TEXT) });
const READS = { readOnlyHint: true, openWorldHint: false };
const ADDS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};

const TOOLS = [
  {
    name: 'add_bookmark',
    description: 'Save a web page under a title, with tags to find it by.',
    inputSchema: takes(
      {
        url: text('Address of the page, http or https'),
        title: text('Title to save it under'),
        tags: list(text('A tag; letter case does not matter')),
      },
      ['url', 'title'],
    ),
    outputSchema: BOOKMARK,
    annotations: ADDS,
    run: ({ url, title, tags = [] }) => {
      if (!/^https?:\/\//.test(url)) throw new Error(`url must start with http:// or https://, got '${url}'`);
      const cleaned = tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== '');
      return insert(url, title, [...new Set(cleaned)]);
    },
  },
  {
    name: 'search_bookmarks',
    description: 'Find the bookmarks whose title, address or tags contain every word of the query.',
    inputSchema: takes({ query: text('Words to look for; an empty query finds every bookmark') }),
    outputSchema: record({ bookmarks: list(BOOKMARK) }),
    annotations: READS,
    run: ({ query }) => {
      const words = query.toLowerCase().split(/\s+/);
      const searched = ({ title, url, tags }) => [title, url, ...tags].join(' ').toLowerCase();
      return {
        bookmarks: bookmarks.filter((one) => words.every((word) => searched(one).includes(word))),
      };
    },
  },
  {
    name: 'list_bookmarks_by_tag',
    description: 'List the bookmarks that carry a tag.',
    inputSchema: takes({ tag: text('The tag; letter case does not matter') }),
    outputSchema: record({ bookmarks: list(BOOKMARK) }),
    annotations: READS,
    run: ({ tag }) => ({
      bookmarks: bookmarks.filter(({ tags }) => tags.includes(tag.trim().toLowerCase())),
    }),
  },
  {
    name: 'list_tags',
    description: 'List every tag, with how many bookmarks carry it.',
    inputSchema: takes({}),
    outputSchema: record({ tags: list(record({ tag: TEXT, bookmarks: NUMBER })) }),
    annotations: READS,
    run: () => {
      const counts = new Map();
      for (const tag of bookmarks.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
      return { tags: [...counts].toSorted().map(([tag, count]) => ({ tag, bookmarks: count })) };
    },
  },
];

/** What is wrong with the arguments, one sentence each; knows the schema words used above. */
function problems({ properties, required }, args) {
  const missing = required.filter((name) => !Object.hasOwn(args, name)).map((name) => `${name} is missing`);
  const wrong = Object.entries(args).map(([name, value]) => {
    const kind = Object.hasOwn(properties, name) ? properties[name].type : undefined;
    if (kind === undefined) return `${name} is not an argument of this tool`;
    if (kind === 'string' && typeof value !== 'string') return `${name} must be a string`;
    const strings = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return kind === 'array' && !strings ? `${name} must be a list of strings` : undefined;
  });
  return [...missing, ...wrong.filter((one) => one !== undefined)];
}

function callTool({ name, arguments: args = {} }) {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) throw new RpcError(-32602, `Unknown tool: ${name}`);
  if (!isObject(args)) throw new RpcError(-32602, 'arguments must be an object');
  // What the model can put right is a result with isError, not a protocol error: only results reach the model.
  try {
    const wrong = problems(tool.inputSchema, args);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    const result = tool.run(args);
    // The text is for clients that do not know structuredContent.
    return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
  } catch (error) {
    return { content: [{ type: 'text', text: `${name} failed: ${error.message}` }], isError: true };
  }
}

// ---------------------------------------------------------------- the protocol

class RpcError extends Error {
  constructor(code, message, more = {}) {
    super(message);
    this.body = { code, message, ...more };
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const toolList = () => ({ tools: TOOLS.map(({ run: _run, ...listed }) => listed) });

function answerModern(method, params) {
  const version = params._meta[`${META}protocolVersion`];
  if (version !== MODERN) {
    const data = { supported: [MODERN], requested: version };
    throw new RpcError(-32022, `Unsupported protocol version: ${version}`, { data });
  }
  if (!isObject(params._meta[`${META}clientCapabilities`]))
    throw new RpcError(-32602, `_meta lacks ${META}clientCapabilities`);
  // Nothing may be cached for long: whoever learns from this file is about to change it.
  const cacheable = { ttlMs: 0, cacheScope: 'public' };
  const done = { resultType: 'complete', _meta: { [`${META}serverInfo`]: SERVER } };
  if (method === 'server/discover')
    return { supportedVersions: [MODERN], capabilities: { tools: {} }, ...cacheable, ...done };
  if (method === 'tools/list') return { ...toolList(), ...cacheable, ...done };
  if (method === 'tools/call') return { ...callTool(params), ...done };
  throw new RpcError(-32601, `Method not found: ${method}`);
}

// What `initialize` agreed on; modern requests leave no trace here.
let agreed;

function answerLegacy(method, params) {
  if (method === 'initialize') {
    agreed = LEGACY.includes(params.protocolVersion) ? params.protocolVersion : LEGACY[0];
    return { protocolVersion: agreed, capabilities: { tools: {} }, serverInfo: SERVER };
  }
  if (method === 'ping') return {};
  if (agreed === undefined)
    throw new RpcError(-32602, `_meta lacks ${META}protocolVersion, and there was no initialize`);
  if (method === 'tools/list') return toolList();
  if (method === 'tools/call') return callTool(params);
  throw new RpcError(-32601, `Method not found: ${method}`);
}

/** The answer to one message, or undefined where there is none to give. */
function answer(message) {
  // This revision alone allows batches.
  if (Array.isArray(message) && message.length > 0 && agreed === '2025-03-26') {
    const answers = message.map(answer).filter((one) => one !== undefined);
    return answers.length > 0 ? answers : undefined;
  }
  const reply = { jsonrpc: '2.0', id: null };
  try {
    if (!isObject(message) || message.jsonrpc !== '2.0') throw new RpcError(-32600, 'Not a JSON-RPC 2.0 message');
    const { id, method, params = {} } = message;
    // A notification, or an answer to nothing: this server asks no questions.
    if (id === undefined || method === undefined) return undefined;
    if (!(Number.isInteger(id) || typeof id === 'string') || typeof method !== 'string' || !isObject(params))
      throw new RpcError(-32600, 'id must be a string or an integer, method a string, params an object');
    reply.id = id;
    const isModern = typeof params._meta?.[`${META}protocolVersion`] === 'string';
    return {
      ...reply,
      result: isModern ? answerModern(method, params) : answerLegacy(method, params),
    };
  } catch (error) {
    if (error instanceof RpcError) return { ...reply, error: error.body };
    console.error(error);
    return {
      ...reply,
      error: { code: -32603, message: "Internal error; the server's stderr says more" },
    };
  }
}

function answerLine(line) {
  let reply = { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } };
  try {
    const message = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    reply = answer(message);
  } catch {
    // Broken JSON or broken UTF-8: the parse error stands.
  }
  if (reply !== undefined) process.stdout.write(`${JSON.stringify(reply)}\n`);
}

console.error('bookmarks: ready, keeping them in memory');
process.on('SIGTERM', () => process.exit(0));
process.stdout.on('error', () => process.exit(0)); // nobody reads any more
// Lines end at byte 10 alone: node:readline would also split inside JSON strings.
let rest = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
    const line = rest.subarray(0, end);
    rest = rest.subarray(end + 1);
    if (line.toString().trim() !== '') answerLine(line);
  }
});
