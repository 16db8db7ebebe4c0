import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { BIN, environment, jsonLines, run, start } from './driver.ts';
import { DISCOVER, newHome, store } from './stored-captures.ts';

const sizeOf = (path: string): number => statSync(path).size;

describe('captures', () => {
  test.concurrent('lists what is stored, the newest first, in local time', async () => {
    const { home, folder } = newHome();
    const weather = store(folder, 'weather', { at: '2026-11-20T20:40:00.000Z' });
    const longer = store(folder, 'a-longer-name', {
      at: '2026-11-20T22:40:00.000Z',
      argv: ['npx', 'x'.repeat(100)],
      close: false,
    });
    const { code, stdout, stderr } = await run(['captures'], { env: { HOME: home, TZ: 'Europe/Berlin' } });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'label          started                      took   size  state        command',
        `a-longer-name  2026-11-20T23:40:00+01:00  2.0 ms  ${sizeOf(longer)} B  writer died  npx ${'x'.repeat(55)}…`,
        `weather        2026-11-20T21:40:00+01:00  4.0 ms  ${sizeOf(weather)} B  closed       python3 weather.py`,
        '',
      ].join('\n'),
    );
    expect(stderr).toBe(`2 captures, ${sizeOf(weather) + sizeOf(longer)} B, in ${folder}\n`);
    expect((await run(['captures', 'list'], { env: { HOME: home, TZ: 'Europe/Berlin' } })).stdout).toBe(stdout);
  });

  test.concurrent('gives the same as JSON, a line each', async () => {
    const { home, folder } = newHome();
    const first = store(folder, 'weather', { said: [DISCOVER] });
    const second = store(folder, 'weather', { at: '2026-11-20T20:40:02.000Z' });
    const { code, stdout, stderr } = await run(['captures', '--json'], { env: { HOME: home } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const common = { label: 'weather', state: 'closed', pid: 2 ** 31 - 1, ppid: 1, argv: ['python3', 'weather.py'] };
    expect(jsonLines(stdout)).toEqual([
      {
        ...common,
        path: second,
        at: '2026-11-20T20:40:02.000Z',
        ms: 4,
        size: expect.any(Number) as number,
        probeFor: null,
      },
      {
        ...common,
        path: first,
        at: '2026-11-20T20:40:00.000Z',
        ms: 4,
        size: expect.any(Number) as number,
        probeFor: second,
      },
    ]);
  });

  test.concurrent('says what to do where there is none', async () => {
    const { home } = newHome();
    const { code, stdout, stderr } = await run(['captures'], { env: { HOME: home } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^There is no capture in ".*" yet; make one with mcp-dbg proxy/);
    expect(await run(['captures', '--json'], { env: { HOME: home } })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  test.concurrent('puts nothing raw on a terminal, whatever files are called and say', async () => {
    const { home, folder } = newHome();
    const path = store(folder, 'x', { argv: ['\u001b]0;x\u0007\u202e'] });
    writeFileSync(join(folder, '\u001b[31mred\u202e.mcpcap'), readFileSync(path));
    for (const argv of [
      ['captures'],
      ['captures', '--json'],
      ['captures', 'prune', '--older-than', '0s', '--dry-run'],
    ]) {
      const { stdout, stderr } = await run(argv, { env: { HOME: home } });
      expect(stdout).toContain('red');
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test.concurrent('folds the probe that an SDK made on a process of its own into its connection', async () => {
    const { home, folder } = newHome();
    const client = new Client({ name: 'stock', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    const args = [BIN, 'proxy', '--', process.execPath, fixture('sdk-v2')];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env: environment({ HOME: home }), stderr: 'ignore' }),
    );
    await client.listTools();
    await client.close();
    const listed = jsonLines((await run(['captures', '--json'], { env: { HOME: home } })).stdout);
    expect(listed).toHaveLength(2);
    const [main, probe] = listed;
    expect(probe).toMatchObject({ probeFor: main?.['path'], argv: main?.['argv'], ppid: process.pid });
    expect(readFileSync(String(main?.['path']), 'utf8')).toContain('tools/list');
    const { stdout } = await run(['captures'], { env: { HOME: home } });
    expect(stdout).toMatch(/^label .*\nsdk-v2 .*\n {2}probe .* on a process that was thrown away\n$/);
    expect((await run(['log'], { env: { HOME: home } })).stderr).toBe(`capture: ${String(main?.['path'])}\n`);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

describe('captures label', () => {
  test.concurrent('changes the label of a capture that is named by its label or its path', async () => {
    const { home, folder } = newHome();
    const old = store(folder, 'weather');
    const newer = store(folder, 'weather', { at: '2026-11-20T20:41:00.000Z' });
    const byLabel = await run(['captures', 'label', 'weather', 'before the fix'], { env: { HOME: home } });
    expect(byLabel).toMatchObject({ code: 0, stderr: '' });
    expect(byLabel.stdout).toBe(`${newer.replace('weather', 'before-the-fix')}\n`);
    const byPath = await run(['captures', 'label', old, 'older', '--json'], { env: { HOME: home } });
    expect(JSON.parse(byPath.stdout)).toEqual({ old, path: old.replace('weather', 'older') });
    expect((await run(['captures'], { env: { HOME: home } })).stdout).toMatch(/\nbefore-the-fix .*\nolder /);
  });

  test.concurrent.each<[readonly string[], RegExp]>([
    [['weather', '..'], /Cannot label a capture "\.\.": a label needs letters or digits/],
    [['weather'], /Missing required argument 'label'/],
    [['nothing', 'x'], /There is no capture "nothing": no file and no label; mcp-dbg captures lists the labels/],
    [['./missing', 'x'], /There is no capture at ".*missing"; give the path/],
    [['first', 'second'], /Cannot rename ".*first\.mcpcap": there is a ".*second\.mcpcap" already; give another label/],
  ])('says what is wrong with %j, and changes nothing', async (words, why) => {
    const { home, folder } = newHome();
    const text = readFileSync(store(folder, 'weather'));
    for (const name of ['first', 'second']) writeFileSync(join(folder, `${name}.mcpcap`), text);
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await run(['captures', 'label', ...words], { env: { HOME: home } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: .*\n$/);
    expect(stderr).toMatch(why);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('captures prune', () => {
  const old = '2020-01-01T00:00:00.000Z';

  test.concurrent('tells what it would delete, and then deletes it', async () => {
    const { home, folder } = newHome();
    const [first, second] = [store(folder, 'one', { at: old }), store(folder, 'two', { at: old, close: false })];
    const young = store(folder, 'young', { at: new Date().toISOString() });
    writeFileSync(join(folder, 'notes.mcpcap'), 'my notes');
    const [one, two] = [sizeOf(first), sizeOf(second)];
    const dry = await run(['captures', 'prune', '--older-than', '30d', '--dry-run'], { env: { HOME: home } });
    expect(dry.stdout).toBe(`would delete ${first} (${one} B)\nwould delete ${second} (${two} B)\n`);
    expect(dry).toMatchObject({ code: 0, stderr: `would delete 2 captures, ${one + two} B\n` });
    expect(readdirSync(folder)).toHaveLength(4);
    const real = await run(['captures', 'prune', '--older-than', '30d', '--json'], { env: { HOME: home } });
    expect(JSON.parse(real.stdout)).toEqual({
      dryRun: false,
      bytes: one + two,
      deleted: [
        { path: first, label: 'one', at: old, size: one },
        { path: second, label: 'two', at: old, size: two },
      ],
      kept: [],
      refused: [],
    });
    expect(readdirSync(folder).toSorted()).toEqual([basename(young), 'notes.mcpcap'].toSorted());
    const none = await run(['captures', 'prune', '--older-than', '30d'], { env: { HOME: home } });
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'deleted 0 captures, 0 B\n' });
  });

  test.concurrent('never deletes what is being written; a label that changes meanwhile disturbs nothing', async () => {
    const { home, folder } = newHome();
    const proxy = start(['proxy', '--', 'cat'], { env: { HOME: home } });
    proxy.write('one\n');
    await proxy.saw('one\n');
    const [name = ''] = readdirSync(folder);
    const path = join(folder, name);
    expect((await run(['captures'], { env: { HOME: home } })).stdout).toMatch(
      /\ncat .* running .* being written +cat\n$/,
    );
    const pruned = await run(['captures', 'prune', '--older-than', '0s'], { env: { HOME: home } });
    expect(pruned).toMatchObject({ code: 0, stdout: '' });
    expect(pruned.stderr).toBe(`kept ${path}: it is being written\ndeleted 0 captures, 0 B\n`);
    const { stdout } = await run(['captures', 'label', 'cat', 'live'], { env: { HOME: home } });
    expect(existsSync(path)).toBe(false);
    proxy.write('two\n');
    proxy.child.stdin?.end();
    expect(await proxy.ended).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
    expect((await run(['log', 'live', '--json'], { env: { HOME: home } })).stdout).toContain('"raw":"two"');
    expect((await run(['captures', 'prune', '--older-than', '0s'], { env: { HOME: home } })).stdout).toContain(
      `deleted ${stdout.trim()} `,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test.concurrent('deletes what a killed writer left', async () => {
    const { home, folder } = newHome();
    const proxy = start(['proxy', '--', 'cat'], { env: { HOME: home } });
    proxy.write('one\n');
    await proxy.saw('one\n');
    proxy.child.kill('SIGKILL');
    await proxy.ended;
    expect((await run(['captures'], { env: { HOME: home } })).stdout).toContain(' writer died ');
    expect(await run(['captures', 'prune', '--older-than', '0s'], { env: { HOME: home } })).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('misuse of captures is one sentence with the next step', () => {
  test.concurrent.each<[readonly string[], RegExp]>([
    [['prune'], /Say what is old: mcp-dbg captures prune --older-than 30d, in s, m, h, d or w/],
    [['prune', '--older-than', '30'], /"30" is no age: /],
    [['prune', '--older-than', '-1d'], /no age|argument missing/],
    [['prune', '--dry'], /Unknown option '--dry'/],
    [['lst'], /Unknown command 'captures lst'; did you mean list\?/],
    [['frobnicate'], /Unknown command 'captures frobnicate' \(mcp-dbg captures --help/],
  ])('%j', async (words, why) => {
    const { home } = newHome();
    const { code, stdout, stderr } = await run(['captures', ...words], { env: { HOME: home } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: .*\n$/);
    expect(stderr).toMatch(why);
  });

  test.concurrent.each(['list', 'label', 'prune'])('the help of %s has two examples', async (command) => {
    const { code, stdout } = await run(['captures', command, '--help']);
    expect(code).toBe(0);
    const [, examples = ''] = stdout.split('\nExamples:\n');
    expect(examples.trim().split('\n')).toHaveLength(2);
  });
});
