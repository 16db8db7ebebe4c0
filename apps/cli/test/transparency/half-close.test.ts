import { describe, expect, it } from 'vitest';

import { HOST_KINDS, Lines, all, finish, server, startProxy, text, written } from './driver.ts';

describe.each(HOST_KINDS)('with a host that gives %s', (host) => {
  it('T4: the end of the client is the end of stdin for the server, after every byte', async () => {
    const run = startProxy(server('digest'), { host });
    const stdout = text(run.stdout);
    await written(run.stdin, Buffer.alloc(3_000_000, 'x'));
    await finish(run.stdin);
    expect(JSON.parse(await stdout)).toMatchObject({ bytes: 3_000_000 });
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('T4: the end of stdin leaves the other directions open', async () => {
    const run = startProxy(['sh', '-c', 'cat; echo late; echo later >&2; exit 4'], { host });
    const [stdout, stderr] = [text(run.stdout), text(run.stderr)];
    await finish(run.stdin);
    expect(await stdout).toBe('late\n');
    expect(await stderr).toBe('later\n');
    expect(await run.ended).toEqual({ code: 4, signal: null });
  });

  it('T4: a server that closes stdout alone ends it for the client at once', async () => {
    const run = startProxy(['sh', '-c', 'echo last; exec >&-; exec cat >&2'], { host });
    const stderr = new Lines(run.stderr);
    expect(await text(run.stdout)).toBe('last\n');
    await written(run.stdin, 'still here\n');
    expect(await stderr.next()).toBe('still here');
    await finish(run.stdin);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('T4: a server that closes stderr alone ends it for the client at once', async () => {
    const run = startProxy(['sh', '-c', 'echo last >&2; exec 2>&-; exec cat'], { host });
    const stdout = new Lines(run.stdout);
    expect(await text(run.stderr)).toBe('last\n');
    await written(run.stdin, 'still here\n');
    expect(await stdout.next()).toBe('still here');
    await finish(run.stdin);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it.each([1, 2])('T4: a client that stops reading descriptor %i is EPIPE for the server', async (fd) => {
    const run = startProxy(server('writes', String(fd)), { host });
    const [closed, open] = fd === 1 ? [run.stdout, run.stderr] : [run.stderr, run.stdout];
    closed.destroy();
    // Node gives its children socket pairs, which say it the other way where bytes were still unread.
    expect(await text(open)).toMatch(/^(EPIPE|ECONNRESET)\n$/);
    expect(await run.ended).toEqual({ code: 3, signal: null });
  });

  it('T4: a server that stops reading is EPIPE for the client', async () => {
    const run = startProxy(server('deaf'), { host });
    const stdout = new Lines(run.stdout);
    expect(await stdout.next()).toBe('deaf');
    await refused(run.stdin);
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('T4: a server that ends is EPIPE for a client that writes on', async () => {
    const run = startProxy(['sh', '-c', 'exec sleep 0'], { host });
    await refused(run.stdin);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });

  it('T4: a client that goes away altogether ends a server that reads', async () => {
    const run = startProxy(['cat'], { host });
    await written(run.stdin, 'x');
    for (const stream of [run.stdin, run.stdout, run.stderr]) stream.destroy();
    expect((await run.ended).signal).not.toBe('SIGKILL');
  });

  it('T11: adds no byte of its own', async () => {
    const run = startProxy(['sh', '-c', 'cat >/dev/null'], { host });
    const streams = Promise.all([all(run.stdout), all(run.stderr)]);
    await written(run.stdin, '{"jsonrpc":"2.0","id":1,"method":"initialize"}\n');
    await finish(run.stdin);
    expect((await streams).map((each) => each.length)).toEqual([0, 0]);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });
});

/** Writes until the other side refuses. */
async function refused(stdin: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const write = (): void => {
      stdin.write('x', (error) => (error ? resolve() : setImmediate(write)));
    };
    write();
  });
}
