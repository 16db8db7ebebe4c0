import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { Lines, all, endProxies, finish, peakMemoryMb, startProxy, written } from '../transparency/driver.ts';

afterEach(endProxies);

const MB = 1024 * 1024;

/** Lines as peers write them, and as nobody should: invalid UTF-8, NUL, carriage returns, marks, broken JSON, none. */
const line = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(`${text}\n`)),
  fc
    .constantFrom('\n', '\r\n', '\ufeff{}\n', '{"id":9007199254740993,"v":1.0,"id":1}\n', '\u2028{}\u2029\n', '[[[')
    .map((text) => Buffer.from(text)),
);

describe('a relay that has nothing to do', () => {
  it('passes every byte of both directions as it came, whatever it is, the unfinished last line included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
        const run = startProxy(['cat'], { own: ['--restart', '--no-capture'] });
        const came = all(run.stdout);
        for (const each of lines) await written(run.stdin, each);
        await finish(run.stdin);
        expect((await came).toString('latin1')).toBe(Buffer.concat(lines).toString('latin1'));
        expect(await run.ended).toEqual({ code: 0, signal: null });
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it('stalls a server whose client does not read, and holds no more than a little of what it wrote', async () => {
    const run = startProxy([process.execPath, '-e', FLOOD], { own: ['--restart', '--no-capture'] });
    const told = new Lines(run.stderr);
    const ask = async (): Promise<number> => {
      await written(run.stdin, '?\n');
      return Number(await told.next());
    };
    let last = await ask();
    for (let same = 0; same < 20 && last < 50 * MB;) {
      const now = await ask();
      same = now === last && now > 0 ? same + 1 : 0;
      last = now;
    }
    expect(last, 'bytes that the server could write').toBeLessThan(2 * MB);
    expect(peakMemoryMb(run.pid) ?? 0).toBeLessThan(140);
    run.stdout.resume();
    await finish(run.stdin);
    expect(await run.ended).toEqual({ code: 0, signal: null });
  });
});

/** Writes lines of 64 KB as fast as it may, and says on stderr how many bytes went out whenever it is asked. */
const FLOOD = `
  const block = Buffer.alloc(65536, 'y');
  block[65535] = 10;
  let asked = 0;
  const pour = () => {
    while (process.stdout.write(block)) asked += block.length;
    asked += block.length;
  };
  process.stdout.on('drain', pour);
  pour();
  process.stdin.on('data', () => process.stderr.write(asked - process.stdout.writableLength + '\\n'));
  process.stdin.on('end', () => process.exit(0));
`;
