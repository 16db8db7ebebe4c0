import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { OPEN, type Step, failure, finding, notice, result, rpc, said } from './made-capture.ts';

const PAGE = 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports';

/** A server that says too much at its start, reports progress, fails in a tool and dies in another. */
export const STORY: readonly Step[] = [
  OPEN,
  { t: 'spawn', pid: 4102 },
  said('server', 'Loading np models..\n'),
  said(
    'client',
    rpc(1, 'initialize', {
      protocolVersion: '2025-11-25',
      capabilities: { roots: {} },
      clientInfo: { name: 'claude', version: '1.2' },
    }),
  ),
  said(
    'server',
    result(1, {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, logging: {} },
      serverInfo: { name: 'Weather', version: '0.1' },
    }),
    { after: 1800 },
  ),
  said('client', notice('notifications/initialized')),
  said('client', rpc(2, 'tools/call', { name: 'forecast', arguments: { city: 'Zü' }, _meta: { progressToken: 7 } })),
  said('client', rpc(3, 'tools/call', { name: 'boom', arguments: {} })),
  said('server', notice('notifications/progress', { progressToken: 7, progress: 1 })),
  said('server', result(3, { isError: true, content: [{ type: 'text', text: 'no `such` city @all' }] })),
  said('server', rpc('s1', 'roots/list')),
  said('client', failure('s1', -32601, 'Method not found')),
  said('client', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}\r\n'),
  said('server', '{"jsonrpc": "2.0", "id":9007199254740993,"result":{"v":1.0,"e":1E2}}\n'),
  said('stderr', 'Traceback (most recent call last):\nKeyError: 3\n'),
  { t: 'exit', code: 1, signal: null },
  { t: 'close' },
];

export const STORY_FINDINGS: readonly CaptureFinding[] = [
  finding({
    n: 1,
    message: 'The server wrote "Loading np models..", which is no message',
    quote: 'Loading np models..',
    fix: 'Write logs to stderr (print(..., file=sys.stderr)).',
    spec: PAGE,
    clients: 'SDK clients drop it.',
  }),
  finding({ rule: 'process/lost-request', n: 5, level: 'error', message: 'The server ended before it answered' }),
  finding({ rule: 'stdio/line-end', n: 11, level: 'warning', from: 'client', message: 'The client wrote "\\r\\n"' }),
  finding({ rule: 'process/exit-status', message: 'The server ended by itself with code 1' }),
];
