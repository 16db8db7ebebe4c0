import { META_KEYS, METHODS } from '@mcp-dbg/protocol';
import { type Finding, Linter } from '@mcp-dbg/protocol/lint';
import { FrameStream, type Sender } from '@mcp-dbg/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { discovered } from './transcript.ts';

const META = Object.values(META_KEYS);
const WORDS = ['taskId', 'status', 'inputRequests', 'inputResponses', 'requestState', 'notifications', 'tools', 'name'];
const MORE = ['resultType', 'ttlMs', 'cacheScope', 'supportedVersions', 'capabilities', 'nextCursor', 'cursor', 'uri'];

/** A key that some rule looks at, or any other. */
const key = fc.oneof(fc.constantFrom(...META, ...WORDS, ...MORE, 'traceparent', '__proto__', 'toString'), fc.string());
const leaf = fc.oneof(
  fc.constantFrom(
    '2026-07-28',
    'complete',
    'input_required',
    'task',
    'failed',
    'tools/call',
    'io.modelcontextprotocol/tasks',
  ),
  fc.jsonValue({ maxDepth: 1 }),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;
const id = fc.constantFrom<unknown>(1, 2, '1', 'probe', null, {});
const method = fc.constantFrom(...METHODS.map(({ name }) => name));
const members = fc.dictionary(key, value, { maxKeys: 6 });
const holder = fc.oneof(
  value,
  fc
    .tuple(members, fc.dictionary(fc.oneof(fc.constantFrom(...META), key), value, { maxKeys: 6 }))
    .map(([own, _meta]) => ({ ...own, _meta })),
);
const message = fc.oneof(
  fc.record({ id, method, params: holder }),
  fc.record({ method, params: holder }),
  fc.record({ id, result: holder }),
  fc.record({ id, error: holder }),
);
const line = fc.tuple(fc.constantFrom<Sender>('client', 'server'), message, fc.integer({ min: 0, max: 3_000_000 }));

describe('the linter', () => {
  it('takes whatever the messages of both sides hold', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (sent) => {
        const found = lint(sent);
        for (const { message: what } of found) expect(what.length).toBeLessThan(2000);
      }),
      { numRuns: 100 },
    );
  });

  it('takes values that nest as deep as a peer likes', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const lines = [
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${deep},"inputResponses":${deep},"_meta":{"a":${deep}}}}`,
      `{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"cursor":${deep}}}`,
    ];
    const answers = [
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":${deep},"inputRequests":{"a":{"method":${deep}}}}}`,
      `{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","tools":[{"name":${deep},"inputSchema":${schemaOf(20_000)}}]}}`,
    ];
    const linter = new Linter();
    const frames = new FrameStream();
    const read = (from: Sender, text: string): void => {
      for (const frame of frames.read(from, new TextEncoder().encode(`${text}\n`), 0)) linter.see(frame);
    };
    for (const text of discovered().split('\n')) read(text.startsWith('>') ? 'client' : 'server', text.slice(2));
    for (const text of lines) read('client', text);
    for (const text of answers) read('server', text);
    expect(linter.end(0)).toEqual([]);
  });
});

function lint(sent: readonly (readonly [Sender, object, number])[]): readonly Finding[] {
  const linter = new Linter();
  const frames = new FrameStream();
  const opening = discovered()
    .split('\n')
    .map((text) => [text.startsWith('>') ? 'client' : 'server', text.slice(2)] as const);
  const rest = sent.map(([from, body]) => [from, JSON.stringify({ jsonrpc: '2.0', ...body })] as const);
  const found: Finding[] = [];
  let us = 0;
  for (const [n, [from, text]] of [...opening, ...rest].entries()) {
    us += sent[n]?.[2] ?? 1000;
    for (const frame of frames.read(from, new TextEncoder().encode(`${text}\n`), us)) found.push(...linter.see(frame));
  }
  return [...found, ...linter.exit({ us, code: 0, signal: null }), ...linter.end(us)];
}

function schemaOf(depth: number): string {
  return `${'{"properties":{"a":'.repeat(depth)}{"x-mcp-header":""}${'}}'.repeat(depth)}`;
}
