import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  HOST_KINDS,
  type HostKind,
  Lines,
  type Run,
  all,
  finish,
  peakMemoryMb,
  recorded,
  scratch,
  server,
  startProxy,
  written,
} from './driver.ts';

const MB = 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/** What breaks programs that look at text: each is to arrive as it was sent. */
const CURIOSITIES: Readonly<Record<string, Buffer>> = {
  'invalid UTF-8': Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f, 0x0a, 0x80]),
  'NUL bytes': Buffer.from('a\0b\0\0\n\0'),
  'a byte order mark': Buffer.from('\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}\n'),
  'CRLF line ends': Buffer.from('{"a":1}\r\n\r\n{"b":2}\r\n'),
  'no final newline': Buffer.from('{"jsonrpc":"2.0"'),
  'broken JSON and noise': Buffer.from('Loading models...\n{"jsonrpc":}\n[[[\n\n\u2028{}\u2029\n'),
  'JSON that parsing would change': Buffer.from('{"id":9007199254740993,"v":1.0,"e":1E2,"id":1}\n'),
  'one byte': Buffer.from('\n'),
};

describe.each(HOST_KINDS)('with a host that gives %s', (host) => {
  it.each(Object.entries(CURIOSITIES))('T1: passes %s unchanged in both directions', async (_, bytes) => {
    for (const [name, command] of Object.entries({ stdout: 'cat', stderr: 'cat >&2' })) {
      const run = startProxy(['sh', '-c', command], { host });
      const streams = Promise.all([all(run.stdout), all(run.stderr)]);
      await written(run.stdin, bytes);
      await finish(run.stdin);
      expect(await streams).toEqual(name === 'stdout' ? [bytes, NOTHING] : [NOTHING, bytes]);
      expect(await run.ended).toEqual({ code: 0, signal: null });
    }
  });

  it('T1: passes any bytes in any pieces unchanged, all three ways at once, and records them so', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, (pieces) => exchange(host, pieces)),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);

  it('T2: passes a partial line on at once, in order', async () => {
    const run = startProxy(['cat'], { host });
    const stdout = new Lines(run.stdout);
    for (const piece of ['{"jsonrpc":', '"2.0","id"', ':1}']) {
      const before = stdout.text;
      await written(run.stdin, piece);
      await seen(stdout, before + piece);
    }
    await finish(run.stdin);
    expect((await run.ended).code).toBe(0);
  });
});

it('T1, T3: passes a line of 100 MB from the server without holding it', async () => {
  const run = startProxy(server('line', String(100 * MB)), { own: ['--no-capture'] });
  const { bytes, lastByte } = await countUntilNewline(run);
  const peak = peakMemoryMb(run.pid);
  await finish(run.stdin);
  expect(bytes).toBe(100 * MB);
  expect(lastByte).toBe(0x0a);
  if (peak !== undefined) expect(peak).toBeLessThan(150);
  expect((await run.ended).code).toBe(0);
});

it('T1, T3: passes a line of 100 MB from the client without holding it', async () => {
  const run = startProxy(server('digest'), { own: ['--no-capture'] });
  const stdout = all(run.stdout);
  const hash = createHash('sha256');
  const block = Buffer.alloc(MB, 'x');
  for (let sent = 0; sent < 100; sent++) {
    hash.update(block);
    await written(run.stdin, block);
  }
  const peak = peakMemoryMb(run.pid);
  await finish(run.stdin);
  expect(JSON.parse((await stdout).toString())).toEqual({ bytes: 100 * MB, sha256: hash.digest('hex') });
  if (peak !== undefined) expect(peak).toBeLessThan(150);
});

const stream = fc.uint8Array({ maxLength: 300_000, size: 'max' });
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1000, max: 200_000 })), {
  minLength: 1,
  maxLength: 5,
});
const traffic = fc.record({ client: stream, server: stream, stderr: stream, clientSizes: sizes, serverSizes: sizes });

type Traffic = typeof traffic extends fc.Arbitrary<infer T> ? T : never;

async function exchange(host: HostKind, pieces: Traffic): Promise<void> {
  const folder = mkdtempSync(join(scratch, 'exchange-'));
  const [outFile, errFile, inFile, log] = ['out', 'err', 'in', 'log.mcpcap'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  writeFileSync(outFile, pieces.server);
  writeFileSync(errFile, pieces.stderr);
  const command = server(
    'exchange',
    outFile,
    errFile,
    inFile,
    ...atLeast(pieces.serverSizes, pieces.server).map(String),
  );
  const run = startProxy(command, { host, own: ['--log', log] });
  const [stdout, stderr] = [all(run.stdout), all(run.stderr)];
  for (const piece of cut(Buffer.from(pieces.client), pieces.clientSizes)) await written(run.stdin, piece);
  await finish(run.stdin);
  expect(digest(await stdout)).toBe(digest(pieces.server));
  expect(digest(await stderr)).toBe(digest(pieces.stderr));
  expect(await run.ended).toEqual({ code: 0, signal: null });
  expect(digest(readFileSync(inFile))).toBe(digest(pieces.client));
  const { streams, torn } = await recorded(log);
  expect(torn).toBe(0);
  expect(digest(streams.client)).toBe(digest(pieces.client));
  expect(digest(streams.server)).toBe(digest(pieces.server));
  expect(digest(streams.stderr)).toBe(digest(pieces.stderr));
}

/** A thousand writes are enough to show what small pieces do. */
function atLeast(wanted: readonly number[], bytes: Uint8Array): readonly number[] {
  return wanted.map((size) => Math.max(size, Math.ceil(bytes.length / 1000)));
}

function cut(bytes: Buffer, wanted: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  const turns = atLeast(wanted, bytes);
  for (let at = 0; at < bytes.length;) {
    const size = turns[pieces.length % turns.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

function digest(bytes: Uint8Array): string {
  return `${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
}

async function seen(lines: Lines, whole: string): Promise<void> {
  await waitFor(() => lines.text.length >= whole.length, 'the next piece');
  expect(lines.text).toBe(whole);
}

async function countUntilNewline(run: Run): Promise<{ bytes: number; lastByte: number | undefined }> {
  let bytes = 0;
  for await (const chunk of run.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (chunk.includes(0x0a)) return { bytes, lastByte: chunk.at(-1) };
  }
  return { bytes, lastByte: undefined };
}
