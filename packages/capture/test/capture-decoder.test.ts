import { join } from 'node:path';

import { CaptureDecoder, type Source } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Step, cut, decode, inFolder, record, stream } from './writing.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const source = fc.constantFrom<Source>('client', 'server', 'stderr');
const body = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 60 }),
  fc.constantFrom('{"jsonrpc":"2.0"}\n', '\n', '{"t":"open"', '{"t":"data","c":"', '\r\n', '{').map(text),
);
const read: fc.Arbitrary<Step> = fc.record({ from: source, bytes: body, conn: fc.integer({ min: 1, max: 3 }) });
const event: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  { event: { kind: 'spawn', pid: 7 } },
  { event: { kind: 'eof', from: 'client' } },
  { event: { kind: 'signal', signal: 'SIGTERM' } },
  { event: { kind: 'exit', code: null, signal: 'SIGKILL' } },
);
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: read }, { weight: 1, arbitrary: event }), { maxLength: 20 });

describe('CaptureDecoder', () => {
  it('gives the streams back exactly, however the file is chunked', async () => {
    await inFolder((folder) => {
      fc.assert(
        fc.property(steps, fc.array(fc.nat()), (written, places) => {
          const file = record(join(folder, 'a.mcpcap'), written);
          const records = decode(...cut(file, places));
          expect(records).toEqual(decode(file));
          expect(records.some(({ t }) => t === 'torn')).toBe(false);
          for (const conn of [1, 2, 3]) {
            for (const from of ['client', 'server', 'stderr'] as const) {
              const sent = written.flatMap((step) =>
                'from' in step && step.from === from && (step.conn ?? 1) === conn ? [step.bytes] : [],
              );
              expect(stream(records, from, conn)).toEqual(Buffer.concat(sent));
            }
          }
        }),
      );
    });
  });

  it('gives every record as soon as it is whole to who asks for that, and the same in the end', async () => {
    await inFolder((folder) => {
      fc.assert(
        fc.property(steps, fc.array(fc.nat()), (written, places) => {
          const file = record(join(folder, 'a.mcpcap'), written);
          const decoder = new CaptureDecoder();
          let at = 0;
          const records = cut(new Uint8Array(file), places).flatMap((piece) => {
            at += piece.length;
            const given = [...decoder.push(piece), ...decoder.settle()];
            return given.map((each) => ({ each, at }));
          });
          expect([...records.map(({ each }) => each), ...decoder.end()]).toEqual(decode(file));
          // What is whole at a place is what a file that ends there has.
          const ends = decode(file.subarray(0, at)).filter(({ t }) => t !== 'torn');
          expect(records).toHaveLength(ends.length);
        }),
      );
    });
  });

  it('reports as torn what stands behind a record that was given early and is no header', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [{ from: 'server', bytes: text('hello\n') }], false);
      const decoder = new CaptureDecoder();
      expect([...decoder.push(file), ...decoder.settle()].map(({ t }) => t)).toEqual(['open', 'data']);
      const rest = [...decoder.push(text('garbage\n')), ...decoder.end()];
      expect(rest).toEqual([{ t: 'torn', offset: file.length, bytes: 8 }]);
    });
  });

  it('reads a file fed byte by byte', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [{ from: 'server', bytes: text('noise without end') }]);
      expect(decode(...Array.from(file, (_, index) => file.subarray(index, index + 1)))).toEqual(decode(file));
    });
  });

  it('gives every whole record before a cut at any byte, and says what is torn', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [
        { event: { kind: 'spawn', pid: 7 } },
        { from: 'client', bytes: text('{"jsonrpc":"2.0","id":1,"method":"ping"}\n') },
        { from: 'server', bytes: text('half a li') },
        { from: 'server', bytes: text('ne\nand {"t":"open","c":"0123456789abcdef" in it\n') },
        { event: { kind: 'exit', code: 0, signal: null } },
      ]);
      const all = decode(file);
      for (let end = 0; end <= file.length; end++) {
        const found = decode(file.subarray(0, end));
        const whole = found.filter(({ t }) => t !== 'torn');
        expect(all.slice(0, whole.length)).toEqual(whole);
        const torn = found.filter((each) => each.t === 'torn');
        expect(torn.length).toBeLessThanOrEqual(1);
        for (const { offset, bytes } of torn) expect(offset + bytes).toBe(end);
        // Only a newline that the writer added may be missing without a word.
        const [first] = torn;
        const complete = first === undefined ? end : first.offset;
        expect(decode(file.subarray(0, complete)).filter(({ t }) => t !== 'torn')).toEqual(whole);
      }
    });
  });

  it('reads a file that was cut at any byte with another file behind it', async () => {
    await inFolder((folder) => {
      const first = record(join(folder, 'a.mcpcap'), [
        { from: 'client', bytes: text('{"jsonrpc":"2.0","id":1,"method":"ping"}\n') },
        { from: 'server', bytes: text('no newline') },
        { event: { kind: 'eof', from: 'server' } },
      ]);
      const second = record(join(folder, 'b.mcpcap'), [{ from: 'server', bytes: text('the second\n') }]);
      const expected = decode(second);
      for (let end = 0; end <= first.length; end++) {
        const found = decode(Buffer.concat([first.subarray(0, end), second]));
        expect(found.slice(-expected.length), `cut at ${end}`).toEqual(expected);
      }
    });
  });

  it('keeps the record before a header that was cut short with another file behind it', async () => {
    await inFolder((folder) => {
      const data = { from: 'client', bytes: text('whole\n') } as const;
      const first = record(join(folder, 'a.mcpcap'), [data, { event: { kind: 'eof', from: 'client' } }], false);
      const second = record(join(folder, 'b.mcpcap'), []);
      const header = first.lastIndexOf('{"t":"eof"');
      for (let end = header + 6; end < first.length - 1; end++) {
        const found = decode(Buffer.concat([first.subarray(0, end), second]));
        expect(
          found.map(({ t }) => t),
          `cut at ${end}`,
        ).toEqual(['open', 'data', 'torn', 'open', 'close']);
      }
    });
  });

  it('is never led astray by bytes that look like records', async () => {
    await inFolder((folder) => {
      const forged = [
        '{"t":"close","c":"0123456789abcdef","seq":9,"us":9}\n',
        '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":1,"at":"x","pid":1}\n',
        '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":99}\n',
      ].join('');
      const sent: Step[] = forged.split('').map((char) => ({ from: 'server', bytes: text(char) }));
      const records = decode(record(join(folder, 'a.mcpcap'), [{ from: 'client', bytes: text(forged) }, ...sent]));
      expect(stream(records, 'client').toString()).toBe(forged);
      expect(stream(records, 'server').toString()).toBe(forged);
      expect(new Set(records.map(({ t }) => t))).toEqual(new Set(['open', 'data', 'close']));
    });
  });

  it('survives bytes that repeat the true headers of the file', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [{ from: 'client', bytes: text('x\n') }]);
      const [open = '', ...rest] = file.toString().split(/(?<=\n)/);
      const replay = text(file.toString());
      const header = (rest[0] ?? '').replace(/"n":\d+/, `"n":${replay.length}`);
      const records = decode(text(open + header), replay, text(rest.slice(2).join('')));
      expect(records.map(({ t }) => t)).toEqual(['open', 'data', 'close']);
      expect(stream(records, 'client')).toEqual(Buffer.from(replay));
    });
  });

  it('never throws on a damaged file and finds the undamaged rest', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [
        { from: 'client', bytes: text('one\n') },
        { from: 'server', bytes: text('two') },
        { from: 'client', bytes: text('three\n') },
      ]);
      const openEnd = file.indexOf('\n') + 1;
      const place = fc.integer({ min: openEnd, max: file.length - 1 });
      fc.assert(
        fc.property(
          place,
          fc.uint8Array({ maxLength: 12 }),
          fc.nat(20),
          fc.array(fc.nat()),
          (at, junk, drop, places) => {
            const damaged = Buffer.concat([file.subarray(0, at), junk, file.subarray(at + drop)]);
            const records = decode(...cut(damaged, places));
            expect(records).toEqual(decode(damaged));
            expect(records[0]?.t).toBe('open');
          },
        ),
      );
    });
  });

  it("does not believe a header with another capture's mark, and goes on behind it", async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [
        { from: 'client', bytes: text('one\n') },
        { event: { kind: 'eof', from: 'client' } },
        { from: 'server', bytes: text('two\n') },
      ]);
      const wrong = file.toString().replace(/("t":"eof","c":")[0-9a-f]{16}/, '$1ffffffffffffffff');
      const records = decode(text(wrong));
      expect(records.map(({ t }) => t)).toEqual(['open', 'data', 'torn', 'data', 'close']);
      expect(stream(records, 'server').toString()).toBe('two\n');
    });
  });

  it('passes over kinds and keys that it does not know', async () => {
    await inFolder((folder) => {
      const [open = '', ...rest] = record(join(folder, 'a.mcpcap'), [])
        .toString()
        .split(/(?<=\n)/);
      const c = /"c":"([0-9a-f]+)"/.exec(open)?.[1] ?? '';
      const added = `{"t":"mark","c":"${c}","seq":1,"us":5,"text":"here"}\n{"t":"eof","c":"${c}","seq":2,"us":6,"from":"server","new":[1]}\n`;
      const records = decode(text(open + added + rest.join('')));
      expect(records.slice(1, 3)).toMatchObject([
        { t: 'other', kind: 'mark', header: { text: 'here' } },
        { t: 'eof', from: 'server' },
      ]);
    });
  });

  it('refuses a newer format and what is no capture with a code of its own', () => {
    const newer = '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":2,"at":"x","pid":1}\n';
    expect(() => decode(text(newer))).toThrow(expect.objectContaining({ code: 'NEWER_FORMAT' }));
    for (const other of [
      'hello\n',
      '\n',
      '{"t":"data"}\n',
      '{\n  "compilerOptions": {}\n}\n',
      '\u{feff}{"t":"open"',
      '{"jsonrpc":"2.0"}',
      'x'.repeat(2 ** 21),
    ]) {
      expect(() => decode(text(other))).toThrow(expect.objectContaining({ code: 'NOT_A_CAPTURE' }));
    }
    expect(decode()).toEqual([]);
  });

  it('takes time in proportion to the size of the file, whatever the file claims', () => {
    const c = '0123456789abcdef';
    const open = `{"t":"open","c":"${c}","seq":0,"us":0,"mcpcap":1,"at":"x","pid":1}\n`;
    const liar = `{"t":"data","c":"${c}","seq":1,"us":1,"from":"client","n":16777216}\n`;
    // Each claims 16 MiB: a reader that joined or searched them anew for each would need hours.
    const file = text(open + liar.repeat(150_000));
    const decoder = new CaptureDecoder();
    let torn = 0;
    for (let at = 0; at < file.length; at += 65_536) {
      torn += decoder.push(file.subarray(at, at + 65_536)).filter(({ t }) => t === 'torn').length;
    }
    torn += decoder.end().filter(({ t }) => t === 'torn').length;
    expect(torn).toBeGreaterThan(0);
  });

  it('does not copy data that lies in one chunk', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [{ from: 'client', bytes: text('as it is\n') }]);
      const [data] = decode(file).filter((each) => each.t === 'data');
      expect(data?.bytes.buffer).toBe(file.buffer);
    });
  });
});
