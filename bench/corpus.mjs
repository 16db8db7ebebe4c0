// A capture of traffic as it occurs, of any size and the same at every run: two servers (one legacy, written with the
// Python SDK; one modern, written with the TypeScript SDK, which puts `result` before `jsonrpc` and `id`), calls with
// answers of all sizes, progress, log messages, lists, errors, noise, stderr, a crash. Beside it the same messages as
// JSON lines, for programs that know no captures.
import { closeSync, openSync, writeSync } from 'node:fs';

const C = '9f3c21d07a1be844';
const MODERN = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'claude-code', version: '2.4.1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, roots: {} },
};
const TOOLS = ['read_file', 'search_code', 'list_directory', 'run_query', 'get_issue', 'write_file', 'fetch_url'];
const WORDS =
  'the server answers a request with text that holds lines, "quoted" words, paths such as src/index.ts, code like `if (a < b) { return [a, b]; }`, numbers 12 3.5 1e9, and ends\tof\nlines – ü'.split(
    ' ',
  );

/** The tool that is looked for: one call in a hundred. */
export const WANTED = 'delete_branch';

/** Writes the two files; gives what is in them, to be compared with what others count. */
export function makeCorpus(capturePath, linesPath, megabytes) {
  const capture = new Sink(capturePath);
  const lines = new Sink(linesPath);
  const story = new Story(capture, lines);
  story.open();
  while (capture.bytes < megabytes * 1e6) story.turn();
  story.close();
  capture.end();
  lines.end();
  return { ...story.counts, bytes: capture.bytes };
}

class Sink {
  bytes = 0;
  fd;
  #parts = [];
  #held = 0;

  constructor(path) {
    this.fd = openSync(path, 'wx', 0o600);
  }

  write(text) {
    const bytes = Buffer.from(text);
    this.#parts.push(bytes);
    this.#held += bytes.length;
    this.bytes += bytes.length;
    if (this.#held > 4e6) this.#flush();
  }

  end() {
    this.#flush();
    closeSync(this.fd);
  }

  #flush() {
    writeSync(this.fd, Buffer.concat(this.#parts));
    this.#parts = [];
    this.#held = 0;
  }
}

class Story {
  counts = { frames: 0, calls: 0, wanted: 0, errors: 0, toolErrors: 0, progress: 0, noise: 0, methods: {} };
  capture;
  lines;
  #seq = 0;
  #us = 0;
  #seed = 1;
  ids = [0, 0];
  texts = [];
  #turns = 0;

  constructor(capture, lines) {
    this.capture = capture;
    this.lines = lines;
    for (let index = 0; index < 64; index++) this.texts.push(this.#text(150 + this.#below(88) ** 2));
  }

  open() {
    this.#record('open', { mcpcap: 1, at: '2026-11-20T20:40:00.000Z', pid: 4101, label: 'bench' });
    this.#start(1, 'files', 4102);
    this.#start(2, 'issues', 4103);
  }

  close() {
    for (const conn of [1, 2]) this.#record('exit', { ...named(conn), code: 0, signal: null });
    this.#record('close', {});
  }

  /** One thing that the client wants, with all that follows. */
  turn() {
    this.#turns++;
    const conn = 1 + (this.#turns % 2);
    const kind = this.#below(100);
    if (this.#turns % 5000 === 0) this.#list(conn);
    else if (this.#turns % 7001 === 0) this.#stray(conn);
    else if (kind < 86) this.#call(conn, kind);
    else if (kind < 94) this.#read(conn);
    else if (conn === 1) this.#exchange(conn, 'ping', undefined, {});
    else
      this.#exchange(
        conn,
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'p' } },
        { completion: { values: ['a', 'b'] } },
      );
  }

  #start(conn, server, pid) {
    this.#record('spawn', { ...named(conn), pid, server });
    if (conn === 1) {
      this.#exchange(
        conn,
        'initialize',
        { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'claude-code', version: '2.4.1' } },
        { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: server, version: '1.9.0' } },
      );
      this.#send(conn, 'client', { method: 'notifications/initialized', jsonrpc: '2.0' });
    } else {
      this.#exchange(
        conn,
        'server/discover',
        {},
        { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
      );
    }
    this.#list(conn);
  }

  #list(conn) {
    const tools = TOOLS.map((name, index) => ({
      name,
      title: name.replace('_', ' '),
      description: this.texts[index],
      inputSchema: {
        type: 'object',
        properties: { path: { type: 'string', description: this.texts[index + 9] } },
        required: ['path'],
      },
    }));
    this.#exchange(conn, 'tools/list', {}, { tools });
  }

  #call(conn, kind) {
    const name = this.#below(100) === 0 ? WANTED : TOOLS[kind % TOOLS.length];
    const args = {
      path: `/home/user/project/src/part-${this.#below(400)}/module.ts`,
      limit: this.#below(1000),
      query: 'where is it',
    };
    const params = { name, arguments: args };
    const token = this.#below(4) === 0 ? this.ids[conn - 1] : undefined;
    if (token !== undefined) params._meta = { progressToken: token };
    const id = this.#ask(conn, 'tools/call', params);
    this.counts.calls++;
    if (name === WANTED) this.counts.wanted++;
    if (token !== undefined) {
      for (let progress = 1; progress <= 2; progress++) {
        this.counts.progress++;
        this.#send(conn, 'server', {
          method: 'notifications/progress',
          params: { progressToken: token, progress, total: 2, message: 'reading' },
          jsonrpc: '2.0',
        });
      }
    }
    if (this.#below(12) === 0)
      this.#send(conn, 'server', {
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', logger: 'server', data: `request ${id} took ${this.#below(900)} ms` },
      });
    if (this.#below(60) === 0) {
      this.counts.errors++;
      this.#answer(conn, id, {
        error: {
          code: -32602,
          message: `Invalid arguments for tool ${name}`,
          data: { issues: [{ path: ['limit'], message: 'too big' }] },
        },
      });
      return;
    }
    const text = this.texts[this.#below(64)];
    const isError = this.#below(25) === 0;
    if (isError) this.counts.toolErrors++;
    const structured =
      this.#below(3) === 0
        ? { structuredContent: { items: this.#items(), total: this.#below(5000), isError: 'no' } }
        : {};
    this.#answer(conn, id, {
      result: { content: [{ type: 'text', text }], ...structured, ...((isError || conn === 1) && { isError }) },
    });
  }

  #read(conn) {
    const uri = `file:///home/user/project/docs/page-${this.#below(90)}.md`;
    this.#exchange(
      conn,
      'resources/read',
      { uri },
      { contents: [{ uri, mimeType: 'text/markdown', text: this.texts[this.#below(64)] }] },
    );
  }

  #stray(conn) {
    this.counts.noise++;
    this.#data(conn, 'server', 'Loading the model, please wait..\n');
    this.#data(conn, 'stderr', 'WARNING:root:cache is cold\n');
  }

  #items() {
    return Array.from({ length: 4 + this.#below(12) }, (_, index) => ({
      id: index,
      name: `item ${this.#below(1e6)}`,
      score: this.#below(1000) / 1000,
      tags: ['a', 'b'],
      open: index % 2 === 0,
    }));
  }

  #exchange(conn, method, params, result) {
    this.#answer(conn, this.#ask(conn, method, params), { result });
  }

  #ask(conn, method, params) {
    const id = this.ids[conn - 1]++;
    this.counts.methods[method] = (this.counts.methods[method] ?? 0) + 1;
    const whole = conn === 1 ? params : { ...params, _meta: { ...MODERN, ...params?._meta } };
    this.#send(conn, 'client', { method, ...(whole && { params: whole }), jsonrpc: '2.0', id });
    return id;
  }

  #answer(conn, id, outcome) {
    this.#send(conn, 'server', conn === 1 ? { jsonrpc: '2.0', id, ...outcome } : { ...outcome, jsonrpc: '2.0', id });
  }

  #send(conn, from, message) {
    this.counts.frames++;
    const line = `${JSON.stringify(message)}\n`;
    this.#data(conn, from, line);
    this.lines.write(line);
  }

  #data(conn, from, text) {
    this.#record('data', { ...named(conn), from, n: Buffer.byteLength(text) });
    this.capture.write(text);
  }

  #record(t, fields) {
    this.#us += 40 + this.#below(900);
    this.capture.write(`${JSON.stringify({ t, c: C, seq: this.#seq++, us: this.#us, ...fields })}\n`);
  }

  #text(length) {
    const words = [];
    for (let size = 0; size < length;) {
      const word = WORDS[this.#below(WORDS.length)];
      words.push(this.#below(14) === 0 ? `${word}\n` : word);
      size += word.length + 1;
    }
    return words.join(' ');
  }

  /** A number of a fixed sequence (a linear congruence), so that every run writes the same. */
  #below(limit) {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * limit);
  }
}

/** The first connection is not named, as the writer does it. */
const named = (conn) => (conn === 1 ? {} : { conn });
