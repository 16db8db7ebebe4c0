import { type CaptureRecord, type Entry, type Source, type TornStretch, readCapture } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';

type Each<T> = T extends unknown ? Omit<T, 'seq' | 'us' | 'conn'> & { readonly conn?: number } : never;

/** A record without its place, and how many microseconds after the one before it was written. */
export type Step = (Each<CaptureRecord> | TornStretch) & { readonly after?: number };

export const OPEN: Step = {
  t: 'open',
  c: '0123456789abcdef',
  mcpcap: 1,
  at: '2026-11-20T20:40:00.000Z',
  pid: 4101,
  argv: ['python3', 'weather.py'],
};

/** What a peer writes: a text, bytes, or a value that is sent as one line of JSON. */
export function said(
  from: Source,
  what: string | Uint8Array | object,
  more: { conn?: number; after?: number } = {},
): Step {
  const text = typeof what === 'string' || what instanceof Uint8Array ? what : `${JSON.stringify(what)}\n`;
  return { t: 'data', from, bytes: typeof text === 'string' ? Buffer.from(text) : text, ...more };
}

/** The entries of a capture with these records, a millisecond apart where nothing else is said. */
export async function entriesOf(steps: readonly Step[]): Promise<readonly Entry[]> {
  let us = 0;
  const records = steps.map((step, seq): CaptureRecord | TornStretch => {
    const { after = 1000, ...record } = step;
    if (record.t === 'torn') return record;
    us = record.t === 'open' ? 0 : us + after;
    return { conn: 1, ...record, seq, us };
  });
  const entries: Entry[] = [];
  for await (const entry of readCapture(records)) entries.push(entry);
  return entries;
}

/** All that a generator gives, as one text. */
export async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  const texts: string[] = [];
  for await (const chunk of chunks) texts.push(chunk);
  return texts.join('');
}

export const rpc = (id: number | string, method: string, params?: object): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
export const notice = (method: string, params?: object): object => ({ jsonrpc: '2.0', method, params });
export const result = (id: number | string, value: object = {}): object => ({ jsonrpc: '2.0', id, result: value });
export const failure = (id: number | string, code: number, message: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
});

/** A finding with nothing in it that a test does not say. */
export function finding(more: Partial<CaptureFinding>): CaptureFinding {
  return {
    rule: 'stdio/not-json',
    level: 'error',
    n: undefined,
    from: 'server',
    message: 'The server wrote a line that is no message',
    quote: undefined,
    fix: 'Write logs to stderr.',
    spec: undefined,
    clients: undefined,
    conn: 1,
    server: undefined,
    ...more,
  };
}
