// Speaks MCP over stdio for a list of tools, in both eras, for the fixture servers of this folder.
// It knows nothing of the product: a fixture must not share a mistake with what it tests.
import { setImmediate } from 'node:timers';

const MODERN = '2026-07-28';
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const PREFIX = 'io.modelcontextprotocol/';

export const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });

/** A JSON-RPC error to throw: it is answered as `error`; any other thrown value becomes an `isError` result. */
export const rpcError = (code, message, data) => ({
  rpc: { code, message, ...(data === undefined ? {} : { data }) },
});

/**
 * Serves `tools` (each `{name, …as listed…, run(args, context)}`; `run` gives a string or a result, or a promise of
 * one) until stdin ends.
 * - `era`: `both`, `legacy` or `modern`.
 * - `intercept(message, link)`: sees each message first; true means that it dealt with it.
 * - `encode(message)`: the bytes of one message; a line of JSON unless given.
 * - `list(tools, params)`: the body of a `tools/list` result; all of them unless given.
 * - `more`: capabilities beside tools; none unless given.
 * - `onEnd()`: what happens at the end of stdin; everything written goes out and the process ends unless given.
 * Gives the link: `send(message)`, `write(bytes)`, `answer(message)`, `toolsChanged()`, `tools` (to be added to).
 */
export function serve({ name, tools, era = 'both', listChanged = false, intercept, encode, list, onEnd, more = {} }) {
  const line = encode ?? ((message) => `${JSON.stringify(message)}\n`);
  const serverInfo = { name, version: '1.0.0' };
  const capabilities = { tools: listChanged ? { listChanged: true } : {}, ...more };
  const running = new Map();
  const listening = new Set();
  let initialized = false;

  const write = (bytes) => process.stdout.write(bytes);
  const send = (message) => write(line({ jsonrpc: '2.0', ...message }));
  const link = { tools: [...tools], send, write, toolsChanged, answer };

  function toolsChanged() {
    const method = 'notifications/tools/list_changed';
    for (const id of listening) send({ method, params: { _meta: { [`${PREFIX}subscriptionId`]: id } } });
    if (initialized) send({ method });
  }

  function listed(params) {
    const body = list ?? ((all) => ({ tools: all }));
    return body(
      link.tools.map(({ run: _run, ...tool }) => tool),
      params,
    );
  }

  async function call(id, { name: wanted, arguments: args = {}, _meta: meta }) {
    const tool = link.tools.find((candidate) => candidate.name === wanted);
    if (tool === undefined) throw rpcError(-32602, `Unknown tool: ${wanted}`);
    try {
      const { signal } = running.get(id);
      const given = await tool.run(args, {
        ...link,
        id,
        signal,
        progressToken: meta?.progressToken,
      });
      return typeof given === 'string' ? text(given) : given;
    } catch (error) {
      if (error?.rpc !== undefined) throw error;
      return { ...text(error instanceof Error ? error.message : error), isError: true };
    }
  }

  async function legacy({ id, method, params = {} }) {
    if (method === 'initialize') {
      if (era === 'modern') throw unsupported(params.protocolVersion);
      initialized = true;
      const protocolVersion = LEGACY.includes(params.protocolVersion) ? params.protocolVersion : LEGACY[0];
      return { protocolVersion, capabilities, serverInfo };
    }
    if (method === 'ping' && era !== 'modern') return {};
    if (!initialized && era !== 'legacy') throw rpcError(-32602, 'The request carries no protocol version');
    if (method === 'tools/list') return listed(params);
    if (method === 'tools/call') return call(id, params);
    throw rpcError(-32601, 'Method not found');
  }

  async function modern({ id, method, params }) {
    const meta = params._meta;
    if (meta[`${PREFIX}protocolVersion`] !== MODERN) throw unsupported(meta[`${PREFIX}protocolVersion`]);
    if (typeof meta[`${PREFIX}clientCapabilities`] !== 'object')
      throw rpcError(-32602, 'No clientCapabilities in _meta');
    const done = { resultType: 'complete', _meta: { [`${PREFIX}serverInfo`]: serverInfo } };
    const fresh = { ...done, ttlMs: 0, cacheScope: 'private' };
    if (method === 'server/discover') return { supportedVersions: [MODERN], capabilities, ...fresh };
    if (method === 'tools/list') return { ...listed(params), ...fresh };
    if (method === 'tools/call') return { ...(await call(id, params)), ...done };
    if (method === 'subscriptions/listen') return listen(id, params.notifications ?? {});
    throw rpcError(-32601, 'Method not found');
  }

  /** Stays unanswered: the answer would end the subscription. */
  function listen(id, wanted) {
    listening.add(id);
    const notifications = listChanged && wanted.toolsListChanged === true ? { toolsListChanged: true } : {};
    const params = { notifications, _meta: { [`${PREFIX}subscriptionId`]: id } };
    send({ method: 'notifications/subscriptions/acknowledged', params });
    return undefined;
  }

  function cancel(id) {
    listening.delete(id);
    running.get(id)?.abort();
  }

  async function answer(message) {
    const { id, method, params } = message;
    if (method === 'notifications/cancelled') return cancel(params?.requestId);
    if (id === undefined || method === undefined) return;
    const isModern = era !== 'legacy' && typeof params?._meta?.[`${PREFIX}protocolVersion`] === 'string';
    const stop = new AbortController();
    running.set(id, stop);
    const outcome = await (isModern ? modern(message) : legacy(message)).then(
      (result) => result && { result },
      (error) => ({ error: error?.rpc ?? { code: -32603, message: String(error) } }),
    );
    running.delete(id);
    // A cancelled request gets no answer, and an open subscription has none yet.
    if (outcome !== undefined && !stop.signal.aborted) send({ id, ...outcome });
  }

  readLines((raw) => {
    let message;
    try {
      message = JSON.parse(raw);
    } catch {
      return send({ id: null, error: { code: -32700, message: 'Parse error' } });
    }
    if (intercept?.(message, link) !== true) void answer(message);
  }, onEnd);
  return link;
}

const unsupported = (requested) =>
  rpcError(-32022, `Unsupported protocol version: ${requested}`, {
    supported: [MODERN],
    requested,
  });

/** Gives each line of stdin; at its end everything written goes out and the process ends, or `onEnd` decides. */
function readLines(take, onEnd = () => process.stdout.write('', () => process.exit(0))) {
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    rest += chunk;
    // A join and a split on every chunk of a 100 MB line would be quadratic.
    if (!chunk.includes('\n')) return;
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const one of lines) if (one.trim() !== '') take(one);
  });
  // One turn later, so that answers to the last lines are written first.
  process.stdin.on('end', () => setImmediate(onEnd));
  process.stdout.on('error', () => process.exit(0));
}
