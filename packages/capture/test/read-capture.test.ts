import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Entry, type Source, readCapture } from '@mcp-dbg/capture';
import { CaptureWriter } from '@mcp-dbg/capture/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Step, decode, inFolder, record } from './writing.ts';

async function entries(file: Uint8Array): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const entry of readCapture(decode(file))) found.push(entry);
  return found;
}

/** Records steps and reads them back, without the lines that every capture has. */
async function happened(steps: readonly Step[], close = true): Promise<readonly Entry[]> {
  return await inFolder(async (folder) => {
    const all = await entries(record(join(folder, 'a.mcpcap'), steps, close));
    return all.filter((each) => each.kind !== 'event' || (each.event.t !== 'open' && each.event.t !== 'close'));
  });
}

const said = (from: Source, text: string, conn = 1): Step => ({ from, bytes: Buffer.from(text), conn });
const request = (id: number, method = 'ping'): string => `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`;
const answer = (id: number): string => `${JSON.stringify({ jsonrpc: '2.0', id, result: {} })}\n`;

/** An entry in a word or two. */
function brief(entry: Entry): string {
  switch (entry.kind) {
    case 'exchange': {
      const { n, kind, method, status } = entry.exchange;
      return `${n} ${method ?? kind}${status === undefined ? '' : ` ${status}`}`;
    }
    case 'stderr':
      return `stderr ${Buffer.from(entry.bytes).toString()}${entry.terminated ? '' : ' …'}`;
    case 'event':
      return entry.event.t;
  }
}

describe('readCapture', () => {
  it('lists what happened in order of first bytes, numbered in that order', async () => {
    const all = await happened([
      { event: { kind: 'spawn', pid: 1 } },
      said('server', 'Loading'),
      said('client', request(1, 'initialize')),
      said('stderr', 'war'),
      said('server', ' models\n'),
      said('client', request(2, 'tools/list')),
      said('stderr', 'ning\nagain'),
      said('server', answer(2) + answer(1)),
      said('server', '{"jsonrpc":"2.0","method":"notifications/message"}\n'),
      said('server', answer(9)),
      { event: { kind: 'eof', from: 'client' } },
      { event: { kind: 'exit', code: 0, signal: null } },
    ]);
    expect(all.map(brief)).toEqual([
      'spawn',
      '1 noise',
      '2 initialize ok',
      'stderr warning',
      '3 tools/list ok',
      'stderr again …',
      '6 notifications/message',
      '7 response orphan',
      'eof',
      'exit',
    ]);
    expect(all.map(({ us }) => us)).toEqual(all.map(({ us }) => us).toSorted((a, b) => a - b));
  });

  it('calls what a dead server owes lost, and what a living one owes pending', async () => {
    const dead = await happened([
      said('client', request(1)),
      { event: { kind: 'exit', code: null, signal: 'SIGKILL' } },
    ]);
    expect(dead.map(brief)).toEqual(['1 ping lost', 'exit']);
    const living = await happened(
      [said('client', request(1)), said('client', request(2)), said('server', answer(2))],
      false,
    );
    expect(living.map(brief)).toEqual(['1 ping pending', '2 ping ok']);
  });

  it('shows a last line without its newline as what it is', async () => {
    const [only] = await happened([said('server', '{"json'), { event: { kind: 'eof', from: 'server' } }]);
    expect(only).toMatchObject({ kind: 'exchange', exchange: { kind: 'noise', frame: { terminated: false } } });
  });

  it('keeps connections apart, and numbers their frames together', async () => {
    const all = await happened([
      said('client', request(1, 'first')),
      said('client', request(1, 'second'), 2),
      said('server', 'half'),
      said('server', answer(1), 2),
      { event: { kind: 'exit', code: 1, signal: null } },
      said('client', request(2, 'third'), 2),
    ]);
    expect(all.map((each) => [each.kind === 'event' ? each.conn : 'conn' in each && each.conn, brief(each)])).toEqual([
      [1, '1 first lost'],
      [2, '2 second ok'],
      [1, '3 noise'],
      [1, 'exit'],
      [2, '5 third pending'],
    ]);
  });

  it('names the server of a connection where the session has a name for it', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection({ server: 'notes' });
      connection.event({ kind: 'spawn', pid: 1 });
      connection.read('client', Buffer.from(request(1)));
      writer.close();
      const all = await entries(readFileSync(writer.path));
      expect(all.map(({ server }) => server)).toEqual([undefined, 'notes', 'notes', undefined]);
    });
  });

  it('joins no line across bytes that are missing', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const file = record(path, [said('server', '{"jsonrpc":'), said('server', '"2.0"}\n')]).toString('latin1');
      const c = /"c":"([0-9a-f]+)"/.exec(file)?.[1] ?? '';
      const us = /"seq":1,"us":(\d+)/.exec(file)?.[1] ?? '';
      const gap = `{"t":"gap","c":"${c}","seq":2,"us":${us},"reason":"ENOSPC","since":4,"missed":[{"conn":1,"from":"server","reads":1,"bytes":9}],"events":0}\n`;
      const second = file.lastIndexOf('{"t":"data"');
      const all = await entries(Buffer.from(file.slice(0, second) + gap + file.slice(second), 'latin1'));
      expect(all.map(brief)).toEqual(['open', '1 noise', 'gap', '2 noise', 'close']);
    });
  });

  it('starts anew with each capture of a concatenated file', async () => {
    await inFolder(async (folder) => {
      const one = record(join(folder, 'a.mcpcap'), [said('client', request(1))]);
      const two = record(join(folder, 'b.mcpcap'), [said('server', answer(1)), said('client', request(1))]);
      const all = await entries(Buffer.concat([one, two]));
      expect(all.map(brief)).toEqual([
        'open',
        '1 ping pending',
        'close',
        'open',
        '2 response orphan',
        '3 ping pending',
        'close',
      ]);
    });
  });

  it('says where a capture is torn', async () => {
    await inFolder(async (folder) => {
      const file = record(join(folder, 'a.mcpcap'), [said('client', request(1)), said('server', answer(1))]);
      const all = await entries(file.subarray(0, file.lastIndexOf('{"jsonrpc"') + 5));
      expect(all.map(brief)).toEqual(['open', '1 ping pending', 'torn']);
    });
  });

  it('gives out at once what nobody waits for, and its late answer as a line of its own', async () => {
    const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}\n';
    const all = await happened([
      said('client', request(1, 'subscriptions/listen')),
      said('client', request(2, 'tools/list')),
      said('client', cancelled),
      said('client', request(3)),
      said('server', answer(3)),
      said('server', answer(2)),
      said('server', answer(1)),
    ]);
    expect(all.map(brief)).toEqual([
      '1 subscriptions/listen pending',
      '2 tools/list cancelled',
      '3 notifications/cancelled',
      '4 ping ok',
      '6 tools/list cancelled',
      '7 subscriptions/listen ok',
    ]);
    expect(all.slice(-2)).toMatchObject([
      { exchange: { kind: 'response', from: 'server', id: '2' } },
      { exchange: { kind: 'response', from: 'server', id: '1' } },
    ]);
  });

  it('keeps the answer of a cancelled request with it while both are held back', async () => {
    const cancelled = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}\n';
    const all = await happened([
      said('client', request(1, 'tools/list') + request(2) + cancelled),
      said('server', answer(2) + answer(1)),
    ]);
    expect(all.map(brief)).toEqual(['1 tools/list ok', '2 ping cancelled', '3 notifications/cancelled']);
    expect(all[1]).toMatchObject({ exchange: { answer: { n: 4 } } });
  });

  const notices = (count: number, bytes = 0): string =>
    `{"jsonrpc":"2.0","method":"notifications/message","params":"${'x'.repeat(bytes)}"}\n`.repeat(count);

  it.each([
    ['entries', [said('client', request(1)), said('server', notices(10_001))]],
    ['bytes', [said('client', request(1)), ...Array.from({ length: 40 }, () => said('server', notices(1, 1e6)))]],
  ])('holds no more than so many %s back for an answer', async (_, steps) => {
    const last = said('server', answer(1));
    const all = await happened([...steps, last, { event: { kind: 'exit', code: 0, signal: null } }]);
    expect(all.slice(0, 2).map(brief)).toEqual(['1 ping pending', '2 notifications/message']);
    expect(all.slice(-2).map(brief)).toEqual([`${all.length - 1} ping ok`, 'exit']);
    expect(all.at(-2)).toMatchObject({ exchange: { kind: 'response', from: 'server' } });
  });

  it('calls nothing lost that was given out as pending, and gives nothing twice', async () => {
    const all = await happened([
      said('client', request(1, 'subscriptions/listen')),
      { event: { kind: 'exit', code: 0, signal: null } },
    ]);
    expect(all.map(brief)).toEqual(['1 subscriptions/listen pending', 'exit']);
  });

  it('holds no more than so many entries back for a line that does not end', async () => {
    await inFolder(async (folder) => {
      const steps = [said('stderr', 'half'), said('server', notices(10_001)), said('stderr', ' a line\n')];
      const records = decode(record(join(folder, 'a.mcpcap'), steps));
      let read = 0;
      const counted = (function* () {
        for (const each of records) {
          read++;
          yield each;
        }
      })();
      const found: string[] = [];
      for await (const entry of readCapture(counted)) {
        // The open record, half of the line, and what the server said: the rest of the line was not read yet.
        if (found.length === 1) expect(read).toBe(3);
        found.push(brief(entry));
      }
      expect(found).toHaveLength(10_004);
      expect(found.slice(0, 2)).toEqual(['open', '1 notifications/message']);
      expect(found).toContain('stderr half a line');
    });
  });

  it('knows the server of a connection after its process ended', async () => {
    await inFolder(async (folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection({ server: 'notes' });
      connection.event({ kind: 'spawn', pid: 1 });
      connection.event({ kind: 'exit', code: 0, signal: null });
      connection.event({ kind: 'eof', from: 'server' });
      connection.read('client', Buffer.from(request(1)));
      connection.event({ kind: 'eof', from: 'client' });
      writer.close();
      const all = await entries(readFileSync(writer.path));
      expect(all.map(brief)).toEqual(['open', 'spawn', 'exit', 'eof', '1 ping lost', 'eof', 'close']);
      expect(all.slice(1, -1).map(({ server }) => server)).toEqual(Array(5).fill('notes'));
    });
  });

  it('gives the same entries however the reads were cut, and loses no byte of them', async () => {
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom<Source>('client', 'server', 'stderr'),
        fc.constantFrom(request(1), request(2), answer(1), answer(2), 'noise\n', '\n', 'é\r\n', '[]\n'),
      ),
      { maxLength: 15 },
    );
    await inFolder(async (folder) => {
      await fc.assert(
        fc.asyncProperty(lines, fc.nat(6), async (sent, size) => {
          const whole = sent.map(([from, text]) => said(from, text));
          const pieces = sent.flatMap(([from, text]) => {
            const bytes = Buffer.from(text);
            const middle = Math.min(size, bytes.length - 1);
            return [bytes.subarray(0, middle), bytes.subarray(middle)].map((part) => ({ from, bytes: part }));
          });
          const [one, other] = await Promise.all(
            [whole, pieces].map(async (steps) => await entries(record(join(folder, 'a.mcpcap'), steps))),
          );
          expect(other?.map(brief)).toEqual(one?.map(brief));
          const bytes = (other ?? []).flatMap((each) => {
            if (each.kind === 'stderr') return [each.bytes.length + 1];
            if (each.kind === 'event') return [];
            const { frame, answer: second } = each.exchange;
            return [frame.bytes.length + 1, ...(second === undefined ? [] : [second.bytes.length + 1])];
          });
          const total = sent.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);
          expect(bytes.reduce((sum, each) => sum + each, 0)).toBe(total);
        }),
      );
    });
  });
});
