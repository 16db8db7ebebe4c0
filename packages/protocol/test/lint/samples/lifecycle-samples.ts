import type { Samples } from '../sample.ts';
import { ask, client, discovered, lines, opened, server } from '../transcript.ts';

const clientInfo = { name: 'client', version: '1' };
const serverInfo = { name: 'server', version: '1' };
const asks = (protocolVersion: string, id = 0, capabilities: object = {}): string =>
  client({ id, method: 'initialize', params: { protocolVersion, capabilities, clientInfo } });
const agrees = (protocolVersion: string, id = 0): string =>
  server({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } });
const INITIALIZED = client({ method: 'notifications/initialized' });
const LIST = lines(client({ id: 1, method: 'tools/list' }), server({ id: 1, result: { tools: [] } }));
const ROOTS = lines(server({ id: 7, method: 'roots/list' }), client({ id: 7, result: { roots: [] } }));
const PING = client({ id: 5, method: 'ping' });
const CALL = client({ id: 1, method: 'tools/call', params: { name: 'slow', arguments: {} } });
const DONE = server({ id: 1, result: { content: [] } });
const cancelled = (params: object): string => client({ method: 'notifications/cancelled', params });
const REFUSED = server({ id: 'probe', error: { code: -32601, message: 'Method not found' } });

/** Of the rules about how a connection opens, what was announced, pings and cancellations. */
export const lifecycleSamples: Samples = {
  'lifecycle/initialize-first': {
    passes: lines(ask('probe', 'server/discover'), REFUSED, PING, server({ id: 5, result: {} }), opened(), LIST),
    fails: lines(LIST, opened()),
  },
  'lifecycle/initialize-once': {
    passes: lines(
      asks('2025-11-25'),
      server({ id: 0, error: { code: -32602, message: 'Unsupported protocol version' } }),
      asks('2024-11-05', 1),
      agrees('2024-11-05', 1),
      INITIALIZED,
    ),
    fails: lines(opened(), asks('2025-11-25', 1), agrees('2025-11-25', 1)),
  },
  'lifecycle/initialize-alone': {
    passes: opened('2025-03-26'),
    fails: lines(asks('2025-03-26').replace(/^> (.*)$/, '> [$1]'), agrees('2025-03-26'), INITIALIZED),
  },
  'lifecycle/wait-for-result': {
    passes: lines(asks('2025-06-18'), PING, agrees('2025-06-18'), server({ id: 5, result: {} }), INITIALIZED, LIST),
    fails: lines(asks('2025-06-18'), LIST, agrees('2025-06-18'), INITIALIZED),
  },
  'lifecycle/initialized': {
    passes: lines(asks('2025-06-18'), agrees('2025-06-18'), PING, server({ id: 5, result: {} }), INITIALIZED, LIST),
    fails: lines(asks('2025-06-18'), agrees('2025-06-18'), LIST),
  },
  'lifecycle/wait-for-initialized': {
    passes: lines(opened(), ROOTS),
    fails: lines(asks('2025-06-18', 0, { roots: {} }), agrees('2025-06-18'), ROOTS, INITIALIZED),
  },
  'lifecycle/known-version': {
    passes: lines(asks('2024-10-07'), agrees('2024-10-07'), INITIALIZED),
    fails: lines(asks('2025-01-01'), agrees('2024-11-05'), INITIALIZED),
  },
  'lifecycle/newer-version': {
    passes: lines(asks('2025-11-25'), agrees('2024-11-05'), INITIALIZED),
    fails: lines(asks('2024-11-05'), agrees('2025-11-25'), INITIALIZED),
  },
  'lifecycle/disconnect': {
    passes: lines(asks('2025-06-18'), agrees('1.0'), '! eof', '! exit 0'),
    fails: lines(asks('2025-06-18'), agrees('1.0'), INITIALIZED, LIST),
  },
  'lifecycle/ping-answer': {
    passes: lines(opened(), PING, server({ id: 5, result: { _meta: {} } })),
    fails: lines(opened(), PING, server({ id: 5, result: { pong: true } })),
  },
  'lifecycle/ping-late': {
    passes: lines(opened(), PING, server({ id: 5, result: {} })),
    fails: lines(opened(), PING, '! wait', server({ id: 5, result: {} })),
  },
  'capabilities/asked': {
    passes: lines(opened('2025-06-18', { server: { tools: {} } }), LIST),
    fails: lines(
      opened('2025-06-18', { server: { prompts: {} } }),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, error: { code: -32601, message: 'Method not found' } }),
    ),
  },
  'capabilities/sent': {
    passes: lines(
      opened('2025-11-25', { server: { tools: { listChanged: true } } }),
      server({ method: 'notifications/tools/list_changed' }),
    ),
    fails: lines(
      opened('2025-11-25', { server: { tools: { listChanged: false } } }),
      server({ method: 'notifications/tools/list_changed' }),
    ),
  },
  'capabilities/early': {
    passes: lines(opened('2024-11-05', { client: { roots: {} } }), ROOTS),
    fails: lines(
      opened('2024-11-05', { client: {} }),
      server({ id: 7, method: 'roots/list' }),
      client({ id: 7, error: { code: -32601, message: 'Method not found' } }),
    ),
  },
  'capabilities/served': {
    passes: lines(
      opened('2024-11-05', { server: {} }),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, error: { code: -32601, message: 'Method not found' } }),
    ),
    fails: lines(opened('2024-11-05', { server: {} }), LIST),
  },
  'cancellation/request-id': {
    passes: lines(opened(), CALL, cancelled({ requestId: 1, reason: 'time-out' })),
    fails: lines(opened(), CALL, cancelled({ reason: 'time-out' })),
  },
  'cancellation/own-request': {
    passes: lines(
      opened(),
      server({ id: 7, method: 'roots/list' }),
      server({ method: 'notifications/cancelled', params: { requestId: 7 } }),
    ),
    fails: lines(opened(), CALL, server({ method: 'notifications/cancelled', params: { requestId: 1 } }), DONE),
  },
  'cancellation/initialize': {
    passes: lines(ask('probe', 'server/discover'), cancelled({ requestId: 'probe' }), opened()),
    fails: lines(asks('2025-11-25'), cancelled({ requestId: 0 })),
  },
  'cancellation/task': {
    passes: lines(opened('2025-06-18'), CALL, cancelled({ requestId: 1 })),
    fails: lines(
      opened('2025-11-25', { server: { tools: {}, tasks: { requests: { tools: { call: {} } } } } }),
      client({ id: 1, method: 'tools/call', params: { name: 'slow', arguments: {}, task: {} } }),
      cancelled({ requestId: 1 }),
    ),
  },
  'cancellation/finished': {
    passes: lines(opened(), CALL, DONE, cancelled({ requestId: 1 })),
    fails: lines(opened(), CALL, DONE, '! wait', cancelled({ requestId: 1 })),
  },
  'cancellation/answered': {
    passes: lines(discovered(), ask(1, 'tools/call', { name: 'slow' }), cancelled({ requestId: 1 })),
    fails: lines(opened(), CALL, cancelled({ requestId: 1 }), DONE),
  },
};
