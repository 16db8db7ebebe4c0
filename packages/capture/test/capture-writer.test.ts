import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CaptureWriter } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { decode, inFolder, record, stream } from './writing.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A clock that moves on by a millisecond each time it is asked. */
function ticking(): () => number {
  let now = 1000;
  return () => now++;
}

describe('CaptureWriter', () => {
  it('writes a file that reads like a transcript', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({
        path: join(folder, 'a.mcpcap'),
        argv: ['python3', 'weather.py'],
        label: 'wéather',
        now: ticking(),
      });
      const connection = writer.connection();
      connection.event({ kind: 'spawn', pid: 4102 });
      connection.read('client', bytes('{"jsonrpc":"2.0","id":0,"method":"ping"}\n'));
      connection.read('stderr', bytes('Loading'));
      connection.event({ kind: 'eof', from: 'client' });
      connection.event({ kind: 'signal', signal: 'SIGTERM' });
      connection.event({ kind: 'exit', code: 1, signal: null });
      connection.event({ kind: 'note', text: 'an answer was dropped' });
      writer.close();
      const text = readFileSync(writer.path, 'utf8');
      const c = /"c":"([0-9a-f]{16})"/.exec(text)?.[1] ?? '';
      const at = /"at":"([^"]+)"/.exec(text)?.[1] ?? '';
      expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
      expect(
        text
          .replaceAll(c, 'C')
          .replace(at, 'AT')
          .replace(`"pid":${process.pid},"ppid":${process.ppid}`, '"pid":PID,"ppid":PPID'),
      ).toBe(
        [
          '{"t":"open","c":"C","seq":0,"us":0,"mcpcap":1,"at":"AT","argv":["python3","weather.py"],"pid":PID,"ppid":PPID,"label":"w\\u00e9ather"}',
          '{"t":"spawn","c":"C","seq":1,"us":1000,"pid":4102}',
          '{"t":"data","c":"C","seq":2,"us":2000,"from":"client","n":41}',
          '{"jsonrpc":"2.0","id":0,"method":"ping"}',
          '{"t":"data","c":"C","seq":3,"us":3000,"from":"stderr","n":7}',
          'Loading',
          '{"t":"eof","c":"C","seq":4,"us":4000,"from":"client"}',
          '{"t":"signal","c":"C","seq":5,"us":5000,"signal":"SIGTERM"}',
          '{"t":"exit","c":"C","seq":6,"us":6000,"code":1,"signal":null}',
          '{"t":"note","c":"C","seq":7,"us":7000,"text":"an answer was dropped"}',
          '{"t":"close","c":"C","seq":8,"us":8000}',
          '',
        ].join('\n'),
      );
    });
  });

  it('says which bytes are ours, and keeps beside what was done the frame as it came', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), now: ticking() });
      const connection = writer.connection();
      const rule = 'tool:search :: delay=2s';
      const original = bytes('{"id":1,"é":"\u{7f}"}\n');
      connection.event({ kind: 'fault', from: 'server', action: 'delay=2s', rule, original });
      connection.read('server', bytes('{"id":2}\n'), 'mcp-dbg');
      connection.event({ kind: 'fault', from: 'client', action: 'kill', rule: 'is:request :: kill' });
      connection.event({ kind: 'note', text: 'dropped', from: 'client', original: Uint8Array.of(0xff, 0x0a) });
      writer.connection().read('client', bytes('x'), 'mcp-dbg');
      writer.close();
      const lines = readFileSync(writer.path, 'latin1').replaceAll(/"c":"[0-9a-f]{16}",|"seq":\d+,|"us":\d+,/g, '');
      expect(lines.split('\n').slice(1, -2)).toEqual([
        `{"t":"fault","from":"server","action":"delay=2s","rule":"${rule}","original":"{\\"id\\":1,\\"\\u00e9\\":\\"\\u007f\\"}\\n"}`,
        '{"t":"data","from":"server","n":9,"by":"mcp-dbg"}',
        '{"id":2}',
        '{"t":"fault","from":"client","action":"kill","rule":"is:request :: kill"}',
        '{"t":"note","text":"dropped","from":"client","originalBase64":"/wo="}',
        '{"t":"data","conn":2,"from":"client","n":1,"by":"mcp-dbg"}',
        'x',
      ]);
    });
  });

  it('says which connection a record is of, from the second on', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const first = writer.connection({ server: 'weather', argv: ['node', 'w.js'] });
      const second = writer.connection({ server: 'notes', argv: ['node', 'n.js', '--token=abc'] });
      first.event({ kind: 'spawn', pid: 1 });
      second.event({ kind: 'spawn', pid: 2 });
      second.read('server', bytes('two'));
      first.read('server', bytes('one'));
      second.event({ kind: 'exit', code: null, signal: 'SIGKILL' });
      writer.close();
      const records = decode(readFileSync(writer.path));
      expect(records.map((each) => ('conn' in each ? each.conn : undefined))).toEqual([
        undefined,
        1,
        2,
        2,
        1,
        2,
        undefined,
      ]);
      expect(records[1]).toMatchObject({ t: 'spawn', server: 'weather', argv: ['node', 'w.js'] });
      expect(records[2]).toMatchObject({ t: 'spawn', server: 'notes', argv: ['node', 'n.js', '--token=***'] });
      expect(stream(records, 'server', 2).toString()).toBe('two');
    });
  });

  it('has every read in the file when the call returns', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection();
      for (const size of [1, 100, 16_383, 16_384, 16_385, 70_000]) {
        const before = stream(decode(readFileSync(writer.path)), 'client').length;
        connection.read('client', Buffer.alloc(size, 'x'));
        expect(stream(decode(readFileSync(writer.path)), 'client').length).toBe(before + size);
      }
      writer.close();
    });
  });

  it('cuts a read of more than 16 MiB into several records', async () => {
    await inFolder((folder) => {
      const huge = Buffer.alloc(40 * 1024 * 1024 + 3, 'abc\n');
      const records = decode(record(join(folder, 'a.mcpcap'), [{ from: 'server', bytes: huge }]));
      expect(records.filter(({ t }) => t === 'data')).toHaveLength(3);
      expect(stream(records, 'server').equals(huge)).toBe(true);
    });
  });

  it('keeps the file and the folder that it makes to their owner', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'state', 'captures', 'a.mcpcap') });
      writer.close();
      expect(statSync(writer.path).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, 'state', 'captures')).mode & 0o777).toBe(0o700);
    });
  });

  it('leaves a file that exists alone and puts the pid into the name', async () => {
    await inFolder((folder) => {
      const path = join(folder, 'mine.mcpcap');
      writeFileSync(path, 'precious');
      const writers = [new CaptureWriter({ path }), new CaptureWriter({ path })];
      for (const writer of writers) writer.close();
      expect(readFileSync(path, 'utf8')).toBe('precious');
      expect(writers.map((writer) => writer.path)).toEqual([
        join(folder, `mine-${process.pid}.mcpcap`),
        join(folder, `mine-${process.pid}-2.mcpcap`),
      ]);
    });
  });

  it('follows no planted link', async () => {
    await inFolder((folder) => {
      const target = join(folder, 'target');
      const path = join(folder, 'a.mcpcap');
      symlinkSync(target, path);
      new CaptureWriter({ path }).close();
      expect(existsSync(target)).toBe(false);
    });
  });

  it('refuses what is no regular file, and a folder that cannot be made', async () => {
    await inFolder((folder) => {
      mkdirSync(join(folder, 'a.mcpcap'));
      writeFileSync(join(folder, 'file'), '');
      const refusal = (path: string): unknown => {
        try {
          return new CaptureWriter({ path });
        } catch (error) {
          return error;
        }
      };
      expect(refusal(join(folder, 'a.mcpcap'))).toMatchObject({ name: 'CaptureError', code: 'NOT_A_FILE' });
      expect(refusal('/dev/null')).toMatchObject({ code: 'NOT_A_FILE' });
      expect(refusal(join(folder, 'file', 'a.mcpcap'))).toMatchObject({ code: 'UNAVAILABLE' });
      expect(readdirSync(folder).toSorted()).toEqual(['a.mcpcap', 'file']);
    });
  });

  it('stops growing at its limit, says so at once, and ends with an account of what is missing', async () => {
    await inFolder((folder) => {
      const maxBytes = 20_000;
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), maxBytes });
      const connection = writer.connection();
      const line = Buffer.alloc(1000, 'x');
      let sent = 0;
      while (!readFileSync(writer.path, 'latin1').includes('"t":"gap"')) {
        connection.read('client', line);
        sent += 1;
        expect(sent).toBeLessThan(100);
      }
      for (let more = 0; more < 50; more++) connection.read('server', line);
      connection.event({ kind: 'exit', code: 0, signal: null });
      writer.close();
      const records = decode(readFileSync(writer.path));
      expect(statSync(writer.path).size).toBeLessThanOrEqual(maxBytes);
      expect(stream(records, 'client').length).toBe((sent - 1) * 1000);
      const gaps = records.filter((each) => each.t === 'gap');
      expect(gaps.map(({ reason, missed }) => ({ reason, missed }))).toEqual([
        { reason: 'cap', missed: [{ conn: 1, from: 'client', reads: 1, bytes: 1000 }] },
        { reason: 'cap', missed: [{ conn: 1, from: 'server', reads: 50, bytes: 50_000 }] },
      ]);
      expect(records.slice(-2).map(({ t }) => t)).toEqual(['exit', 'close']);
    });
  });

  it('never grows beyond its limit, whatever is recorded', async () => {
    await inFolder((folder) => {
      const maxBytes = 10_000;
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), maxBytes });
      for (let restart = 0; restart < 200; restart++) {
        const connection = writer.connection({ server: 'weather', argv: ['node', 'server.js'] });
        connection.event({ kind: 'spawn', pid: restart });
        connection.read('server', Buffer.alloc(100, 'x'));
        connection.event({ kind: 'exit', code: 1, signal: null });
      }
      writer.close();
      expect(statSync(writer.path).size).toBeLessThanOrEqual(maxBytes);
      const records = decode(readFileSync(writer.path));
      expect(records.at(-1)?.t).toBe('close');
      expect(records.filter(({ t }) => t === 'torn')).toEqual([]);
    });
  });

  it('records nothing after close, and takes a second close', async () => {
    await inFolder((folder) => {
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap') });
      const connection = writer.connection();
      writer.close();
      const before = readFileSync(writer.path);
      connection.read('client', bytes('late\n'));
      connection.event({ kind: 'exit', code: 0, signal: null });
      writer.close();
      expect(readFileSync(writer.path).equals(before)).toBe(true);
    });
  });

  it('numbers its records without a hole', async () => {
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), [
        { event: { kind: 'spawn', pid: 1 } },
        { from: 'client', bytes: new Uint8Array() },
        { from: 'client', bytes: bytes('x') },
      ]);
      expect(decode(file).map((each) => ('seq' in each ? each.seq : -1))).toEqual([0, 1, 2, 3]);
    });
  });

  it('keeps headers readable whatever the command line was', async () => {
    await inFolder((folder) => {
      const argv = ['node', `--x=\u{202e}${'é'.repeat(60_000)}`, 'y'.repeat(900_000)];
      const writer = new CaptureWriter({ path: join(folder, 'a.mcpcap'), argv });
      writer.connection().event({ kind: 'note', text: 'n'.repeat(3_000_000) });
      writer.close();
      const file = readFileSync(writer.path);
      expect(decode(file).map(({ t }) => t)).toEqual(['open', 'note', 'close']);
      expect(file.every((byte) => byte < 0x80)).toBe(true);
    });
  });
});
