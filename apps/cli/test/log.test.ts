import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { CaptureWriter, captureFolder, type ConnectionRecorder } from '@mcp-dbg/capture/node';
import { afterAll, describe, expect, it } from 'vitest';

import { log } from '../src/commands/log.ts';
import type { Io } from '../src/io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcp-dbg-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** Records what `act` does and gives the capture's path. */
function captured(act: (connection: ConnectionRecorder, writer: CaptureWriter) => void, path?: string): string {
  let now = 0;
  const writer = new CaptureWriter({
    path: path ?? join(folder, `${++files}.mcpcap`),
    argv: ['python3', 'weather.py'],
    // A millisecond more each time it is asked.
    now: () => now++,
  });
  act(writer.connection(), writer);
  writer.close();
  return writer.path;
}

function world(stdout: Writable, stderr: Writable): Io {
  return {
    stdin: Readable.from([]),
    stdout,
    stderr,
    env: {},
    cwd: folder,
    home: folder,
    platform: 'linux',
    merged: false,
    terminal: { stdin: false, stdout: false, stderr: false },
    onSignal: () => () => {},
    onExit: () => () => {},
  };
}

async function run(
  capture: string | undefined,
  json = false,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = world(stdout, stderr);
  const said = Promise.all([text(stdout), text(stderr)]);
  try {
    const code = await log(io, capture === undefined ? [] : [capture], { json });
    stdout.end();
    stderr.end();
    const [out, err] = await said;
    return { code, stdout: out, stderr: err };
  } catch (error) {
    stdout.destroy();
    stderr.destroy();
    await said.catch(() => {});
    throw error;
  }
}

/** The lines of `log --json`, of exchanges and lone frames, and of what else is asked for. */
async function lines(
  capture: string,
  ...kinds: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { stdout } = await run(capture, true);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    .filter(({ kind }) => kinds.includes(String(kind)) || (kinds.length === 0 && kind !== 'event'));
}

function story(connection: ConnectionRecorder): void {
  const say = (from: 'client' | 'server' | 'stderr', line: string): void =>
    connection.read(from, Buffer.from(`${line}\n`));
  connection.event({ kind: 'spawn', pid: 4102 });
  say('server', 'Loading np models..');
  say(
    'client',
    '{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
  );
  say('server', '{"jsonrpc":"2.0","id":0,"result":{}}');
  say(
    'client',
    '{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"forecast","arguments":{"city":"Zü\u202e"}}}',
  );
  say('server', '{"jsonrpc":"2.0","id":"a","result":{"isError":true,"content":[]}}');
  say('client', '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"slow"}}');
  say('stderr', 'Traceback (most recent call last):');
  say('server', '{"jsonrpc":"2.0","id":"nobody","error":{"code":-1,"message":"no"}}');
  connection.read('server', Uint8Array.of(0x7b, 0x22, 0xff));
  connection.event({ kind: 'eof', from: 'server' });
  connection.event({ kind: 'exit', code: 1, signal: null });
}

describe('log', () => {
  it('tells the story, a line each, with what went wrong marked', async () => {
    const { code, stdout } = await run(captured(story));
    expect(code).toBe(0);
    expect(stdout.replace(/opened \S+Z, pid \d+/, 'opened AT, pid PID')).toBe(
      [
        '    #      +time  dir       dur                 size  what',
        '          0.000s  ***                                 capture opened AT, pid PID: python3 weather.py',
        '          0.001s  ***                                 server started, pid 4102',
        '    1     0.002s  <--                           20 B  NOISE  Loading np models..  not a message: Unexpected token \'L\', "Loading np models.." is not valid JSON  [stdio/not-json]',
        '    2     0.003s  <->    1.0 ms         128 B / 37 B  server/discover  probe modern 2026-07-28  [meta/client-capabilities] [meta/client-info]',
        '    4     0.005s  <->    1.0 ms         108 B / 66 B  tools/call forecast  {"city":"Zü\\u{202e}"}  tool error  [lifecycle/initialize-first]',
        '    6     0.007s  -->                           87 B  tools/call slow  LOST: no answer with its id before the server ended  [json-rpc/unsafe-integer] [process/lost-request]',
        '          0.008s  err                           35 B  Traceback (most recent call last):',
        '    7     0.009s  <--                           67 B  ORPHAN: an answer to nothing  {"jsonrpc":"2.0","id":"nobody","error":{"code":-1,"message":"no"}}  [json-rpc/orphan]',
        '    8     0.010s  <--                            3 B  NOISE  {"\ufffd  not a message: the bytes are not UTF-8  no newline at its end  [stdio/newline] [stdio/utf-8]',
        '          0.011s  ***                                 server closed its stdout',
        '          0.012s  ***                                 server exited, code 1',
        '          0.013s  ***                                 capture closed',
        '',
      ].join('\n'),
    );
  });

  it('gives the same as JSON, with ids and texts exactly as they were', async () => {
    const path = captured(story);
    const { stdout } = await run(path, true);
    expect(stdout).toContain('"id":9007199254740993,');
    const found = await lines(path);
    expect(found.map((line) => Object.keys(line).join(' '))).toEqual([
      ...Array.from({ length: 6 }, () => 'n us from kind id method tool status ms bytes raw answer'),
      'n us from kind id method tool status ms bytes raw rawBase64 answer',
    ]);
    expect(
      found.map(({ n, us, from, kind, method, tool, status, ms, bytes }) => [
        n,
        us,
        from,
        kind,
        method,
        tool,
        status,
        ms,
        bytes,
      ]),
    ).toEqual([
      [1, 2000, 'server', 'noise', null, null, null, null, 20],
      [2, 3000, 'client', 'request', 'server/discover', null, 'ok', 1, 128],
      [4, 5000, 'client', 'request', 'tools/call', 'forecast', 'tool-error', 1, 108],
      [6, 7000, 'client', 'request', 'tools/call', 'slow', 'lost', null, 87],
      [null, 8000, 'stderr', 'stderr', null, null, null, null, 35],
      [7, 9000, 'server', 'response', null, null, 'orphan', null, 67],
      [8, 10_000, 'server', 'noise', null, null, null, null, 3],
    ]);
    expect(found[2]).toMatchObject({
      id: 'a',
      raw: expect.stringContaining('"Zü\u202e"') as string,
      answer: '{"jsonrpc":"2.0","id":"a","result":{"isError":true,"content":[]}}',
    });
    expect(found[6]).toMatchObject({
      raw: null,
      rawBase64: Buffer.from([0x7b, 0x22, 0xff]).toString('base64'),
      answer: null,
    });
  });

  it('gives events with their records', async () => {
    const events = await lines(captured(story), 'event');
    expect(events.map(({ raw }) => JSON.parse(String(raw)) as unknown)).toMatchObject([
      { t: 'open', argv: ['python3', 'weather.py'] },
      { t: 'spawn', pid: 4102 },
      { t: 'eof', from: 'server' },
      { t: 'exit', code: 1, signal: null },
      { t: 'close' },
    ]);
    for (const { n, from, status, bytes } of events) expect([n, from, status, bytes]).toEqual([null, null, null, null]);
  });

  it('puts nothing raw on a terminal or into JSON', async () => {
    const path = captured((connection) => {
      const evil = '\u001b]0;x\u0007\u009b31m\u202e\u{e0041}\u200b';
      connection.read('server', Buffer.from(`${evil}\n{"jsonrpc":"2.0","id":"${evil}","method":"${evil}"}\n`));
      connection.read('stderr', Buffer.from(`${evil}\n`));
      connection.event({ kind: 'note', text: evil });
    });
    for (const json of [false, true]) {
      const { stdout } = await run(path, json);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]|[\u{e0000}-\u{e007f}]/u);
    }
  });

  it('says which connection and server a line is of, where there are several', async () => {
    const path = captured((_, writer) => {
      const second = writer.connection({ server: 'notes' });
      second.event({ kind: 'spawn', pid: 2 });
      second.read('client', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}\n'));
    });
    expect(await lines(path, 'request')).toMatchObject([{ n: 1, status: 'pending', conn: 2, server: 'notes' }]);
    expect((await run(path)).stdout).toContain('[notes] ping  PENDING');
  });

  it('leaves no listener behind, however often the reader is slow', async () => {
    const path = captured((connection) => {
      for (let id = 0; id < 50; id++) connection.read('stderr', Buffer.from('line\n'));
    });
    let most = 0;
    const listeners = (): number =>
      ['close', 'error', 'drain'].reduce((sum, name) => sum + slow.listenerCount(name), 0);
    const slow: Writable = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        most = Math.max(most, listeners());
        setImmediate(done);
      },
    });
    const before = listeners();
    await log(world(slow, new PassThrough()), [path], {});
    expect(most - before).toBeLessThanOrEqual(5);
    expect(listeners()).toBe(before);
  });

  it('ends when the reader goes away while it waits', async () => {
    const path = captured(story);
    const stuck: Writable = new Writable({ highWaterMark: 1, write: () => setImmediate(() => stuck.destroy()) });
    expect(await log(world(stuck, new PassThrough()), [path], {})).toBe(0);
  });

  it('lists the late answer to what was given out before', async () => {
    const path = captured((connection) => {
      connection.read('client', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}\n'));
      connection.read('server', Buffer.from('{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}\n'));
    });
    const { stdout } = await run(path);
    expect(stdout).toContain('subscriptions/listen  open: answered when it ends');
    expect(stdout).toMatch(/<-- .* late answer to subscriptions\/listen  \{.*\}  error -1: no  of #1\n/);
    expect(await lines(path, 'response')).toMatchObject([
      { n: 2, id: 1, status: 'error', method: 'subscriptions/listen', answer: null },
    ]);
  });

  it('reads a torn capture and says so', async () => {
    const path = captured(story);
    truncateSync(path, 700);
    expect((await run(path)).stdout).toMatch(/TORN: \d+ bytes at \d+/);
  });

  it('takes the newest capture of the state folder where none is named', async () => {
    await expect(run(undefined)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const state = captureFolder(folder, 'linux');
    const path = captured(story, join(state, 'a.mcpcap'));
    const { stdout, stderr } = await run(undefined);
    expect(stderr).toBe(`capture: ${path}\n`);
    expect(stdout).toContain('tools/call forecast');
  });

  it('takes a path that is relative to the working folder, and says what is wrong with it', async () => {
    const path = captured(story);
    expect((await run(path.slice(folder.length + 1))).stdout).toContain('tools/call forecast');
    await expect(run('missing.mcpcap')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(run('.')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });
});
