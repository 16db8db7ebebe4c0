import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Observer, type ProcessEvent, ProxyError, ServerProcess, ownEnd } from '@mcp-dbg/proxy';
import { processIsAlive, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

type Argv = readonly [string, ...string[]];

const shell = (script: string): Argv => ['sh', '-c', script];

/** Notes what it is shown, in order. */
class Notebook implements Observer {
  readonly notes: string[] = [];
  readonly event = (event: ProcessEvent): void => void this.notes.push(describeEvent(event));
  readonly read = (from: string, bytes: Uint8Array): void =>
    void this.notes.push(`${from} ${Buffer.from(bytes).toString()}`);
}

function describeEvent(event: ProcessEvent): string {
  switch (event.kind) {
    case 'spawn':
      return 'spawn';
    case 'eof':
      return `eof ${event.from}`;
    case 'signal':
      return `signal ${event.signal}`;
    case 'exit':
      return `exit ${event.code ?? event.signal}`;
  }
}

/** Starts a server whose outputs are taken and not looked at. */
async function started(argv: Argv, observers: readonly Observer[] = []): Promise<ServerProcess> {
  const server = await ServerProcess.start({ argv }, observers);
  server.stdout.start(() => true);
  server.stderr.start(() => true);
  return server;
}

describe('what observers are shown', () => {
  it('is everything in order: the start first, the exit after the last byte', async () => {
    const book = new Notebook();
    const server = await started(shell('read line; echo "$line"; exec 1>&-; echo late >&2; exit 3'), [book]);
    server.stdin.write(Buffer.from('hello\n'));
    expect(await server.ended).toEqual({ code: 3, signal: null });
    expect(book.notes).toEqual([
      'spawn',
      'client hello\n',
      'server hello\n',
      'eof server',
      'stderr late\n',
      'eof stderr',
      'exit 3',
    ]);
  });

  it('is the same although one of them fails', async () => {
    const fails: Observer = {
      read: () => {
        throw new Error('a broken reader');
      },
      event: () => {
        throw new Error('a broken listener');
      },
    };
    const book = new Notebook();
    const server = await started(['cat'], [fails, book]);
    server.stdin.write(Buffer.from('x'));
    server.stdin.end();
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(book.notes).toEqual(['spawn', 'client x', 'eof client', 'server x', 'eof server', 'eof stderr', 'exit 0']);
  });
});

describe('stop', () => {
  it('gives a server that reads the end of its stdin, and no signal', async () => {
    const book = new Notebook();
    const server = await started(['cat'], [book]);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(book.notes.filter((note) => note.startsWith('signal'))).toEqual([]);
  });

  it('sends SIGTERM to one that ignores the end, and SIGKILL to one that ignores that too', async () => {
    const book = new Notebook();
    const server = await started(shell('trap "" TERM; echo up; while :; do sleep 60; done'), [book]);
    await waitFor(() => book.notes.includes('server up\n'), 'the server');
    expect(await server.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(book.notes.filter((note) => note.startsWith('signal')).slice(0, 2)).toEqual([
      'signal SIGTERM',
      'signal SIGKILL',
    ]);
  });

  it('leaves nothing behind of what the server started', async () => {
    const book = new Notebook();
    const server = await started(shell('sleep 60 & echo $!; read line'), [book]);
    const pid = (): number => Number(/^server (\d+)/.exec(book.notes.at(-1) ?? '')?.[1]);
    await waitFor(() => pid() > 0, 'the pid of the child');
    const child = pid();
    await server.stop();
    await waitFor(() => !processIsAlive(child), 'the end of the child');
  });
});

describe('an outlet', () => {
  it('stalls when its taker says so, loses nothing, and goes on where it stopped', async () => {
    const server = await ServerProcess.start({ argv: shell('head -c 300000 /dev/zero; exit 4') });
    server.stderr.start(() => true);
    let taken = 0;
    server.stdout.start((bytes) => {
      taken += bytes.length;
      setImmediate(() => server.stdout.resume());
      return false;
    });
    expect(await server.ended).toEqual({ code: 4, signal: null });
    expect(taken).toBe(300_000);
  });

  it('that is closed is a broken pipe for the server', async () => {
    const server = await ServerProcess.start({ argv: shell('while echo x; do sleep 0.01; done 2>/dev/null; exit 5') });
    server.stderr.start(() => true);
    server.stdout.start(() => true);
    server.stdout.close();
    const exit = await server.ended;
    expect([5, 'SIGPIPE']).toContain(exit.code ?? exit.signal);
  });
});

describe('an inlet', () => {
  it('tells when the server reads no more', async () => {
    const server = await started(shell('exec <&-; echo deaf; exec sleep 60'));
    await waitFor(() => {
      if (server.stdin.writable) server.stdin.write(Buffer.from('x'));
      return !server.stdin.writable;
    }, 'the broken pipe');
    await server.stdin.closed;
    await server.stop(10);
  });
});

describe('a start that fails', () => {
  it('names a working folder that is missing', async () => {
    const cwd = join(mkdtempSync(join(tmpdir(), 'proxy-')), 'gone');
    const start = ServerProcess.start({ argv: ['true'], cwd });
    await expect(start).rejects.toThrow(ProxyError);
    await expect(start).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
    rmSync(join(cwd, '..'), { recursive: true });
  });

  it('looks for the command in the PATH that the server was to get', async () => {
    const start = ServerProcess.start({ argv: ['sh'], env: { PATH: '/nowhere' } });
    await expect(start).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
    await expect(start).rejects.toThrow('"/nowhere"');
  });

  it('passes on what the system said where nothing else explains it', async () => {
    const start = ServerProcess.start({ argv: ['true', 'x'.repeat(3_000_000)] });
    await expect(start).rejects.toMatchObject({ code: 'START_FAILED' });
    await expect(start).rejects.toThrow('E2BIG');
  });
});

it('our own end is that of the server, as far as that can be', () => {
  expect(ownEnd({ code: 7, signal: null })).toEqual({ kind: 'exit', code: 7 });
  expect(ownEnd({ code: null, signal: 'SIGTERM' })).toEqual({ kind: 'raise', signal: 'SIGTERM', code: 143 });
  expect(ownEnd({ code: null, signal: 'SIGSEGV' })).toEqual({ kind: 'exit', code: 139 });
});
