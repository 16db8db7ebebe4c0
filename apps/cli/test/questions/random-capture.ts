import { CaptureWriter } from '@mcp-dbg/capture/node';
import fc from 'fast-check';

/** What a peer does in a random conversation. */
export interface Act {
  readonly conn: 0 | 1;
  readonly from: 'client' | 'server' | 'stderr';
  readonly bytes: Uint8Array;
  /** Where the bytes are cut into reads. */
  readonly cuts: readonly number[];
  /** What is done with what it wrote: passed on, passed on as ours, told of in a record of what was done to it. */
  readonly done: 'pass' | 'ours' | 'fault' | 'note';
}

const id = fc.constantFrom(1, 2, 3, 4, 'a', '1', 9_007_199_254_740_993n);
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Paris', 'Zü', 'a "quoted" \\ text', '\u202e\u001b[2J', '') },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 300_000 }).map((size) => 'x'.repeat(size)) },
);
const tool = fc.constantFrom('forecast', 'search', 'get_more');

const json = (value: object): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `big:${each}` : each)).replaceAll(
    /"big:(\d+)"/g,
    '$1',
  );

const request = fc.oneof(
  fc
    .tuple(id, tool, text)
    .map(([id, name, city]) => ({ id, method: 'tools/call', params: { name, arguments: { city } } })),
  id.map((id) => ({ id, method: 'subscriptions/listen', params: {} })),
  id.map((id) => ({
    id,
    method: 'server/discover',
    params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
  })),
  id.map((id) => ({ id, method: 'initialize', params: { protocolVersion: '2025-03-26' } })),
  id.map((id) => ({ id, method: 'ping' })),
);
const answer = fc.oneof(
  fc.tuple(id, text).map(([id, text]) => ({ id, result: { content: [{ type: 'text', text }] } })),
  id.map((id) => ({ id, result: { isError: true, content: [] } })),
  id.map((id) => ({ id, result: { protocolVersion: '2025-03-26' } })),
  fc.tuple(id, text).map(([id, message]) => ({ id, error: { code: -32602, message } })),
);
const notification = fc.oneof(
  id.map((requestId) => ({ method: 'notifications/cancelled', params: { requestId } })),
  fc.constant({ method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }),
);
const message = fc
  .oneof({ weight: 3, arbitrary: request }, { weight: 3, arbitrary: answer }, notification)
  .map((each) => json({ jsonrpc: '2.0', ...each }));
const line = fc.oneof(
  { weight: 12, arbitrary: message },
  { weight: 1, arbitrary: fc.array(message, { minLength: 1, maxLength: 3 }).map((each) => `[${each.join(',')}]`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Loading…', '', ' ', '{"jsonrpc":"2.0","id":1,}', '{"a":', 'null', '{"t":"data"}'),
  },
);
const ending = fc.oneof({ weight: 9, arbitrary: fc.constant('\n') }, fc.constantFrom('', '\r\n'));
const bytes = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(line, ending).map(([line, end]) => Buffer.from(line + end)) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 30 }) },
);

/** What two connections say to one another, in good order and not. */
export const conversation: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    conn: fc.constantFrom(0 as const, 0 as const, 1 as const),
    from: fc.constantFrom(
      'client' as const,
      'client' as const,
      'server' as const,
      'server' as const,
      'stderr' as const,
    ),
    bytes,
    cuts: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
    ),
    done: fc.oneof(
      { weight: 8, arbitrary: fc.constant('pass' as const) },
      fc.constantFrom('ours' as const, 'fault' as const, 'note' as const),
    ),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Records a conversation. */
export function record(path: string, acts: readonly Act[]): void {
  let now = 0;
  const writer = new CaptureWriter({ path, argv: ['python3', 'weather.py'], now: () => now++ });
  const connections = [writer.connection(), writer.connection({ server: 'notes' })];
  for (const { conn, from, bytes, cuts, done } of acts) {
    const about = from === 'stderr' ? {} : { from, original: bytes };
    if (done === 'note') connections[conn]?.event({ kind: 'note', text: 'held', ...about });
    if (done === 'fault' && from !== 'stderr')
      connections[conn]?.event({ kind: 'fault', from, action: 'drop', rule: 'is:any :: drop', original: bytes });
    if (done === 'note' || done === 'fault') continue;
    const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].toSorted((a, b) => a - b);
    for (const [index, end] of places.entries()) {
      const part = bytes.subarray(places[index - 1] ?? 0, end);
      if (part.length > 0) connections[conn]?.read(from, part, done === 'ours' ? 'mcp-dbg' : undefined);
    }
  }
  connections[0]?.event({ kind: 'exit', code: 1, signal: null });
  writer.close();
}

/** A capture as something else changed it: bits that flip, cuts, stretches that stand twice, records out of nowhere. */
export const damage: fc.Arbitrary<(capture: Buffer) => Buffer> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('flip' as const, 'cut' as const, 'twice' as const, 'insert' as const, 'end' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      size: fc.integer({ min: 1, max: 400 }),
      piece: fc.constantFrom(
        '{"t":"data","c":"0123456789abcdef","seq":9,"us":1,"from":"server","n":5}\n',
        '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":1,"at":"x","pid":1}\n',
        '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":1,"at":"2026-11-20T20:40:00.000Z","pid":2147483647}\n',
        '{"t":"exit"}\n',
        '{"t":"fault","c":"0123456789abcdef","seq":9,"us":1,"from":"server","original":"{","more":true}\n',
        '{"t":"',
        '\n',
        '\u0000',
      ),
    }),
    { minLength: 0, maxLength: 4 },
  )
  .map((edits) => (capture) => edits.reduce(edited, capture));

interface Edit {
  readonly kind: 'flip' | 'cut' | 'twice' | 'insert' | 'end';
  readonly at: number;
  readonly size: number;
  readonly piece: string;
}

function edited(capture: Buffer, { kind, at, size, piece }: Edit): Buffer {
  const place = Math.floor(at * capture.length);
  const [before, after] = [capture.subarray(0, place), capture.subarray(place)];
  switch (kind) {
    case 'flip': {
      const copy = Buffer.from(capture);
      copy[place] = (copy[place] ?? 0) ^ (1 << (size % 8));
      return copy;
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(size)]);
    case 'twice':
      return Buffer.concat([before, after.subarray(0, size), after]);
    case 'insert':
      return Buffer.concat([before, Buffer.from(piece), after]);
    case 'end':
      return Buffer.from(before);
  }
}
