import { join } from 'node:path';

import { type CaptureRecord, type Entry, type TornStretch, readCapture, writeRecords } from '@mcp-dbg/capture';
import { redactRecords } from '@mcp-dbg/capture/redact';
import { describe, expect, it } from 'vitest';

import { collected, redactor } from './redact/redacting.ts';
import { type Step, decode, inFolder, record } from './writing.ts';

type Records = readonly (CaptureRecord | TornStretch)[];

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function redacted(records: Records): Promise<Records> {
  return await collected(redactRecords(records, redactor()));
}

async function entries(records: Records): Promise<readonly Entry[]> {
  return await collected(readCapture(records));
}

describe('writeRecords', () => {
  const conversation: readonly Step[] = [
    { event: { kind: 'spawn', pid: 7 } },
    {
      from: 'client',
      bytes: utf8(
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"token":"s3cret"}}}\n',
      ),
    },
    { from: 'client', bytes: utf8('{"jsonrpc":"2.0","id":"1","method":"ping"}\n') },
    { from: 'server', bytes: utf8('{"jsonrpc":"2.0","id":"1","result":{}}\n{"jsonrpc":"2.0","id":1,') },
    { from: 'stderr', bytes: utf8('password: s3cret') },
    { from: 'server', bytes: utf8('"result":{"content":[],"secret":"s3cret"}}\n') },
    { from: 'server', conn: 2, bytes: utf8('no newline') },
    { event: { kind: 'signal', signal: 'SIGTERM' } },
    { event: { kind: 'exit', code: null, signal: 'SIGTERM' } },
  ];

  async function written(records: Records): Promise<Uint8Array> {
    return Buffer.concat(await collected(writeRecords(records)));
  }

  it('writes what it reads, to the byte', async () => {
    await inFolder(async (folder) => {
      const file = record(join(folder, 'a.mcpcap'), conversation);
      const again = await written(decode(file, file));
      expect(Buffer.from(again)).toEqual(Buffer.concat([file, file]));
    });
  });

  it('keeps kinds and keys that it does not know, and numbers without holes', async () => {
    const c = '0123456789abcdef';
    const open = `{"t":"open","c":"${c}","seq":0,"us":0,"mcpcap":1,"at":"x","pid":1}\n`;
    const mark = (seq: number): string =>
      `{"t":"mark","c":"${c}","seq":${seq},"us":5,"conn":2,"text":"h\\u00e9re","x":[1]}\n`;
    expect(Buffer.from(await written(decode(utf8(open + mark(7))))).toString()).toBe(open + mark(1));
  });

  it('keeps every exchange paired when it was redacted, and leaves no secret', async () => {
    await inFolder(async (folder) => {
      const records = decode(record(join(folder, 'a.mcpcap'), conversation));
      const file = await written(await redacted(records));
      expect(Buffer.from(file).toString()).not.toContain('s3cret');
      const again = decode(file);
      expect(again.map((each) => ('seq' in each ? each.seq : -1))).toEqual(again.map((_, index) => index));
      const pairs = (read: readonly Entry[]): unknown =>
        read.map((each) =>
          each.kind === 'exchange' ? [each.exchange.id, each.exchange.method, each.exchange.status] : each.kind,
        );
      expect(pairs(await entries(again))).toEqual(pairs(await entries(records)));
    });
  });

  it('says where a stretch was left out, and lets no line go on behind it', async () => {
    await inFolder(async (folder) => {
      const file = record(join(folder, 'a.mcpcap'), [
        { from: 'server', bytes: utf8('one ') },
        { event: { kind: 'eof', from: 'client' } },
        { from: 'server', bytes: utf8('two\n') },
      ]);
      const damaged = utf8(file.toString().replace(/("t":"eof","c":")[0-9a-f]{16}/, '$1ffffffffffffffff'));
      const again = decode(await written(await redacted(decode(damaged))));
      expect(again.map(({ t }) => t)).toEqual(['open', 'data', 'gap', 'note', 'data', 'close']);
      const noise = (await entries(again)).filter(({ kind }) => kind === 'exchange');
      expect(noise).toHaveLength(2);
    });
  });

  it('writes a note in place of a record whose header is too long', async () => {
    const long: Records = [
      { t: 'open', seq: 0, us: 0, c: '0123456789abcdef', mcpcap: 1, at: 'x', pid: 1, argv: ['é'.repeat(200_000)] },
      { t: 'other', seq: 1, us: 1, conn: 3, kind: 'fault', header: { original: 'é'.repeat(200_000) } },
    ];
    expect(decode(await written(long))).toEqual([
      { t: 'open', seq: 0, us: 0, c: '0123456789abcdef', mcpcap: 1, at: 'x', pid: 1 },
      { t: 'note', seq: 1, us: 1, conn: 3, text: expect.stringContaining('fault') },
    ]);
  });
});
