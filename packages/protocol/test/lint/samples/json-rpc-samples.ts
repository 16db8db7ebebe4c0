import type { Samples } from '../sample.ts';
import { answer, ask, client, discovered, lines, opened, server } from '../transcript.ts';

const ASK = client({ id: 1, method: 'ping' });
const PING = lines(ASK, server({ id: 1, result: {} }));

/** Of the rules about messages, whatever they are about. */
export const jsonRpcSamples: Samples = {
  'json-rpc/not-a-message': {
    passes: PING,
    fails: lines('< {"level":"info","msg":"started"}', PING),
  },
  'json-rpc/no-batch': {
    passes: lines(
      opened('2025-03-26'),
      '> [{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      '< [{"jsonrpc":"2.0","id":1,"result":{}}]',
    ),
    fails: lines(
      opened('2025-06-18'),
      '> [{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      '< [{"jsonrpc":"2.0","id":1,"result":{}}]',
    ),
  },
  'json-rpc/version': {
    passes: PING,
    fails: lines(ASK, '< {"id":1,"result":{}}'),
  },
  'json-rpc/request-id': {
    passes: lines(client({ id: 'a', method: 'ping' }), server({ id: 'a', result: {} })),
    fails: lines(client({ id: 1.5, method: 'ping' }), server({ id: 1.5, result: {} })),
  },
  'json-rpc/result-or-error': {
    passes: PING,
    fails: lines(ASK, server({ id: 1, result: {}, error: null })),
  },
  'json-rpc/error-shape': {
    passes: lines(ASK, server({ id: 1, error: { code: -32603, message: 'no' } })),
    fails: lines(ASK, server({ id: 1, error: { code: '-32603', message: 'no' } })),
  },
  'json-rpc/notification-id': {
    passes: opened(),
    fails: lines(opened(), client({ id: 1, method: 'notifications/roots/list_changed' })),
  },
  'json-rpc/params-object': {
    passes: lines(
      opened(),
      client({ id: 1, method: 'tools/list', params: {} }),
      server({ id: 1, result: { tools: [] } }),
    ),
    fails: lines(
      opened(),
      client({ id: 1, method: 'tools/list', params: [] }),
      server({ id: 1, result: { tools: [] } }),
    ),
  },
  'json-rpc/result-object': {
    passes: PING,
    fails: lines(ASK, server({ id: 1, result: 'pong' })),
  },
  'json-rpc/duplicate-key': {
    passes: PING,
    fails: lines('> {"jsonrpc":"2.0","id":1,"method":"ping","id":1}', server({ id: 1, result: {} })),
  },
  'json-rpc/unsafe-integer': {
    passes: lines(client({ id: 9007199254740991, method: 'ping' }), server({ id: 9007199254740991, result: {} })),
    fails: lines(
      '> {"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
      '< {"jsonrpc":"2.0","id":9007199254740993,"result":{}}',
    ),
  },
  'json-rpc/id-reused': {
    passes: lines(opened(), PING, client({ id: 2, method: 'ping' }), server({ id: 2, result: {} })),
    fails: lines(opened(), PING, PING),
  },
  'json-rpc/id-in-flight': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { tools: [], ttlMs: 0, cacheScope: 'private' }),
      ask(1, 'prompts/list'),
      answer(1, { prompts: [], ttlMs: 0, cacheScope: 'private' }),
    ),
    fails: lines(discovered(), ask(1, 'tools/list'), ask(1, 'prompts/list')),
  },
  'json-rpc/id-type': {
    passes: PING,
    fails: lines(ASK, server({ id: '1', result: {} })),
  },
  'json-rpc/id-null': {
    passes: PING,
    fails: lines(ASK, server({ id: null, error: { code: -32603, message: 'no' } })),
  },
  'json-rpc/orphan': {
    passes: PING,
    fails: lines(PING, server({ id: 2, result: {} })),
  },
  'json-rpc/answered-twice': {
    passes: PING,
    fails: lines(PING, server({ id: 1, result: {} })),
  },
  'json-rpc/unknown-method': {
    passes: PING,
    fails: lines(
      opened(),
      client({ id: 1, method: 'tools/run' }),
      server({ id: 1, error: { code: -32601, message: 'Method not found' } }),
    ),
  },
  'json-rpc/other-version': {
    passes: lines(opened(), PING),
    fails: lines(discovered(), ask(1, 'ping'), server({ id: 1, error: { code: -32601, message: 'Method not found' } })),
  },
  'json-rpc/wrong-sender': {
    passes: lines(opened(), server({ id: 1, method: 'roots/list' }), client({ id: 1, result: { roots: [] } })),
    fails: lines(
      opened(),
      server({ id: 1, method: 'tools/list' }),
      client({ id: 1, error: { code: -32601, message: 'Method not found' } }),
    ),
  },
  'json-rpc/reserved-code': {
    passes: lines(discovered(), ask(1, 'tools/list'), server({ id: 1, error: { code: -32603, message: 'no' } })),
    fails: lines(discovered(), ask(1, 'tools/list'), server({ id: 1, error: { code: -32050, message: 'no' } })),
  },
  'json-rpc/removed-code': {
    passes: lines(
      opened(),
      client({ id: 1, method: 'resources/read', params: { uri: 'x:y' } }),
      server({ id: 1, error: { code: -32002, message: 'no' } }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'resources/read', { uri: 'x:y' }),
      server({ id: 1, error: { code: -32002, message: 'no' } }),
    ),
  },
  'json-rpc/implementation-code': {
    passes: lines(
      opened(),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, error: { code: -32000, message: 'no' } }),
    ),
    fails: lines(discovered(), ask(1, 'tools/list'), server({ id: 1, error: { code: -32000, message: 'no' } })),
  },
};
