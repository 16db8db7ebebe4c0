import type { Samples } from '../sample.ts';
import { client, lines, opened, server } from '../transcript.ts';

const PING = lines(client({ id: 1, method: 'ping' }), server({ id: 1, result: {} }));
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** Of the rules about lines and about the process. */
export const wireSamples: Samples = {
  'stdio/not-json': {
    passes: PING,
    fails: lines('< Loading np models..', PING),
  },
  'stdio/one-message-a-line': {
    passes: PING,
    fails: lines(
      client({ id: 1, method: 'ping' }),
      '< {',
      '<   "jsonrpc": "2.0",',
      '<   "id": 1,',
      '<   "result": {}',
      '< }',
    ),
  },
  'stdio/interleaved': {
    passes: PING,
    fails: lines(
      client({ id: 1, method: 'ping' }),
      '< {"jsonrpc":"2.0","id":1,{"jsonrpc":"2.0","method":"notifications/message"}',
    ),
  },
  'stdio/utf-8': {
    passes: lines(client({ id: 1, method: 'ping' }), server({ id: 1, result: { _meta: { city: 'Zürich' } } })),
    fails: lines(client({ id: 1, method: 'ping' }), '<x 7bff7d0a'),
  },
  'stdio/line-length': {
    passes: lines(
      opened(),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, result: { tools: [], _meta: { of: 'x'.repeat(1000) } } }),
    ),
    fails: lines(
      opened(),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, result: { tools: [], _meta: { of: 'x'.repeat(10_500_000) } } }),
    ),
  },
  'stdio/newline': {
    passes: lines(PING, '! eof', '! exit 0'),
    fails: lines(
      client({ id: 1, method: 'ping' }),
      `<x ${hex('{"jsonrpc":"2.0","id":1,"result":{}}')}`,
      '! eof',
      '! exit 0',
    ),
  },
  'stdio/crlf': {
    passes: PING,
    fails: lines(client({ id: 1, method: 'ping' }), `${server({ id: 1, result: {} })}\r`),
  },
  'stdio/blank-line': {
    passes: PING,
    fails: lines('< ', PING),
  },
  'process/lost-request': {
    passes: lines(PING, '! eof', '! exit 0'),
    fails: lines(client({ id: 1, method: 'ping' }), '~ Traceback (most recent call last):', '! exit 1'),
  },
  'process/unanswered': {
    passes: lines(PING, '! eof', '! exit 0'),
    fails: lines(client({ id: 1, method: 'ping' }), '! eof', '! exit 0'),
  },
  'process/never-answered': {
    passes: lines(
      client({ id: 1, method: 'ping' }),
      ...Array.from({ length: 12 }, () => '! wait'),
      server({ id: 1, result: {} }),
    ),
    fails: lines(client({ id: 1, method: 'ping' }), ...Array.from({ length: 12 }, () => '! wait')),
  },
  'process/exit-status': {
    passes: lines(PING, '! eof', '! exit 1'),
    fails: lines(PING, '! exit 1'),
  },
  'process/ignored-end-of-input': {
    passes: lines(PING, '! eof', '! signal', '! exit SIGTERM'),
    fails: lines(PING, '! eof', '! wait', '! signal', '! exit SIGTERM'),
  },
};
