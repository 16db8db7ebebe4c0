import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Step, decode, inFolder, record, stream } from './writing.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/capture-format.md', import.meta.url)), 'utf8');

/** The texts of the page's fenced blocks of one language. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
}

const python = ((): string | undefined => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no python3 on this machine';
  }
})();

/** Writes the page's reader into a folder and gives a way to run it. */
function reader(folder: string): (...args: readonly string[]) => Buffer {
  const path = join(folder, 'read_capture.py');
  writeFileSync(path, blocks('python').join(''));
  return (...args) => execFileSync('python3', [path, ...args], { maxBuffer: 2 ** 28 });
}

/** Runs the page's reader on texts, and gives the kind and the data of the records that it found in each. */
function found(folder: string, texts: readonly Uint8Array[]): readonly (readonly (readonly [string, string])[])[] {
  reader(folder);
  writeFileSync(join(folder, 'texts'), texts.map((text) => Buffer.from(text).toString('hex')).join('\n'));
  const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from read_capture import records
for line in open(sys.argv[2]):
    text = bytes.fromhex(line.strip())
    print(json.dumps([[header["t"], data.hex()] for header, data in records(text)]))`;
  const out = execFileSync('python3', ['-c', program, folder, join(folder, 'texts')], { maxBuffer: 2 ** 28 });
  return out
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as (readonly [string, string])[]);
}

/** What our own reader finds, in the same shape. */
function ours(text: Uint8Array): readonly (readonly [string, string])[] {
  return decode(text).flatMap((each): readonly (readonly [string, string])[] => {
    if (each.t === 'torn') return [];
    return [
      [each.t === 'other' ? each.kind : each.t, each.t === 'data' ? Buffer.from(each.bytes).toString('hex') : ''],
    ];
  });
}

const steps: readonly Step[] = [
  { event: { kind: 'spawn', pid: 4102 } },
  { from: 'client', bytes: Buffer.from('{"jsonrpc":"2.0","id":0,"method":"ping"}\n') },
  { from: 'stderr', bytes: Buffer.from('{"t":"close","c":"0000000000000000"}\nwarning: ') },
  { from: 'server', bytes: Uint8Array.of(0, 255, 254, 10, 13, 10), conn: 2 },
  { from: 'server', bytes: Buffer.from('{"t":"') },
  { from: 'server', bytes: Buffer.from('\n') },
  { event: { kind: 'exit', code: 1, signal: null } },
];

describe('docs/capture-format.md', () => {
  it('shows a capture that can be read', () => {
    const [, example = ''] = /^```\n(.*?)^```$/ms.exec(page) ?? [];
    const records = decode(Buffer.from(example));
    expect(records.map(({ t }) => t)).toEqual(['open', 'spawn', 'data', 'data', 'exit', 'close']);
    expect(stream(records, 'server').toString()).toBe('Loading np models..\n');
    expect(records.map((each) => ('seq' in each ? each.seq : undefined))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('has a reader of the length that it claims', () => {
    const lines = blocks('python')
      .join('')
      .split('\n')
      .filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(45);
  });

  it('has a reader that gives every stream of a capture exactly', async (context) => {
    if (python !== undefined) context.skip(python);
    await inFolder((folder) => {
      const path = join(folder, 'a.mcpcap');
      const records = decode(record(path, steps));
      const read = reader(folder);
      for (const from of ['client', 'server', 'stderr'] as const) {
        for (const conn of [1, 2]) {
          expect(read(path, from, String(conn)).equals(stream(records, from, conn))).toBe(true);
        }
      }
    });
  });

  it('has a reader that reads what ours reads, wherever a file is cut and whatever follows', async (context) => {
    if (python !== undefined) context.skip(python);
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), steps);
      const other = record(join(folder, 'b.mcpcap'), steps.slice(0, 2));
      const start = file.indexOf('\n') + 1;
      const ends = Array.from({ length: file.length - start + 1 }, (_, index) => start + index);
      const texts = ends.flatMap((end) => [file.subarray(0, end), Buffer.concat([file.subarray(0, end), other])]);
      expect(found(folder, texts)).toEqual(texts.map(ours));
    });
  });

  it('has a reader that finds what ours finds in a damaged file', async (context) => {
    if (python !== undefined) context.skip(python);
    await inFolder((folder) => {
      const file = record(join(folder, 'a.mcpcap'), steps);
      const start = file.indexOf('\n') + 1;
      const damage = fc.record({
        at: fc.integer({ min: start, max: file.length - 1 }),
        drop: fc.nat(30),
        junk: fc.uint8Array({ maxLength: 10 }),
      });
      const texts = fc
        .sample(damage, { numRuns: 400, seed: 7 })
        .map(({ at, drop, junk }) => Buffer.concat([file.subarray(0, at), junk, file.subarray(at + drop)]));
      // It checks less of a header than ours does, so it may find more.
      const theirs = found(folder, texts);
      texts.forEach((text, index) => {
        const kept = new Set(theirs[index]?.map(String));
        expect(ours(text).filter((each) => !kept.has(String(each)))).toEqual([]);
      });
    });
  });
});
