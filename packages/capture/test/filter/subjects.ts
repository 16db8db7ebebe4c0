import type { FilterSubject } from '@mcp-dbg/capture';

/** What a subject is made from: its fields, and the text of its sides. */
export interface Told extends Partial<Omit<FilterSubject, 'text' | 'value' | 'findings'>> {
  readonly req?: string;
  readonly res?: string;
  readonly found?: ReturnType<FilterSubject['findings']>;
}

export function subject({ req = '', res = '', found = [], ...told }: Told): FilterSubject {
  const sides = { req, res };
  return {
    kind: 'request',
    n: 1,
    us: 0,
    conn: 1,
    server: undefined,
    from: 'client',
    id: undefined,
    method: undefined,
    tool: undefined,
    status: undefined,
    ms: undefined,
    version: undefined,
    isProbe: false,
    isOurs: false,
    isFault: false,
    requestBytes: req === '' ? 0 : req.length + 1,
    answerBytes: res === '' ? 0 : res.length + 1,
    openedAt: '2026-11-20T20:40:00.000Z',
    text: (side) => sides[side],
    value: (side) => parsed(sides[side]),
    findings: () => found,
    ...told,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const request = (id: number | string, method: string, params: unknown = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const answer = (id: number | string, rest: object): string => JSON.stringify({ jsonrpc: '2.0', id, ...rest });

/** A small log: one of everything that a filter tells apart. */
export const LOG: Readonly<Record<string, FilterSubject>> = {
  opened: subject({ kind: 'event', n: undefined, from: undefined, conn: undefined }),
  noise: subject({ kind: 'noise', n: 1, us: 181_000, from: 'server', req: 'Loading np models..' }),
  discover: subject({
    n: 2,
    us: 203_000,
    id: '0',
    method: 'server/discover',
    status: 'ok',
    ms: 1.8,
    version: '2026-07-28',
    isProbe: true,
    req: request(0, 'server/discover'),
    res: answer(0, { result: { resultType: 'complete', capabilities: { tools: {} } } }),
  }),
  rain: subject({
    n: 3,
    us: 12_000_000,
    id: '7',
    method: 'tools/call',
    tool: 'get_forecast',
    status: 'ok',
    ms: 1000,
    version: '2026-07-28',
    server: 'weather',
    req: request(7, 'tools/call', { name: 'get_forecast', arguments: { city: 'Paris', days: 3, unit: null } }),
    res: answer(7, {
      result: {
        content: [
          { type: 'image', data: 'AAAA' },
          { type: 'text', text: `Rain and "more rain" ${'.'.repeat(400)}` },
        ],
      },
    }),
  }),
  failed: subject({
    n: 4,
    us: 13_000_000,
    id: '"7"',
    method: 'tools/call',
    tool: 'search',
    status: 'tool-error',
    ms: 200,
    version: '2025-06-18',
    server: 'bookmarks',
    req: '{"jsonrpc":"2.0","id":"7","method":"tools\\/call","params":{"name":"search","arguments":{"q":"Z\\u00fcrich"}}}',
    res: answer('7', { result: { isError: true, content: [{ type: 'text', text: 'no tag 10' }] } }),
  }),
  refused: subject({
    n: 5,
    us: 14_000_000,
    id: '9',
    method: 'resources/read',
    status: 'error',
    ms: 199.9,
    version: '2025-06-18',
    conn: 2,
    req: request(9, 'resources/read', { uri: 'file:///etc/hosts', 'a.b': [[1, 2], [3]] }),
    res: answer(9, { error: { code: -32602, message: 'no such resource' } }),
    found: [
      { rule: 'rpc/error-code', level: 'warning' },
      { rule: 'stdio/stray-output', level: 'error' },
    ],
  }),
  waiting: subject({ n: 6, us: 15_000_000, id: '10', method: 'ping', status: 'pending', req: request(10, 'ping') }),
  lost: subject({
    n: 7,
    us: 16_000_000,
    id: '11',
    method: 'tools/list',
    status: 'lost',
    req: request(11, 'tools/list'),
  }),
  off: subject({
    n: 8,
    us: 17_000_000,
    id: '12',
    method: 'tools/list',
    status: 'cancelled',
    ms: 30_000,
    req: request(12, 'tools/list'),
    res: answer(12, { result: { tools: [] } }),
  }),
  orphan: subject({
    kind: 'response',
    n: 9,
    us: 18_000_000,
    from: 'server',
    id: '99',
    status: 'orphan',
    res: answer(99, { result: 'x' }),
  }),
  twice: subject({
    kind: 'response',
    n: 10,
    us: 19_000_000,
    from: 'server',
    id: '7',
    method: 'tools/call',
    tool: 'get_forecast',
    status: 'ok',
    res: answer(7, { result: null }),
  }),
  progress: subject({
    kind: 'notification',
    n: 11,
    us: 20_000_000,
    from: 'server',
    method: 'notifications/progress',
    req: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 0.5, total: '10' } }),
  }),
  batch: subject({
    kind: 'batch',
    n: 12,
    us: 21_000_000,
    status: 'ok',
    ms: 2,
    isOurs: true,
    req: `[${request(20, 'ping')},${request(21, 'tools/list', { cursor: 'abc' })}]`,
    res: `[${answer(20, { result: {} })},${answer(21, { error: { code: -32601 } })}]`,
  }),
  fault: subject({
    kind: 'event',
    n: undefined,
    us: 21_500_000,
    isOurs: true,
    isFault: true,
    from: undefined,
    req: JSON.stringify({ t: 'fault', from: 'server', action: 'drop', rule: 'x :: drop' }),
  }),
  trace: subject({
    kind: 'stderr',
    n: undefined,
    us: 22_000_000,
    from: 'stderr',
    req: 'Traceback (most recent call last):',
  }),
};
