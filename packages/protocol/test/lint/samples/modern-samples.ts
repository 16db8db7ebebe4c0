import { META_KEYS } from '@mcp-dbg/protocol';

import type { Samples } from '../sample.ts';
import { answer, ask, client, discovered, lines, meta, opened, server } from '../transcript.ts';

const HINTS = { ttlMs: 0, cacheScope: 'private' };
const SELF = { [META_KEYS.serverInfo]: { name: 'server', version: '1' } };
const NO_TOOLS = { tools: [], ...HINTS };
const LISTED = lines(discovered(), ask(1, 'tools/list'), answer(1, NO_TOOLS));
const DONE = { content: [{ type: 'text', text: 'done' }] };

const without = (key: string): object => Object.fromEntries(Object.entries(meta()).filter(([name]) => name !== key));
const list = (envelope: object): string => client({ id: 1, method: 'tools/list', params: { _meta: envelope } });
const REFUSED = server({ id: 1, error: { code: -32602, message: 'Invalid params' } });

/** Of the rules about what modern messages say of themselves. */
export const modernSamples: Samples = {
  'meta/protocol-version': {
    passes: LISTED,
    fails: lines(discovered(), list(without(META_KEYS.protocolVersion)), REFUSED),
  },
  'meta/client-capabilities': {
    passes: LISTED,
    fails: lines(discovered(), list(without(META_KEYS.clientCapabilities)), REFUSED),
  },
  'meta/client-info': {
    passes: LISTED,
    fails: lines(discovered(), list(without(META_KEYS.clientInfo)), answer(1, NO_TOOLS)),
  },
  'meta/incomplete-served': {
    // A server that speaks both eras takes it for a legacy request.
    passes: lines(opened(), client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools: [] } })),
    fails: lines(discovered(), client({ id: 1, method: 'tools/list' }), answer(1, NO_TOOLS)),
  },
  'meta/object': {
    passes: LISTED,
    fails: lines(
      discovered(),
      ask(1, 'tools/list'),
      server({ id: 1, result: { resultType: 'complete', ...NO_TOOLS, _meta: 'none' } }),
    ),
  },
  'meta/implementation': {
    passes: LISTED,
    fails: lines(
      discovered(),
      ask(1, 'tools/list', {}, { [META_KEYS.clientInfo]: { name: 'client' } }),
      answer(1, NO_TOOLS),
    ),
  },
  'meta/capabilities': {
    passes: LISTED,
    fails: lines(
      discovered(),
      ask(1, 'tools/list', {}, { [META_KEYS.clientCapabilities]: { roots: true } }),
      answer(1, NO_TOOLS),
    ),
  },
  'meta/log-level': {
    passes: lines(discovered(), ask(1, 'tools/list', {}, { [META_KEYS.logLevel]: 'info' }), answer(1, NO_TOOLS)),
    fails: lines(discovered(), ask(1, 'tools/list', {}, { [META_KEYS.logLevel]: 'warn' }), answer(1, NO_TOOLS)),
  },
  'meta/key-name': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list', {}, { 'com.example/key': 1, key_2: 2, 'com.example/': 3 }),
      answer(1, NO_TOOLS),
    ),
    fails: lines(discovered(), ask(1, 'tools/list', {}, { 'com..example/key': 1 }), answer(1, NO_TOOLS)),
  },
  'meta/reserved-prefix': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list', {}, { 'com.example.mcp/key': 1, 'io.modelcontextprotocol/of-an-extension': 2 }),
      answer(1, NO_TOOLS),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list', {}, { 'io.modelcontextprotocol/loglevel': 'debug' }),
      answer(1, NO_TOOLS),
    ),
  },
  'meta/trace-context': {
    passes: lines(
      discovered(),
      ask(
        1,
        'tools/list',
        {},
        {
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01',
          tracestate: 'vendor=opaque, tenant@vendor=1',
          baggage: 'userId=alice;secure, serverNode=DF%2028',
        },
      ),
      answer(1, NO_TOOLS),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list', {}, { traceparent: '0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7' }),
      answer(1, NO_TOOLS),
    ),
  },
  'discover/implemented': {
    passes: LISTED,
    fails: lines(
      ask('probe', 'server/discover'),
      server({ id: 'probe', error: { code: -32601, message: 'Method not found' } }),
      ask(1, 'tools/list'),
      answer(1, NO_TOOLS),
    ),
  },
  'versioning/unsupported': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list', {}, { [META_KEYS.protocolVersion]: '2027-01-01' }),
      server({
        id: 1,
        error: { code: -32022, message: 'no', data: { supported: ['2026-07-28'], requested: '2027-01-01' } },
      }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list', {}, { [META_KEYS.protocolVersion]: '2027-01-01' }),
      answer(1, NO_TOOLS),
    ),
  },
  'versioning/fallback': {
    passes: lines(
      ask('probe', 'server/discover'),
      server({ id: 'probe', error: { code: -32601, message: 'Method not found' } }),
      opened(),
    ),
    fails: lines(discovered(), opened()),
  },
  'modern/server-request': {
    passes: lines(opened(), server({ id: 1, method: 'roots/list' }), client({ id: 1, result: { roots: [] } })),
    fails: lines(LISTED, server({ id: 1, method: 'roots/list' })),
  },
  'modern/client-answer': {
    passes: lines(opened(), server({ id: 1, method: 'ping' }), client({ id: 1, result: {} })),
    fails: lines(LISTED, server({ id: 1, method: 'ping' }), client({ id: 1, result: {} })),
  },
  'results/result-type': {
    passes: LISTED,
    fails: lines(discovered(), ask(1, 'tools/list'), server({ id: 1, result: { ...NO_TOOLS, _meta: SELF } })),
  },
  'results/known-type': {
    passes: LISTED,
    fails: lines(discovered(), ask(1, 'tools/list'), answer(1, { ...NO_TOOLS, resultType: 'partial' })),
  },
  'results/server-info': {
    passes: LISTED,
    fails: lines(
      discovered(),
      ask(1, 'tools/list'),
      server({ id: 1, result: { ...NO_TOOLS, resultType: 'complete' } }),
    ),
  },
  'caching/hints': {
    passes: LISTED,
    fails: lines(discovered(), ask(1, 'tools/list'), answer(1, { tools: [], ttlMs: -1 })),
  },
  'caching/no-hints': {
    passes: lines(
      discovered(),
      ask(1, 'resources/read', { uri: 'a:b' }),
      answer(1, { resultType: 'input_required', requestState: 's' }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'resources/read', { uri: 'a:b' }),
      answer(1, { resultType: 'input_required', requestState: 's', ...HINTS }),
    ),
  },
  'caching/one-scope': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { ...NO_TOOLS, nextCursor: 'b' }),
      ask(2, 'tools/list', { cursor: 'b' }),
      answer(2, { ...NO_TOOLS, ttlMs: 500 }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { ...NO_TOOLS, nextCursor: 'b' }),
      ask(2, 'tools/list', { cursor: 'b' }),
      answer(2, { ...NO_TOOLS, cacheScope: 'public' }),
    ),
  },
  'tools/stable-list': {
    passes: lines(
      discovered(),
      ask(9, 'subscriptions/listen', { notifications: { toolsListChanged: true } }),
      server({
        method: 'notifications/subscriptions/acknowledged',
        params: { notifications: { toolsListChanged: true }, _meta: { [META_KEYS.subscriptionId]: 9 } },
      }),
      ask(1, 'tools/list'),
      answer(1, NO_TOOLS),
      server({ method: 'notifications/tools/list_changed', params: { _meta: { [META_KEYS.subscriptionId]: 9 } } }),
      ask(2, 'tools/list'),
      answer(2, { ...NO_TOOLS, tools: [{ name: 'later', inputSchema: { type: 'object' } }] }),
    ),
    fails: lines(
      LISTED,
      ask(2, 'tools/list'),
      answer(2, { ...NO_TOOLS, tools: [{ name: 'later', inputSchema: { type: 'object' } }] }),
    ),
  },
  'tools/x-mcp-header': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { ...NO_TOOLS, tools: [withHeader('Region', 'string')] }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { ...NO_TOOLS, tools: [withHeader('Region', 'number')] }),
    ),
  },
  'extensions/identifier': {
    passes: LISTED,
    fails: lines(discovered({ extensions: { tasks: {} } }), ask(1, 'tools/list'), answer(1, NO_TOOLS)),
  },
  'extensions/declared': {
    passes: lines(discovered(), ask(1, 'tools/call', { name: 'a' }), answer(1, DONE)),
    fails: lines(
      discovered(),
      ask(1, 'tasks/get', { taskId: 't' }),
      server({ id: 1, error: { code: -32021, message: 'no', data: { requiredCapabilities: {} } } }),
    ),
  },
};

function withHeader(header: string, type: string): object {
  return { name: 'query', inputSchema: { type: 'object', properties: { region: { type, 'x-mcp-header': header } } } };
}
