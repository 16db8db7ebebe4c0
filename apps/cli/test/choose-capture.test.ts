import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { describe, expect, it, test } from 'vitest';

import { type ChosenCapture, chooseCapture } from '../src/choose-capture.ts';
import { type Io, processIo } from '../src/io.ts';
import { type Ran, run } from './driver.ts';
import { DISCOVER, newHome, store } from './stored-captures.ts';

async function logOf(home: string, ...words: readonly string[]): Promise<Ran> {
  return await run(['log', ...words], { env: { HOME: home }, cwd: home });
}

describe('which capture a command reads', () => {
  test.concurrent('is the newest stored one by start where none is named', async () => {
    const { home, folder } = newHome();
    const newest = store(folder, 'a', { at: '2026-11-20T20:40:02.000Z' });
    store(folder, 'z', { at: '2026-11-20T20:40:01.000Z' });
    const { code, stdout, stderr } = await logOf(home);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `capture: ${newest}\n` });
    expect(stdout).toContain('tools/list');
  });

  test.concurrent('is the newest with a label, which is no part of another', async () => {
    const { home, folder } = newHome();
    store(folder, 'weather', { at: '2026-11-20T20:40:01.000Z' });
    const weather = store(folder, 'weather', { at: '2026-11-20T20:40:02.000Z' });
    const newest = store(folder, 'weather-2', { at: '2026-11-20T20:40:04.000Z' });
    expect((await logOf(home, 'weather')).stderr).toBe(`capture: ${weather}\n`);
    expect((await logOf(home, 'rain')).stderr).toContain(`capture: ${newest}\n`);
    // What is nearly a label was hardly meant to be searched for in another capture.
    expect((await logOf(home, 'wether')).stderr).toContain(
      'There is no capture "wether": no file and no label; did you mean weather? (to search for the word, write ',
    );
  });

  test.concurrent('is a file that exists before it is a label, and then nothing is said of it', async () => {
    const { home, folder } = newHome();
    store(folder, 'mine', { said: ['{"jsonrpc":"2.0","id":1,"method":"ping"}'] });
    writeFileSync(join(home, 'mine'), readFileSync(store(folder, 'other')));
    const { stdout, stderr } = await logOf(home, 'mine');
    expect(stderr).toBe('');
    expect(stdout).toContain('tools/list');
  });

  test.concurrent('is what comes on stdin for -', async () => {
    const { home, folder } = newHome();
    const bytes = readFileSync(store(folder, 'a'));
    const read = async (stdin: Uint8Array): Promise<Ran> => await run(['log', '-'], { stdin, env: { HOME: home } });
    const twice = await read(Buffer.concat([bytes, bytes]));
    expect(twice).toMatchObject({ code: 0, stderr: '' });
    expect(twice.stdout.match(/tools\/list/g)).toHaveLength(2);
    expect((await read(bytes.subarray(0, -40))).stdout).toContain('TORN');
    const joined = await read(Buffer.concat([bytes.subarray(0, -40), bytes]));
    expect(joined.stdout).toContain('TORN');
    expect(joined.stdout.match(/capture closed/g)).toHaveLength(1);
    const other = await read(Buffer.from('my notes\n'));
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toMatch(/^mcp-dbg: Cannot read "stdin": This is not a capture: .*\n$/);
    expect((await read(Buffer.alloc(0))).stderr).toBe(
      'mcp-dbg: Cannot read "stdin": it is empty, so it is not a capture\n',
    );
  });

  test.concurrent('is read though it is torn, or several files that were joined', async () => {
    const { home, folder } = newHome();
    const [one, other] = [store(folder, 'one'), store(folder, 'other')];
    const path = join(home, 'joined.mcpcap');
    writeFileSync(path, Buffer.concat([readFileSync(one), readFileSync(other)]));
    truncateSync(path, readFileSync(path).length - 30);
    const { code, stdout } = await logOf(home, 'joined.mcpcap');
    expect(code).toBe(0);
    expect(stdout.match(/capture opened/g)).toHaveLength(2);
    expect(stdout).toContain('TORN: ');
  });

  test.concurrent.each<[string, RegExp]>([
    ['missing.mcpcap', /There is no capture at ".*missing\.mcpcap"; give the path of a \.mcpcap file/],
    ['./missing', /There is no capture at ".*missing"/],
    ['/tmp/d', /There is no capture at "\/tmp\/d"/],
    ['/nowhere/missing', /There is no capture at "\/nowhere\/missing"/],
    ['.', /it is not a regular file; name a \.mcpcap file/],
    ['folder', /it is not a regular file; name a \.mcpcap file/],
    ['notes.txt', /Cannot read ".*notes\.txt": This is not a capture/],
    ['newer.mcpcap', /This capture is in version 2 of the format and this program reads version 1; update mcp-dbg/],
  ])('fails with a clear sentence for %s', async (word, why) => {
    const { home, folder } = newHome();
    store(folder, 'weather');
    await mkdir(join(home, 'folder'));
    writeFileSync(join(home, 'notes.txt'), 'my notes\n');
    writeFileSync(
      join(home, 'newer.mcpcap'),
      '{"t":"open","c":"0123456789abcdef","seq":0,"us":0,"mcpcap":2,"at":"","pid":1}\n',
    );
    const { code, stdout, stderr } = await logOf(home, word);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: .*\n$/);
    expect(stderr).toMatch(why);
  });

  test.concurrent('is none where none was made yet, and that says what to do', async () => {
    const { home } = newHome();
    const { code, stderr } = await logOf(home);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mcp-dbg: There is no capture in ".*" yet; make one with mcp-dbg proxy or mcp-dbg chat/);
  });
});

describe('chooseCapture', () => {
  async function choose(
    home: string,
    ...words: readonly string[]
  ): Promise<Omit<ChosenCapture, 'source'> & { readonly path: string; readonly said: string }> {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const io: Io = { ...processIo(), stderr, cwd: home, home };
    const { source, probe, rest } = await chooseCapture(io, words);
    return {
      path: source.kind === 'file' ? source.path : '-',
      probe,
      rest,
      said: (stderr.read() as string | null) ?? '',
    };
  }

  it.each<[readonly string[], string, string]>([
    [[], 'newest', ''],
    [['weather'], 'weather', ''],
    [['weather', 'is:error', 'slower:1s'], 'weather', 'is:error slower:1s'],
    [['is:error', 'weather'], 'newest', 'is:error weather'],
    [['not', 'tool:ping'], 'newest', 'not tool:ping'],
    [['/get_.*/i'], 'newest', '/get_.*/i'],
    [['method:tools/*'], 'newest', 'method:tools/*'],
    [['tools/call'], 'newest', 'tools/call'],
    [['-', 'is:error'], '-', 'is:error'],
    [['folder', 'x'], 'folder', 'x'],
  ])('takes of %j the capture, and leaves the filter', async (words, path, rest) => {
    const { home, folder } = newHome();
    await mkdir(join(home, 'folder'));
    const paths: Readonly<Record<string, string>> = {
      weather: store(folder, 'weather'),
      // Its label begins as an operator of the filter does.
      newest: store(folder, 'notable', { at: '2026-11-20T20:50:00.000Z' }),
      folder: join(home, 'folder'),
    };
    const chosen = await choose(home, ...words);
    const expected = paths[path] ?? path;
    expect(chosen).toEqual({
      path: expected,
      probe: undefined,
      rest,
      said: path === 'weather' || path === 'newest' ? `capture: ${expected}\n` : '',
    });
  });

  it('prefers a label to a folder of the same name', async () => {
    const { home, folder } = newHome();
    await mkdir(join(home, 'weather'));
    const path = store(folder, 'weather');
    expect(await choose(home, 'weather')).toMatchObject({ path });
  });

  it('gives the probe beside its connection, whichever way that was named, and never instead of it', async () => {
    const { home, folder } = newHome();
    const probe = store(folder, 'weather', { at: '2026-11-20T20:40:00.000Z', said: [DISCOVER] });
    const main = store(folder, 'weather', { at: '2026-11-20T20:40:02.000Z' });
    for (const word of [[], ['weather'], [main]]) {
      expect(await choose(home, ...word)).toMatchObject({ path: main, probe: { path: probe } });
    }
    expect(await choose(home, probe)).toMatchObject({ path: probe, probe: undefined });
  });

  it('gives the connection of a probe, though the newest with the label is the probe', async () => {
    const { home, folder } = newHome();
    store(folder, 'probe', { at: '2026-11-20T20:40:00.000Z', said: [DISCOVER] });
    const main = store(folder, 'main', { at: '2026-11-20T20:40:02.000Z' });
    expect(await choose(home, 'probe')).toMatchObject({ path: main });
  });

  it('gives a probe that stands alone', async () => {
    const { home, folder } = newHome();
    const path = store(folder, 'probe', { said: [DISCOVER] });
    expect(await choose(home)).toMatchObject({ path, probe: undefined });
  });
});
