import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readCapture } from '@mcp-dbg/capture';
import { openCapture } from '@mcp-dbg/capture/node';
import { fixture } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CrashReport } from '../../src/crashes/crash-report.ts';
import { crashReporter } from '../../src/crashes/crash-reporter.ts';
import { scratch } from '../driver.ts';
import { conversation } from '../questions/random-capture.ts';
import { call, failure, notice, result, rpc, said } from '../questions/recorded.ts';
import { type Told, Watch, told, watchedServer } from './watched.ts';

const INITIALIZE = rpc(1, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'editor', version: '3.1' },
});
const line = (message: object): string => `${JSON.stringify(message)}\n`;

/** What happens at the end of a process that dies by itself. */
function die(to: Told, code = 1): void {
  to.event({ kind: 'eof', from: 'server' });
  to.event({ kind: 'eof', from: 'stderr' });
  to.event({ kind: 'exit', code, signal: null });
}

/** A report without what only its maker knows. */
function shared(report: CrashReport | undefined): object {
  return { ...report, at: null, madeBy: null, leftOut: 0 };
}

describe('a crash report', () => {
  it('tells of a real server that dies in a call what the capture tells, and all that a person asks', async () => {
    const watch = new Watch();
    const argv = [process.execPath, fixture('crashes-on-call')] as const;
    const server = await watchedServer(watch, argv, INITIALIZE, notice('notifications/initialized'), call(2, 'crash'));
    expect(await server.ended).toEqual({ code: 3, signal: null });
    const second = await watchedServer(watch, argv, INITIALIZE, call('x', 'sigkill'));
    expect(await second.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const reports = await watch.close();

    expect([...reports.keys()].toSorted()).toEqual(['weather.crash-1.json', 'weather.crash-2.json']);
    const [one, two] = [reports.get('weather.crash-1.json'), reports.get('weather.crash-2.json')];
    expect(one).toMatchObject({
      madeBy: { mcpDbg: '0.1.0', node: process.version, from: 'proxy' },
      crash: 1,
      leftOut: 0,
      capture: { path: watch.capture, conn: 1 },
      label: 'weather',
      command: ['node', 'server.mjs', '--api-key', '***'],
      pid: server.pid,
      client: { name: 'editor', version: '3.1' },
      server: { name: 'crashes-on-call', version: '1.0.0' },
      era: 'legacy',
      protocolVersion: '2025-11-25',
      code: 3,
      signal: null,
      stderr: { last: "KeyError: 'temperature'" },
      inFlight: [{ id: '2', from: 'client', method: 'tools/call', tool: 'crash', frame: { n: 4 } }],
      inFlightMore: 0,
      framesBefore: 0,
      isTorn: false,
    });
    expect(Date.parse(one?.at ?? '')).not.toBeNaN();
    expect(one?.stderr.tail).toMatch(/^Traceback .*\n.*\nKeyError: 'temperature'\n$/);
    expect(one?.frames.map(({ n, from }) => `${n} ${from}`).toSorted()).toEqual([
      '1 client',
      '2 server',
      '3 client',
      '4 client',
    ]);
    expect(one?.findings.map(({ rule }) => rule)).toContain('process/lost-request');
    expect(two).toMatchObject({
      crash: 2,
      capture: { conn: 2 },
      code: null,
      signal: 'SIGKILL',
      stderr: { last: null, tail: '', bytes: 0 },
      inFlight: [{ id: '"x"', tool: 'sigkill', frame: { n: 7 } }],
    });
    const derived = await told(watch.capture);
    expect(derived.map(shared)).toEqual([one, two].map(shared));
    expect(statSync(join(watch.folder, 'weather.crash-1.json')).mode & 0o777).toBe(0o600);
  });

  it('is made of every end that nobody asked for, and of no other', async () => {
    const watch = new Watch();
    const argv = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];
    const byItself = await watchedServer(watch, argv('exit 0'));
    await byItself.ended;
    const asked = await watchedServer(watch, argv('cat; exit 7'));
    asked.stdin.end();
    await asked.ended;
    const signalled = await watchedServer(watch, argv('trap "exit 5" TERM; echo; while :; do sleep 0.01; done'));
    signalled.signal('SIGTERM');
    await signalled.ended;
    const stopped = await watchedServer(watch, argv('exec cat'));
    await stopped.stop(1000);
    // What is only told of something kills it all the same, and what sweeps up behind a dead one asks for nothing.
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 5 });
      to.event({ kind: 'signal', signal: 'SIGUSR1' });
      to.event({ kind: 'exit', code: null, signal: 'SIGUSR1' });
    });
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 6 });
      to.event({ kind: 'signal', signal: 'SIGUSR2' });
      to.event({ kind: 'signal', signal: 'SIGKILL' });
      die(to, 9);
    });
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 7 });
      to.event({ kind: 'eof', from: 'server' });
      to.event({ kind: 'eof', from: 'client' });
      to.event({ kind: 'exit', code: 0, signal: null });
    });
    const reports = [...(await watch.close()).values()];
    const ends = (of: readonly CrashReport[]): readonly string[] =>
      of.map(({ capture, code }) => `${capture.conn}: ${code}`).toSorted();
    expect(ends(reports)).toEqual(['1: 0', '6: 9', '7: 0']);
    expect(ends(await told(watch.capture))).toEqual(ends(reports));
  });

  it('has in flight what mcp-dbg answered because the process was gone, and nothing that was answered before', async () => {
    const watch = new Watch();
    const gone = (id: number, data: object): object => ({
      jsonrpc: '2.0',
      id,
      error: { code: -32000, message: 'gone', data },
    });
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 41 });
      for (const [id, name] of ['answered', 'refused', 'lost', 'lost too'].entries())
        to.read('client', line(call(id, name)));
      to.read('client', line(rpc(8, 'subscriptions/listen')));
      to.read('server', line(said(0, 'ok')));
      to.read('server', line(failure(1, -32000, 'a fault on purpose')), 'mcp-dbg');
      // One of its answers may come before what is told of its end, and one behind that.
      to.read('server', line(gone(2, { pid: 41, method: 'tools/call' })), 'mcp-dbg');
      to.event({ kind: 'eof', from: 'server' });
      to.read('server', line(gone(3, {})), 'mcp-dbg');
      to.read('server', line(gone(77, { method: 'tools/list' })), 'mcp-dbg');
      to.event({ kind: 'exit', code: 1, signal: null });
      to.read('server', line(gone(78, {})), 'mcp-dbg');
    });
    const [report] = [...(await watch.close()).values()];
    expect(
      report?.inFlight.map(({ id, method, tool, waitedMs }) => ({ id, method, tool, waits: waitedMs !== null })),
    ).toEqual([
      { id: '77', method: 'tools/list', tool: null, waits: false },
      { id: '2', method: 'tools/call', tool: 'lost', waits: true },
      { id: '3', method: 'tools/call', tool: 'lost too', waits: true },
    ]);
    expect(report?.frames.at(-1)).toMatchObject({ by: 'mcp-dbg', from: 'server' });
    expect(report?.frames).toHaveLength(10);
  });

  it('is bounded: few frames, the beginning of a long one, the end of stderr', async () => {
    const watch = new Watch();
    const part = Buffer.alloc(1024 * 1024, 'ä');
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 41 });
      to.read('client', line(INITIALIZE));
      to.read('server', line(result(1, { serverInfo: { name: 's', version: '1' } })));
      for (let n = 0; n < 9000; n++) to.read('server', `log ${n}\n`);
      to.read('server', 'x');
      for (let n = 0; n < 40; n++) to.read('server', part);
      to.read('server', '\n');
      to.read('client', line(call(2, 'last')));
      for (let n = 0; n < 3000; n++) to.read('stderr', `line ${n} of stderr\n`);
      die(to);
    });
    const [report] = [...(await watch.close()).values()];
    expect(report).toMatchObject({
      client: { name: 'editor' },
      server: { name: 's' },
      framesBefore: 9004 - 50,
      inFlight: [{ tool: 'last', frame: { n: 9004 } }],
      stderr: { last: 'line 2999 of stderr', bytes: 3000 * 16 + 10_890 },
    });
    expect(report?.frames).toHaveLength(50);
    const long = report?.frames.at(-2);
    expect(long).toMatchObject({ n: 9003, bytes: 40 * part.length + 1, isCut: true });
    expect(long?.raw).toBe(`x${'ä'.repeat(32 * 1024 - 1)}`);
    expect(Buffer.byteLength(report?.stderr.tail ?? '')).toBe(16 * 1024);
    // Behind what was not kept nobody knows what was said.
    expect(report?.checked).toBeLessThan(9004);
    expect(JSON.stringify(report).length).toBeLessThan(2 * 1024 * 1024);
  });

  it('keeps the bytes of all frames together below a megabyte, what was in flight first', async () => {
    const watch = new Watch();
    const huge = 'x'.repeat(60_000);
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 41 });
      to.read('client', line(call(1, 'old', { huge })));
      for (let n = 0; n < 30; n++) to.read('server', `${'\u0000'.repeat(20_000)}\n`);
      for (let n = 0; n < 5; n++) to.read('server', Buffer.concat([Buffer.alloc(40_000, 0xff), Buffer.from('\n')]));
      die(to);
    });
    const [report] = [...(await watch.close()).values()];
    expect(report?.inFlight[0]?.frame?.raw).toContain(huge);
    const size = (report?.frames ?? []).reduce(
      (sum, { raw, rawBase64 }) => sum + JSON.stringify(raw ?? rawBase64).length,
      0,
    );
    expect(size).toBeLessThan(1024 * 1024);
    expect(report?.frames.at(-1)).toMatchObject({ raw: null, bytes: 40_000 });
    expect(report?.frames.length).toBeGreaterThan(5);
    expect((report?.frames.length ?? 0) + (report?.framesBefore ?? 0)).toBe(36);
  });

  it('is one of twenty at most, of which the last is about the newest crash and says how many were left out', async () => {
    const watch = new Watch();
    for (let n = 0; n < 25; n++)
      watch.tell((to) => {
        to.event({ kind: 'spawn', pid: n });
        die(to);
      });
    const reports = await watch.close();
    expect(reports.size).toBe(20);
    expect(reports.get('weather.crash-19.json')).toMatchObject({ crash: 19, leftOut: 0 });
    expect(reports.get('weather.crash-20.json')).toMatchObject({ crash: 25, leftOut: 5, pid: 24 });
  });

  it('takes the place of no file that is there', async () => {
    const watch = new Watch();
    const taken = join(watch.folder, 'weather.crash-1.json');
    const other = join(scratch, 'not-ours.json');
    writeFileSync(other, 'not ours');
    symlinkSync(other, taken);
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 1 });
      die(to);
    });
    await expect(watch.close()).rejects.toThrow('it is no crash report');
    expect(readFileSync(taken, 'utf8')).toBe('not ours');
    expect(statSync(join(watch.folder, 'weather.crash-2.json')).size).toBeGreaterThan(0);
  });

  it('is not made without a capture, nor where there is no room, and nobody is told', async () => {
    const about = { command: ['x'], label: 'x', version: '1' };
    const nowhere = join(scratch, 'no-such-folder', 'x.mcpcap');
    for (const path of [undefined, nowhere]) {
      const reporter = crashReporter({ ...about, capturePath: () => path });
      const observer = reporter.observe();
      observer.event?.({ kind: 'spawn', pid: 1 });
      observer.event?.({ kind: 'exit', code: 1, signal: null });
      await reporter.close();
    }
    expect(existsSync(dirname(nowhere))).toBe(false);
    const watch = new Watch();
    rmSync(watch.folder, { recursive: true });
    watch.tell((to) => {
      to.event({ kind: 'spawn', pid: 1 });
      die(to);
    });
    await watch.finish();
    expect(existsSync(watch.folder)).toBe(false);
  });

  it('numbers frames as the capture does, whatever the peers say and however it comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async (acts) => {
        const watch = new Watch();
        const all = [watch.observers(), watch.observers()] as const;
        for (const conn of [0, 1] as const)
          for (const each of all[conn]) each.event?.({ kind: 'spawn', pid: conn + 1 });
        for (const { conn, from, bytes } of acts) for (const each of all[conn]) each.read?.(from, bytes);
        for (const each of all[0]) each.event?.({ kind: 'exit', code: 1, signal: null });
        for (const { conn, from, bytes } of acts.slice(0, 3)) for (const each of all[conn]) each.read?.(from, bytes);
        for (const each of all[1]) each.event?.({ kind: 'exit', code: null, signal: 'SIGSEGV' });
        const reports = [...(await watch.close()).values()].toSorted((one, other) => one.crash - other.crash);
        expect((await told(watch.capture)).map(shared)).toEqual(reports.map(shared));
        const lines = new Map<number, string>();
        for await (const entry of readCapture(openCapture(watch.capture))) {
          if (entry.kind !== 'exchange') continue;
          for (const frame of [entry.exchange.frame, entry.exchange.answer])
            if (frame !== undefined) lines.set(frame.n, Buffer.from(frame.bytes).toString('latin1'));
        }
        for (const { frames } of reports)
          for (const { n, raw, rawBase64, isCut } of frames) {
            const bytes = raw === null ? Buffer.from(rawBase64 ?? '', 'base64') : Buffer.from(raw);
            const whole = lines.get(n);
            expect(isCut ? whole?.startsWith(bytes.toString('latin1')) : whole === bytes.toString('latin1')).toBe(true);
          }
      }),
      { numRuns: 20 },
    );
  });
});
