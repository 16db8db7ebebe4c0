import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { fixture, run } from './running.ts';
import { decode, inFolder, stream } from './writing.ts';

describe('a writer that is killed', () => {
  it.each([1, 2, 17, 400, 2500])('leaves every read that it had taken, after %i of them', async (acknowledged) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const { signal, stdout } = await run(fixture('write-forever', path), (child) => {
        let seen = 0;
        child.stdout?.on('data', (chunk: Buffer) => {
          seen += chunk.toString().split('\n').length - 1;
          if (seen >= acknowledged) child.kill('SIGKILL');
        });
      });
      expect(signal).toBe('SIGKILL');
      const told = stdout.split('\n').length - 1;
      const records = decode(readFileSync(path));
      const reads = records.filter((each) => each.t === 'data');
      expect(told).toBeGreaterThanOrEqual(acknowledged);
      expect(reads.length).toBeGreaterThanOrEqual(told);
      expect(reads.length).toBeLessThanOrEqual(told + 1);
      const numbers = reads.map(({ bytes }) => Number(/^\d+/.exec(Buffer.from(bytes).toString('latin1'))?.[0]));
      expect(numbers).toEqual(reads.map((_, index) => index));
      expect(records.some(({ t }) => t === 'close')).toBe(false);
    });
  });
});

/** Runs the fixture with a limit on the size of files, in blocks of 512 or 1024 bytes, as the shell has it. */
async function limited(blocks: number, path: string, sizes: readonly number[]): Promise<void> {
  const command = fixture('write-limited', path, ...sizes.map(String));
  const { code, stdout, stderr } = await run(['sh', '-c', `ulimit -f ${blocks} && exec "$@"`, 'sh', ...command]);
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done', stderr: '' });
}

describe('a disk that takes no more', () => {
  it('costs the reads that do not fit, which are reported as soon as something fits again', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await limited(64, path, [10_000, 200_000, 300_000, 5, 7]);
      const records = decode(readFileSync(path));
      expect(records.map(({ t }) => t)).toEqual(['open', 'spawn', 'data', 'gap', 'data', 'data', 'exit', 'close']);
      expect(records[3]).toMatchObject({
        reason: 'EFBIG',
        missed: [{ conn: 1, from: 'server', reads: 2, bytes: 500_000 }],
        events: 0,
      });
      expect(stream(records, 'server').length).toBe(10_012);
    });
  });

  it('never fails the writer, even if nothing can be written from the start', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      await limited(0, path, [1, 100_000, 5]);
      expect(readFileSync(path)).toHaveLength(0);
    });
  });

  it('ends the recording for good, and nothing else, if the file cannot be cut back', async (context) => {
    if (!existsSync('/proc/self/fd')) context.skip('this system does not show the descriptors of a process');
    await inFolder(async (folder) => {
      const path = join(folder, 'a.mcpcap');
      const { code, stdout, stderr } = await run(fixture('lose-the-file', path));
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'done', stderr: '' });
      expect(decode(readFileSync(path)).map(({ t }) => t)).toEqual(['open', 'data']);
    });
  });
});
