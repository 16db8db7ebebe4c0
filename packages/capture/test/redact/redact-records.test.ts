import type { CaptureRecord, DataRecord, Source, TornStretch } from '@mcp-dbg/capture';
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
