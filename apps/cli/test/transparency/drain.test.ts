import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { HOST_KINDS, Lines, all, isGone, server, startProxy, text } from './driver.ts';

describe.each(HOST_KINDS)('with a host that gives %s', (host) => {
  it('T5: delivers 4 MB written just before the exit to a slow reader', async () => {
    const size = 4_000_000;
    const run = startProxy(server('parting', String(size)), { host });
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of run.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      for (let pause = 0; pause < 50; pause++) await turn();
    }
    expect(bytes).toBe(size);
    expect(hash.digest('hex')).toBe(digestOf(size));
    expect(await run.ended).toEqual({ code: 5, signal: null });
  });

  it('T5: keeps what a dead server wrote until the client reads', async () => {
    const size = 150_000;
    const run = startProxy(server('parting', String(size)), { host });
    const pid = Number(await new Lines(run.stderr).next());
    await waitFor(() => isGone(pid), "the server's end");
    const bytes = await all(run.stdout);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(digestOf(size));
    expect(await run.ended).toEqual({ code: 5, signal: null });
  });

  it('T5: a grandchild that holds the pipes does not hold us', async () => {
    const run = startProxy(['sh', '-c', 'sleep 60 & echo $!; exit 3'], { host });
    const stdout = new Lines(run.stdout);
    const pid = Number(await stdout.next());
    expect(await run.ended).toEqual({ code: 3, signal: null });
    expect(isGone(pid)).toBe(false);
    process.kill(pid, 'SIGKILL');
  });

  it('T5: what a grandchild goes on to write is delivered', async () => {
    const script = '(while kill -0 $$; do :; done 2>/dev/null; echo 1) & echo 0; exit 4';
    const run = startProxy(['sh', '-c', script], { host });
    expect(await text(run.stdout)).toBe('0\n1\n');
    expect(await run.ended).toEqual({ code: 4, signal: null });
  });

  it('T5: a signal ends us although the client takes nothing more', async () => {
    const run = startProxy(server('flood', '1'), { host });
    const stderr = new Lines(run.stderr);
    run.stdin.write('?');
    await stderr.next();
    process.kill(run.pid, 'SIGTERM');
    expect(await run.ended).toEqual({ code: null, signal: 'SIGTERM' });
  });
});

function digestOf(size: number): string {
  const bytes = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
  return createHash('sha256').update(bytes).digest('hex');
}
