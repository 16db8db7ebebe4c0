import { call, failure, notice, recorded, result, rpc, said } from './recorded.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
};

const modern = (id: number | string, method: string, params: object = {}): object =>
  rpc(id, method, { ...params, _meta: META });

/** A conversation of the modern era in which everything happens that takes more than a request and its answer. */
export function modernStory(): string {
  return recorded((to) => {
    to.event({ kind: 'spawn', pid: 4102 });
    to.client(modern(0, 'server/discover')); // 1
    to.server(
      result(0, {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        serverInfo: { name: 'w', version: '1' },
      }),
    ); // 2
    to.client(modern('sub', 'subscriptions/listen', { notifications: { toolsListChanged: true } })); // 3
    to.server(
      notice('notifications/subscriptions/acknowledged', {
        notifications: { toolsListChanged: true },
        _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' },
      }),
    ); // 4
    // A call that the server has a question about, and its second round.
    to.client(modern(1, 'tools/call', { name: 'book', arguments: { city: 'Paris' } })); // 5
    to.server(
      result(1, {
        resultType: 'input_required',
        inputRequests: {
          day: {
            method: 'elicitation/create',
            params: { mode: 'form', message: 'Which day?', requestedSchema: { type: 'object', properties: {} } },
          },
        },
        requestState: 'state-1',
      }),
    ); // 6
    to.pass(2000);
    to.client(
      modern(2, 'tools/call', {
        name: 'book',
        arguments: { city: 'Paris' },
        inputResponses: { day: { action: 'accept', content: { day: 'Monday' } } },
        requestState: 'state-1',
      }),
    ); // 7
    to.stderr('booking');
    to.server(result(2, { resultType: 'complete', content: [{ type: 'text', text: 'booked:\n  Monday' }] })); // 8
    // The stream of the subscription.
    to.server(
      notice('notifications/tools/list_changed', { _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' } }),
    ); // 9
    to.client(modern(3, 'tools/list')); // 10
    to.server(
      result(3, {
        resultType: 'complete',
        tools: [{ name: 'book', inputSchema: { type: 'object' } }],
        ttlMs: 0,
        cacheScope: 'session',
      }),
    ); // 11
  });
}

/** A conversation of the legacy era with progress, cancellation, answers that come late and twice. */
export function legacyStory(): string {
  return recorded((to) => {
    to.event({ kind: 'spawn', pid: 4102 });
    to.client(
      rpc(1, 'initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }),
    ); // 1
    to.server(
      result(1, {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {}, logging: {} },
        serverInfo: { name: 'w', version: '1' },
      }),
    ); // 2
    to.client(notice('notifications/initialized')); // 3
    to.client(rpc(2, 'tools/call', { name: 'forecast', arguments: { city: 'Paris' }, _meta: { progressToken: 'p' } })); // 4
    to.server(notice('notifications/progress', { progressToken: 'p', progress: 1, total: 2 })); // 5
    to.stderr('asking the weather service');
    to.server(notice('notifications/message', { level: 'info', data: 'halfway' })); // 6
    to.server(notice('notifications/progress', { progressToken: 'p', progress: 2, total: 2 })); // 7
    to.server(said(2, 'sunny')); // 8
    to.client(call(3, 'slow')); // 9
    to.client(notice('notifications/cancelled', { requestId: 3, reason: 'the user has no patience' })); // 10
    to.server(said(3, 'too late')); // 11
    to.client(call(4, 'boom')); // 12
    to.server(failure(4, -32602, 'no such city')); // 13
    to.server(said(4, 'after all')); // 14
    to.client(rpc(5, 'ping')); // 15
    to.pass(40);
    to.event({ kind: 'exit', code: 1, signal: null });
  });
}
