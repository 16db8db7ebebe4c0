import { chmodSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readCommand, readFromProxy } from '../../src/attach/live-message.ts';
import { jsonLines, run, scratch } from '../driver.ts';
import { HeldProxy, attached, captureOf, liveFolderOf, newHome, placesOf } from './held-proxy.ts';

const CALLS = ['--hold', 'is:pending method:tools/call'];

/** Somebody at the socket who keeps to nothing. */
class Stranger {
  readonly #socket: Socket;
  text = '';
  isClosed = false;

  constructor(place: string) {
    this.#socket = connect(place);
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk: Buffer) => (this.text += chunk.toString('utf8')));
    this.#socket.once('close', () => (this.isClosed = true));
  }

  says(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  stopsReading(): void {
    this.#socket.pause();
  }

  readsOn(): void {
    this.#socket.resume();
  }

  async saw(pattern: RegExp): Promise<void> {
    await waitFor(() => pattern.test(this.text) || this.isClosed, String(pattern));
    if (!pattern.test(this.text)) throw new Error(`It was cut off without ${String(pattern)}: ${this.text}`);
  }

  leaves(): void {
    this.#socket.destroy();
  }
}

describe.concurrent('strangers at the socket', () => {
  test('are told what is wrong with each line, change nothing, and do not stop the traffic', async () => {
    const proxy = await new HeldProxy(CALLS).opens();
    const [place = ''] = placesOf(proxy.home);
    const stranger = new Stranger(place);
    await stranger.saw(/"type":"hello"/);
    proxy.calls(1, 'held');
    await stranger.saw(/"type":"held"/);
    const lines = [
      'not JSON',
      '[]',
      '{"re":1}',
      '{"v":2,"re":2,"do":"all"}',
      '{"v":1,"re":3,"do":"kill"}',
      '{"v":1,"re":4,"do":"accept","number":"1"}',
      '{"v":1,"re":5,"do":"add","to":"everybody","text":"x"}',
      '{"v":1,"re":6,"do":"accept","number":9007199254740993}',
      '{"v":1,"re":7,"do":"edit","number":1,"text":{}}',
      '{"__proto__":{"do":"all"},"v":1,"re":8}',
    ];
    stranger.says(Uint8Array.of(0xff, 0xfe, 0x00, 0x0a));
    for (const line of lines) stranger.says(`${line}\n`);
    await stranger.saw(/"re":8/);
    const told = jsonLines(stranger.text).filter(({ type }) => type === 'refused');
    expect(told).toHaveLength(lines.length + 1);
    expect(proxy.got, 'nothing was let go').toHaveLength(1);
    stranger.says('{"v":1,"re":9,"do":"accept","number":1}\n');
    expect(await proxy.answer(1)).toContain('held');
    stranger.leaves();
    await proxy.closes();
  });

  test('are cut off where a line never ends', async () => {
    const proxy = await new HeldProxy(CALLS).opens();
    const [place = ''] = placesOf(proxy.home);
    const stranger = new Stranger(place);
    await stranger.saw(/"type":"hello"/);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 40; i++) stranger.says(chunk);
    await waitFor(() => stranger.isClosed, 'the end of the connection');
    proxy.says({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    await proxy.answer('p');
    await proxy.closes();
  });

  test('who do not read are cut off, and the traffic goes on', async () => {
    const proxy = await new HeldProxy(CALLS).opens();
    const [place = ''] = placesOf(proxy.home);
    const stranger = new Stranger(place);
    await stranger.saw(/"type":"hello"/);
    stranger.stopsReading();
    const text = 'y'.repeat(60_000);
    // What asks for a whole frame gets more than the socket and its queue take.
    for (let id = 1; id <= 8; id++) proxy.calls(id, text);
    proxy.says({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    await proxy.answer('p');
    for (let re = 1; re <= 200; re++) stranger.says(`{"v":1,"re":${re},"do":"show","number":${1 + (re % 8)}}\n`);
    // Who does not read learns of the end by writing.
    await waitFor(() => {
      stranger.says('\n');
      return stranger.isClosed;
    }, 'the end of the connection');
    proxy.says({ jsonrpc: '2.0', id: 'q', method: 'ping' });
    await proxy.answer('q');
    await proxy.closes();
  });

  test('see all that is held, however much it is, and a frame whole that is large, while others pass', async () => {
    const proxy = await new HeldProxy([...CALLS, '--hold-for', '600']).opens();
    const [place = ''] = placesOf(proxy.home);
    const large = 5 * 1024 * 1024;
    proxy.calls(1, 'x'.repeat(large));
    for (let id = 2; id <= 100; id++) proxy.calls(id, 'y'.repeat(70_000));
    proxy.says({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    await proxy.answer('p');
    const stranger = new Stranger(place);
    await stranger.saw(/"number":100,/);
    const told = jsonLines(stranger.text).filter(({ type }) => type === 'held');
    expect(told.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    stranger.text = '';
    stranger.stopsReading();
    stranger.says('{"v":1,"re":1,"do":"show","number":1}\n{"v":1,"re":2,"do":"drop","number":2}\n');
    stranger.says('{"v":1,"re":3,"do":"reply","number":3,"text":"{}"}\n');
    await proxy.answer(3);
    stranger.readsOn();
    await stranger.saw(/"re":3,/);
    const [whole, ...others] = jsonLines(stranger.text);
    expect(String(whole?.['raw'])).toHaveLength(Number(whole?.['bytes']) - 1);
    expect(Number(whole?.['bytes'])).toBeGreaterThan(large);
    expect(others.map(({ type }) => type)).toEqual(['settled', 'done', 'settled', 'done']);
    stranger.leaves();
    // What is held is not passed on then, which would take its time.
    proxy.program.child.kill('SIGTERM');
    await proxy.program.ended;
  });

  test('are eight at most', async () => {
    const proxy = await new HeldProxy(CALLS).opens();
    const [place = ''] = placesOf(proxy.home);
    const strangers = Array.from({ length: 8 }, () => new Stranger(place));
    await Promise.all(strangers.map((stranger) => stranger.saw(/"type":"hello"/)));
    const ninth = new Stranger(place);
    await ninth.saw(/"type":"refused".*8 are attached already/);
    const ran = await run(['attach'], { env: { HOME: proxy.home } });
    expect(ran.stderr).toMatch(
      /No proxy runs that holds frames \(pid \d+: 8 are attached already; detach one of them\)/,
    );
    strangers[0]?.leaves();
    await waitFor(async () => {
      const tenth = new Stranger(place);
      await waitFor(() => tenth.text !== '', 'a word of the proxy');
      tenth.leaves();
      return tenth.text.includes('"type":"hello"');
    }, 'room for another');
    for (const stranger of strangers) stranger.leaves();
    await proxy.closes();
  });
});

describe.concurrent('the folder of the sockets', () => {
  test('is made for its owner alone, and so is the socket, whatever the umask', async () => {
    const { proxy, person } = await attached(CALLS);
    const folder = liveFolderOf(proxy.home);
    const [place = ''] = placesOf(proxy.home);
    expect((lstatSync(folder).mode & 0o777).toString(8)).toBe('700');
    expect((lstatSync(place).mode & 0o777).toString(8)).toBe('600');
    await proxy.closes();
    await person.program.ended;
    expect(placesOf(proxy.home)).toEqual([]);
  });

  const strange: Readonly<Record<string, readonly [(folder: string) => void, RegExp]>> = {
    'others may enter': [(folder) => chmodSync(folder, 0o755), /others may use it/],
    'is a link': [
      (folder) => {
        const target = mkdtempSync(join(scratch, 'target-'));
        symlinkSync(target, folder);
      },
      /it is a link/,
    ],
    'is a file': [(folder) => writeFileSync(folder, ''), /it is something else/],
    'lies where others may write': [(folder) => chmodSync(join(folder, '..'), 0o777), /others may write to the folder/],
  };

  test.for(Object.entries(strange))(
    'that %s is not used by either side: nothing is held then',
    async ([, [make, why]]) => {
      const home = newHome();
      const folder = liveFolderOf(home);
      const isMade = why.source.includes('others');
      mkdirSync(isMade ? folder : join(folder, '..'), { recursive: true, mode: 0o700 });
      make(folder);
      const proxy = await new HeldProxy([...CALLS, '--announce'], { home }).opens();
      proxy.calls(1, 'goes on at once');
      expect(await proxy.answer(1)).toContain('goes on at once');
      const ran = await run(['attach'], { env: { HOME: home } });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /^mcp-dbg: Cannot look for running proxies in ".*": .*delete .*, or give it to its owner alone \(chmod 700\)\n$/,
      );
      expect(ran.stderr).toMatch(why);
      await proxy.closes();
      expect(proxy.program.stderr).toMatch(/nothing is held: nobody could attach: /);
      expect(proxy.program.stderr).toMatch(why);
      expect(captureOf(home)).toMatch(/"t":"note".*nothing is held: nobody could attach: /);
    },
  );

  test('whose path is too long for a socket is told, and nothing is held', async () => {
    const home = join(newHome(), 'a'.repeat(80));
    mkdirSync(home);
    const proxy = await new HeldProxy([...CALLS, '--announce'], { home }).opens();
    proxy.calls(1, 'goes on');
    expect(await proxy.answer(1)).toContain('goes on');
    await proxy.closes();
    expect(proxy.program.stderr).toMatch(
      /its path has \d+ bytes, and 103 are the limit of sockets; use a home folder with a shorter path/,
    );
  });
});

describe('what is said at a socket', () => {
  test('is read without ever throwing, whatever the line', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('held', 'hello', 'accept', 'add', 1, 'client'));
    const keys = fc.constantFrom('type', 'v', 're', 'do', 'number', 'text', 'to', 'from', 'raw', '__proto__');
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(keys, value).map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(line, (each) => {
        const command = readCommand(each);
        expect('problem' in command || 'do' in command).toBe(true);
        readFromProxy(each);
      }),
    );
  });
});
