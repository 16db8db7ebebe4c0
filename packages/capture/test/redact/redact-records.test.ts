import { type CaptureRecord, type DataRecord, type Source, type TornStretch, plainEvent } from '@mcp-dbg/capture';
import { type RedactRecordsOptions, redactRecords, secretsOfEnvironment } from '@mcp-dbg/capture/redact';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cut, stream } from '../writing.ts';
import { collected, redactor, shortened } from './redacting.ts';

type Records = readonly (CaptureRecord | TornStretch)[];

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const data = (from: Source, text: string, seq = 0, conn = 1): DataRecord => ({
  t: 'data',
  seq,
  us: seq * 10,
  conn,
  from,
  bytes: utf8(text),
});

async function run(records: Records, options?: RedactRecordsOptions, by = redactor()): Promise<Records> {
  return await collected(redactRecords(records, by, options));
}

/** What each data record says, placeholders made short, and the kinds of the others. */
function told(records: Records): readonly string[] {
  return records.map((each) => (each.t === 'data' ? shortened(Buffer.from(each.bytes).toString()) : each.t));
}

/** A record as plain values, with its bytes as text. */
function plain(record: CaptureRecord | TornStretch): Readonly<Record<string, unknown>> {
  return record.t === 'data' ? { ...record, bytes: Buffer.from(record.bytes).toString() } : plainEvent(record);
}

describe('redactRecords', () => {
  it('finds a secret that is spread over reads, and puts its placeholder where it starts', async () => {
    const records = [
      data('client', '{"a":1,"pass', 0),
      data('client', 'word":"s3c', 1),
      data('client', 'r', 2),
      data('client', 'et","b":2}\n{"c"', 3),
      data('client', ':3}\n', 4),
    ];
    const out = await run(records);
    expect(told(out)).toEqual(['{"a":1,"pass', 'word":"<password>', '","b":2}\n{"c"', ':3}\n']);
    expect(out.map((each) => (each.t === 'data' ? each.us : -1))).toEqual([0, 10, 30, 40]);
  });

  it('keeps the order of records while a line is not over', async () => {
    const records: Records = [
      data('server', 'token=s3', 0),
      data('client', 'one\n', 1),
      { t: 'note', seq: 2, us: 20, conn: 1, text: 'password: s3cr3t' },
      data('server', 'cret\n', 3),
    ];
    const out = await run(records);
    expect(told(out)).toEqual(['token=<token>', 'one\n', 'note', '\n']);
    expect(out[2]).toMatchObject({ text: expect.stringMatching(/^password: «redacted:password:/) });
  });

  it('takes the streams of each connection apart', async () => {
    const out = await run([
      data('server', 'password', 0, 1),
      data('server', '=s3cret\n', 1, 2),
      data('stderr', '=s3cret\n', 2, 1),
      data('server', '=s3cret\n', 3, 1),
    ]);
    expect(told(out)).toEqual(['password', '=s3cret\n', '=s3cret\n', '=<password>\n']);
  });

  it.each<[string, CaptureRecord]>([
    ['eof', { t: 'eof', seq: 1, us: 1, conn: 1, from: 'server' }],
    ['exit', { t: 'exit', seq: 1, us: 1, conn: 1, code: 0, signal: null }],
    ['close', { t: 'close', seq: 1, us: 1 }],
  ])('redacts a line that has no end before %s', async (kind, ending) => {
    expect(told(await run([data('server', 'token=s3cret'), ending, data('server', 'x\n')]))).toEqual([
      'token=<token>',
      kind,
      'x\n',
    ]);
  });

  it('replaces what follows missing bytes, unless it is a whole message', async () => {
    const gap: CaptureRecord = {
      t: 'gap',
      seq: 1,
      us: 1,
      reason: 'ENOSPC',
      since: 1,
      missed: [{ conn: 1, from: 'server', reads: 1, bytes: 9 }],
      events: 0,
    };
    const torn: TornStretch = { t: 'torn', offset: 9, bytes: 9 };
    for (const hole of [gap, torn]) {
      const out = await run([
        data('server', '{"password":"s3'),
        hole,
        data('server', 'cret"}\r\n{"b":1}\n'),
        hole,
        data('server', '{"c":1}\nplain\n'),
      ]);
      expect(told(out)).toEqual([
        '{"password":"<password>',
        hole.t,
        '<cut-line>\r\n{"b":1}\n',
        hole.t,
        '{"c":1}\nplain\n',
      ]);
      expect(await run(out)).toEqual(out);
    }
    expect(
      told(
        await run([
          torn,
          data('stderr', 'cret\n'),
          { t: 'spawn', seq: 1, us: 1, conn: 2, pid: 1 },
          data('stderr', 'hello\n', 2, 2),
        ]),
      ),
    ).toEqual(['torn', '<cut-line>\n', 'spawn', 'hello\n']);
  });

  it('replaces a line as a whole that would hold back more than the limit', async () => {
    const out = await run(
      [
        data('server', `ok\nlong password=s3`, 0),
        ...Array.from({ length: 100 }, (_, index) => data('client', 'x\n', index + 1)),
        data('server', 'cret', 101),
        data('server', 'and on\nnext\n', 102),
      ],
      { maxHeldBytes: 10_000 },
    );
    const all = told(out);
    expect(all[0]).toBe('ok\n<long-line>');
    expect(all.slice(1, -1)).toEqual(Array.from({ length: 100 }, () => 'x\n'));
    expect(all.at(-1)).toBe('\nnext\n');
  });

  it('holds a bounded part of a stream that never ends its line', async () => {
    let held = 0;
    async function* endless(): AsyncGenerator<CaptureRecord> {
      for (let seq = 0; seq < 2000; seq++) {
        held += 1000;
        yield await Promise.resolve(data('server', 'x'.repeat(1000), seq));
      }
    }
    const out: (CaptureRecord | TornStretch)[] = [];
    for await (const each of redactRecords(endless(), redactor(), { maxHeldBytes: 100_000 })) {
      out.push(each);
      expect(held).toBeLessThanOrEqual(110_000);
    }
    expect(told(out)).toEqual(['<long-line>']);
  });

  it('finds a private key that is written in lines', async () => {
    const lines = [
      '-----BEGIN RSA PRIVATE KEY-----',
      'Proc-Type: 4,ENCRYPTED',
      '',
      'czNjcmV0',
      'czNjcg==',
      '-----END RSA PRIVATE KEY-----',
      'after',
    ];
    expect(told(await run([data('stderr', `${lines.join('\n')}\n`)]))).toEqual([
      '<private-key>\n<private-key>\n\n<private-key>\n<private-key>\n<private-key>\nafter\n',
    ]);
  });

  it('redacts what other records say', async () => {
    const out = await run([
      {
        t: 'open',
        seq: 0,
        us: 0,
        c: '0123456789abcdef',
        mcpcap: 1,
        at: 'now',
        pid: 1,
        argv: ['x', '--token', 's3cret'],
        label: 'password=s3cret',
      },
      { t: 'spawn', seq: 1, us: 1, conn: 1, pid: 2, server: 'a', argv: ['API_KEY=s3cret'] },
      {
        t: 'other',
        seq: 2,
        us: 2,
        conn: 1,
        kind: 'http',
        header: { t: 'http', conn: 1, headers: { cookie: 's3cret' }, n: 1 },
      },
    ]);
    expect(JSON.stringify(out)).not.toContain('s3cret');
    expect(out[2]).toMatchObject({ kind: 'http', header: { t: 'http', conn: 1, n: 1 } });
  });

  it('redacts the frame as it came with the placeholder that its secret has elsewhere', async () => {
    const call = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"password":"s3cret"}}\n';
    const about = { seq: 1, us: 1, conn: 1, from: 'client' } as const;
    const out = await run([
      {
        t: 'fault',
        ...about,
        action: 'token: ghp_0123456789abcdefghij',
        rule: 'password=s3cret',
        original: utf8(call),
      },
      data('client', call, 2),
      { t: 'note', ...about, text: 'dropped password=s3cret', original: utf8(call.slice(0, 40)), more: true },
      { t: 'note', ...about, text: 'dropped password=s3cret', original: utf8(call.slice(40)) },
      { t: 'note', ...about, conn: 2, text: 'cut', original: utf8(call.slice(0, -10)), more: true },
    ]);
    const text = JSON.stringify(out.map((each) => plain(each)));
    expect(text).not.toMatch(/s3cret"|=s3cret|ghp_/);
    const [fault, , note, cutOff] = out.map((each) => plain(each));
    expect(fault?.['original']).toBe(Buffer.from(out[1]?.t === 'data' ? out[1].bytes : []).toString());
    expect(note?.['original']).toBe(fault?.['original']);
    expect(note).not.toHaveProperty('more');
    expect(cutOff).toMatchObject({ original: expect.stringMatching(/^«redacted:cut-line:[0-9a-f]+»$/), more: true });
  });

  it('leaves no part of a secret in what a frame was changed to', async () => {
    const secret = fc.stringMatching(/^[a-z0-9]{16,60}$/);
    const change = fc.tuple(fc.constantFrom('flip', 'truncate', 'split'), fc.double({ min: 0, max: 1, noNaN: true }));
    const shape = fc.constantFrom<(each: string) => string>(
      (each) => `{"jsonrpc":"2.0","id":1,"result":{"token":"${each}"}}\n`,
      (each) => `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"use ghp_${each} now"}]}}\n`,
      (each) => `password=${each}\n`,
    );
    await fc.assert(
      fc.asyncProperty(secret, shape, change, async (hidden, frame, [how, place]) => {
        const text = frame(hidden);
        const at = Math.floor(place * (text.length - 2));
        const changed = {
          flip: `${text.slice(0, at)}~${text.slice(at + 1)}`,
          truncate: `${text.slice(0, at)}\n`,
          split: `${text.slice(0, at)}\n${text.slice(at)}`,
        }[how];
        const out = await run([
          { t: 'fault', seq: 0, us: 0, conn: 1, from: 'server', action: how, rule: 'x', original: utf8(text) },
          { ...data('server', changed ?? '', 1), by: 'mcp-dbg' },
        ]);
        const shown = out.map((each) => JSON.stringify(plain(each))).join('\n');
        const runs = Array.from({ length: hidden.length - 15 }, (_, index) => hidden.slice(index, index + 16));
        expect(runs.filter((each) => shown.includes(each))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the same bytes in the same records where nothing is secret', async () => {
    const step = fc.record({
      from: fc.constantFrom<Source>('client', 'server', 'stderr'),
      text: fc.array(fc.constantFrom('a', '\n', '{"b":1}', '\r\n', 'é'), { minLength: 1, maxLength: 6 }),
      conn: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const records = steps.map(({ from, text, conn }, seq) => data(from, text.join(''), seq, conn));
        expect(await run(records)).toEqual(records);
      }),
    );
  });

  it('leaves no secret however the reads fall, and the streams as if each line had come at once', async () => {
    const lines = [
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"login","arguments":{"password":"s3cret"}}}\n',
      `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"{\\"token\\":\\"s3cret\\"}"}]}}\n`,
      'noise API_KEY=s3cret\r\n',
      '\n',
      'ghp_s3cretS3cret1 \u00ff hunter22',
    ].map(utf8);
    const all = Buffer.concat(lines);
    const told = { secrets: secretsOfEnvironment({ A_TOKEN: 'hunter22' }) };
    const by = redactor(told);
    const whole = Buffer.concat(lines.map((line) => by.redactLine(line)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (places) => {
        const records = cut(all, places)
          .filter(({ length }) => length > 0)
          .map((bytes, seq): DataRecord => ({ t: 'data', seq, us: seq, conn: 1, from: 'server', bytes }));
        expect(stream(await run(records, {}, redactor(told)), 'server')).toEqual(whole);
      }),
    );
    expect(whole.toString()).not.toMatch(/s3cret|hunter22/i);
  });
});
