import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  CaptureDecoder,
  type CaptureRecord,
  type Entry,
  MAX_HEADER_BYTES,
  type TornStretch,
  plainEvent,
  readCapture,
  writeRecords,
} from '@mcp-dbg/capture';
import { CaptureWriter, type ConnectionEvent } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collected } from './redact/redacting.ts';
import { cut, decode, inFolder, record } from './writing.ts';

const OPEN = '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":1,"at":"x","pid":1}\n';

/** A capture of the headers with these fields. */
function headers(...fields: readonly string[]): Uint8Array {
  const lines = fields.map(
    (each, index) =>
      `{"t":${each.replace(/^("\w+")/, `$1,"c":"0123456789abcdef","seq":${index + 1},"us":${index + 1}`)}}\n`,
  );
  return Buffer.from(OPEN + lines.join(''));
}

type Records = readonly (CaptureRecord | TornStretch)[];

async function events(records: Records): Promise<readonly Extract<Entry, { kind: 'event' }>[]> {
  const entries = await collected(readCapture(records));
  return entries.flatMap((each) => (each.kind === 'event' ? [each] : []));
}

/** The originals that a capture tells of, put together. */
async function originals(records: Records): Promise<readonly Uint8Array[]> {
  return (await events(records)).flatMap(({ event }) =>
    (event.t === 'fault' || event.t === 'note') && event.original !== undefined ? [event.original] : [],
  );
}

/** Compared as a whole: one by one takes long. */
function isSame(originalsRead: readonly Uint8Array[], expected: readonly Uint8Array[]): boolean {
  const areSame = originalsRead.every((each, index) => Buffer.compare(each, expected[index] ?? Buffer.of()) === 0);
  return originalsRead.length === expected.length && areSame;
}

const fault = (original: Uint8Array): ConnectionEvent => ({
  kind: 'fault',
  from: 'server',
  action: 'drop',
  rule: 'is:any :: drop',
  original,
});

describe('the original frame of a fault or a note', () => {
  it('is read as it was written, byte for byte, however long it is and whatever is in it', async () => {
    const limit = 128 * 1024;
    const length = fc.oneof(
      fc.nat(40),
      fc.integer({ min: limit - 5, max: limit + 5 }),
      fc.integer({ min: 2 * limit - 5, max: 3 * limit }),
    );
    const unit = fc.constantFrom(
      'x',
      '\0',
      '"',
      '\u{7f}',
      'é',
      '\u{202e}',
      '€',
      '\u{1f600}',
      '{"t":"close","c":"',
      '\n',
    );
    const text = fc
      .tuple(unit, length)
      .map(([each, size]) => Buffer.from(each.repeat(Math.ceil(size / each.length))).subarray(0, size));
    const original = fc.oneof(text, fc.uint8Array({ maxLength: 300 }), fc.constant(Buffer.alloc(limit * 2 + 1, 0x80)));
    await inFolder(async (folder) => {
      await fc.assert(
        fc.asyncProperty(original, fc.array(fc.nat(), { maxLength: 4 }), async (bytes, places) => {
          const note: ConnectionEvent = { kind: 'note', text: 'kept', from: 'client', original: bytes };
          const file = record(join(folder, 'a.mcpcap'), [{ event: fault(bytes) }, { event: note, conn: 2 }]);
          expect(
            file
              .toString('latin1')
              .split('\n')
              .every((line) => line.length < MAX_HEADER_BYTES),
          ).toBe(true);
          const records = decode(...cut(file, places));
          expect(isSame(await originals(records), [bytes, bytes])).toBe(true);
          const again = Buffer.concat(await collected(writeRecords(records)));
          expect(again.equals(file)).toBe(true);
        }),
        { numRuns: 40 },
      );
    });
  });

  it('is put together before it is written again', async () => {
    const original = Buffer.from(`{"a":"${'é'.repeat(200_000)}"}\n`);
    await inFolder(async (folder) => {
      const records = decode(record(join(folder, 'a.mcpcap'), [{ event: fault(original) }]));
      const parts = records.filter(({ t }) => t === 'fault');
      expect(parts.map((each) => 'more' in each && each.more)).toEqual([true, true, true, false]);
      const [whole] = (await events(records)).filter(({ event }) => event.t === 'fault');
      expect(whole?.event).not.toHaveProperty('more');
      const [open] = records;
      const rewritten = await collected(
        writeRecords(open === undefined || whole === undefined ? [] : [open, whole.event]),
      );
      expect(isSame(await originals(decode(...rewritten)), [original])).toBe(true);
    });
  });

  it('says so where its end is missing', async () => {
    const records = decode(
      headers(
        '"fault","from":"client","action":"drop","rule":"r","original":"one","more":true',
        '"fault","from":"client","action":"drop","rule":"r","original":"two","more":true,"conn":2',
        '"note","text":"n","from":"client","original":"three","more":true',
      ),
    );
    const told = (await events(records)).slice(1).map(({ event }) => plainEvent(event));
    expect(told).toEqual([
      expect.objectContaining({ t: 'fault', conn: 1, original: 'one', more: true }),
      expect.objectContaining({ t: 'fault', conn: 2, original: 'two', more: true }),
      expect.objectContaining({ t: 'note', original: 'three', more: true }),
    ]);
  });

  it('is left out where it cannot be read, and so is a fault that does not say whose frame it was', () => {
    const records = decode(
      headers(
        '"fault","from":"client","action":7,"original":{"a":1}',
        '"fault","from":"client","action":"drop","rule":"r","originalBase64":"not base64!"',
        '"fault","from":"stderr","action":"drop","rule":"r"',
        '"fault","action":"drop"',
        '"note","text":"n","from":"nobody","original":"x","more":1',
      ),
    );
    expect(records.slice(1)).toEqual([
      { t: 'fault', seq: 1, us: 1, conn: 1, from: 'client', action: '', rule: '' },
      { t: 'fault', seq: 2, us: 2, conn: 1, from: 'client', action: 'drop', rule: 'r' },
      expect.objectContaining({ t: 'other', kind: 'fault' }),
      expect.objectContaining({ t: 'other', kind: 'fault' }),
      { t: 'note', seq: 5, us: 5, conn: 1, text: 'n', original: new Uint8Array([0x78]) },
    ]);
  });

  it('cannot pass for a record, wherever the file is cut', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection();
      connection.event(
        fault(Buffer.from('{"t":"exit","c":"0000000000000000","seq":1,"us":1,"code":0,"signal":null}\n')),
      );
      connection.read('server', Buffer.from('{"t":"'), 'mcp-dbg');
      writer.close();
      const file = readFileSync(writer.path);
      for (let end = file.indexOf('\n') + 1; end <= file.length; end++) {
        const decoder = new CaptureDecoder();
        const found = [...decoder.push(file.subarray(0, end)), ...decoder.end()].map(({ t }) => t);
        expect(found.filter((t) => t === 'exit')).toEqual([]);
      }
    });
  });
});
