import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { Announcer } from '../src/announcer.ts';
import { run, scratch } from './driver.ts';

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n';

describe('proxy --announce', () => {
  it('says on stderr how the server lives and which rules it breaks, each once, and changes no byte of stdout', async () => {
    const argv = ['--no-capture', '--', process.execPath, fixture('prints-banner')];
    const plain = await run(['proxy', ...argv], { stdin: PING });
    const announced = await run(['proxy', '--announce', ...argv], { stdin: PING });
    expect(announced.stdout).toBe(plain.stdout);
    expect(announced.code).toBe(plain.code);
    expect(announced.stderr).toMatch(/^mcp-dbg: server started, pid \d+$/m);
    expect(announced.stderr.match(/^mcp-dbg: error stdio\/not-json: .* \[frame \d+\]$/gm)).toHaveLength(1);
    expect(announced.stderr).toMatch(/^mcp-dbg: server exited: code 0$/m);
    expect(announced.stderr).toMatch(/^mcp-dbg: 5 frames, broken rules: 1; mcp-dbg lint says all\n$/m);
  });

  it('says so in a file too, below what the server wrote', async () => {
    const file = join(scratch, 'announced.txt');
    const shell = ['sh', '-c', `exec "$@" 2>'${file}'`, 'sh'];
    const argv = ['proxy', '--announce', '--no-capture', '--', process.execPath, fixture('crashes-on-call')];
    const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"crash","arguments":{}}}\n';
    await run(argv, { stdin: call, under: shell });
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^mcp-dbg: server started/);
    expect(text).toMatch(/mcp-dbg: server exited: /);
    expect(text).toMatch(/broken rules: \d+; mcp-dbg lint says all\n$/);
  });

  it.each([[], ['--restart']])(
    'says once that nothing is recorded where no capture can be made: %j',
    async (...more) => {
      const argv = ['--announce', ...more, '--log', scratch, '--', process.execPath, fixture('echo')];
      const { stderr } = await run(['proxy', ...argv], { stdin: PING });
      expect(
        stderr.match(/^mcp-dbg: nothing is recorded: Cannot record to ".*": it is not a regular file; .*$/gm),
      ).toHaveLength(1);
      expect(stderr).toContain('mcp-dbg: server started');
    },
  );

  it('says no more than can wait for a reader, and then how much was left out', async () => {
    const announcer = new Announcer();
    const written: string[] = [];
    let read = (): void => {};
    const isRead = new Promise<void>((resolve) => (read = resolve));
    announcer.onStderr(async (text) => {
      written.push(text);
      await isRead;
    });
    const count = 10_000;
    for (let n = 0; n < count; n++) announcer.say(`${n} is the number of this sentence`);
    const inTime = written.length;
    expect(written.join('').length).toBeLessThanOrEqual(64 * 1024);
    read();
    await announcer.close();
    expect(written.slice(inTime)).toEqual([
      `mcp-dbg: ${count - inTime} sentences were left out: stderr was not read fast enough\n`,
      'mcp-dbg: 0 frames, no rule was broken\n',
    ]);
  });

  it('goes on when what waited was read', async () => {
    const announcer = new Announcer();
    const written: string[] = [];
    const reads: (() => void)[] = [];
    announcer.onStderr(async (text) => {
      written.push(text);
      await new Promise<void>((resolve) => reads.push(resolve));
    });
    for (let n = 0; n < 100; n++) announcer.say('x'.repeat(1024));
    const inTime = written.length;
    for (const read of reads.splice(0)) read();
    await expect.poll(() => written.length).toBe(inTime + 1);
    announcer.say('and so on');
    expect(written.slice(inTime)).toEqual([
      `mcp-dbg: ${100 - inTime} sentences were left out: stderr was not read fast enough\n`,
      'mcp-dbg: and so on\n',
    ]);
  });

  it('names what cannot be recorded into as it was named', async () => {
    const argv = ['--announce', '--log', '/dev', '--', process.execPath, fixture('echo')];
    expect((await run(['proxy', ...argv], { stdin: PING })).stderr).toContain('Cannot record to "/dev":');
  });

  it('makes hidden characters visible', async () => {
    const server = String.raw`process.stdout.write('\u001b]0;x\u0007\n'); process.stdin.resume()`;
    const { stderr } = await run(['proxy', '--announce', '--no-capture', '--', process.execPath, '-e', server]);
    expect(stderr).toContain('error stdio/not-json');
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('blames no peer for what was done to its frames', async () => {
    const line = (message: object): Uint8Array => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const announced = async (isTold: boolean): Promise<string> => {
      const announcer = new Announcer();
      let said = '';
      announcer.onStderr(async (text) => void (said += text));
      announcer.event({ kind: 'spawn', pid: 1 });
      announcer.read('client', line({ id: 1, method: 'ping' }));
      const original = line({ id: 1, result: {} });
      if (isTold) announcer.event({ kind: 'fault', from: 'server', action: 'drop', rule: 'x :: drop', original });
      announcer.read('server', line({ id: 9, result: {} }), 'mcp-dbg');
      announcer.event({ kind: 'exit', code: 0, signal: null });
      await announcer.close();
      return said;
    };
    expect(await announced(true)).toContain('no rule was broken');
    expect(await announced(false)).toContain('error process/lost-request');
  });
});
