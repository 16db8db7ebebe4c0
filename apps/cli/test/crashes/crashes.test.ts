import { mkdirSync, readFileSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { type Ran, jsonLines, run } from '../driver.ts';
import { call, recorded, result, rpc } from '../questions/recorded.ts';
import { newHome } from '../stored-captures.ts';
import { Watch } from './watched.ts';

const ESCAPES = '\u001b]0;owned\u0007\u202e';
const SECRET = 'ghp_0123456789abcdefghijABCDEF';
const ASKED = rpc(1, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'editor', version: '3' },
});
const ANSWERED = result(1, {
  protocolVersion: '2025-11-25',
  capabilities: {},
  serverInfo: { name: 'Weather', version: '2' },
});
const CALLED = JSON.stringify(call(2, 'forecast', { city: 'Paris', token: '«redacted:token:…»' }));
const line = (message: object): string => `${JSON.stringify(message)}\n`;

/** Keeps a crash of a server as a proxy does, and gives the path of its report. */
async function crashed(
  folder: string,
  label: string,
  how: { readonly code: number; readonly stderr?: string },
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const watch = new Watch(label, folder);
  watch.tell((to) => {
    to.event({ kind: 'spawn', pid: 4102 });
    to.read('client', line(ASKED));
    to.read('server', line(ANSWERED));
    to.read('client', line(call(2, 'forecast', { city: 'Paris', token: SECRET })));
    if (how.stderr !== undefined) to.read('stderr', how.stderr);
    to.event({ kind: 'eof', from: 'server' });
    to.event({ kind: 'exit', code: how.code, signal: null });
  });
  await watch.finish();
  return join(folder, `${label}.crash-1.json`);
}

describe('crashes', () => {
  const { home, folder } = newHome();
  let weather: string;
  let notes: string;
  const ask = (...argv: readonly string[]): Promise<Ran> =>
    run(['crashes', ...argv], { env: { HOME: home, TZ: 'UTC' } });

  beforeAll(async () => {
    weather = await crashed(folder, 'weather', { code: 3, stderr: `Traceback\nKeyError: 'x'\n` });
    notes = await crashed(folder, 'notes', { code: 1, stderr: `cannot log in with ${SECRET}\n` });
    for (const [path, at] of [
      [weather, '2026-11-20T20:40:00.000Z'],
      [notes, '2026-11-21T20:40:00.000Z'],
    ] as const) {
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"at":"[^"]*"/, `"at":"${at}"`));
      // The time of the file says the opposite.
      utimesSync(path, 0, path === weather ? 2000 : 1000);
    }
    writeFileSync(join(folder, 'someones.crash-1.json'), '{"mcpDbgCrash":"x"}');
    writeFileSync(join(folder, 'newer.crash-1.json'), '{"mcpDbgCrash":2}');
    writeFileSync(
      join(folder, 'part.crash-1.json'),
      readFileSync(weather, 'utf8').replace('"uptimeMs":', '"uptimeMs":{},"x":'),
    );
    writeFileSync(join(folder, 'nothing.crash-1.json'), '');
    writeFileSync(join(folder, 'big.crash-1.json'), Buffer.alloc(9 * 1024 * 1024, ' '));
    symlinkSync(weather, join(folder, `link${ESCAPES.replaceAll('/', '')}.crash-1.json`));
    mkdirSync(join(folder, 'folder.crash-1.json'));
  });

  it('lists what is stored, the newest first, and says in a sentence each what is no report', async () => {
    const { code, stdout, stderr } = await ask();
    expect(code).toBe(0);
    expect(stdout.replaceAll(/«redacted:([\w-]+):[0-9a-f]{8}»/g, '«$1»')).toBe(
      [
        '   when                       server   ended         after  in flight            stderr',
        '1  2026-11-21T20:40:00+00:00  notes    exit code 1  6.0 ms  tools/call forecast  cannot log in with «github-token»',
        "2  2026-11-20T20:40:00+00:00  weather  exit code 3  6.0 ms  tools/call forecast  KeyError: 'x'",
        '',
      ].join('\n'),
    );
    const lines = stderr.trimEnd().split('\n').toSorted();
    const skipped = (name: string, why: string): string => `skipped ${join(folder, `${name}.crash-1.json`)}: ${why}`;
    expect(lines).toEqual(
      [
        `2 crashes, in ${folder}; mcp-dbg crashes N shows one`,
        skipped('big', 'it has 9437184 bytes, and 8388608 are the limit'),
        skipped('folder', 'it is not a regular file; use one, and not a link to it'),
        skipped('link\\e]0;owned\\u{7}\\u{202e}', 'it is not a regular file; use one, and not a link to it'),
        skipped('newer', 'it was written by a newer mcp-dbg (format 2, and this one reads 1); update mcp-dbg'),
        skipped('nothing', 'it is no crash report; mcp-dbg crashes lists those that there are'),
        skipped('part', 'it is a broken crash report: "uptimeMs" must be a number'),
        skipped('someones', 'it is no crash report; mcp-dbg crashes lists those that there are'),
      ].toSorted(),
    );
  });

  it('shows one by its number, its label or its path, as a text that can be shared', async () => {
    const [byNumber, byLabel, byPath, both] = await Promise.all([
      ask('2'),
      ask('weather'),
      ask(weather),
      ask('weather', '1'),
    ]);
    const text = (stdout: string): string => stdout.replaceAll(/:[0-9a-f]{8}»/g, ':…»');
    const [told, findings] = text(byNumber.stdout).split('\nFindings\n\n');
    expect(told).toBe(
      [
        'Crash: exit code 3 after 6.0 ms, 1 request in flight',
        '',
        '    when      2026-11-20T20:40:00+00:00',
        '    server    weather, Weather 2, pid 4102',
        '    command   node server.mjs --api-key ***',
        '    client    editor 3',
        '    protocol  2025-11-25 (legacy)',
        "    stderr    KeyError: 'x'",
        `    capture   ${join(folder, 'weather.mcpcap')}, connection 1, crash 1`,
        `    made by   mcp-dbg 0.1.0, Node.js ${process.version}, ${process.platform} ${process.arch}, from the proxy`,
        '',
        'In flight',
        '',
        '    tools/call forecast  id 2, waited 3.0 ms, frame 3',
        `      ${CALLED}`,
        '',
        'The end of stderr, of 24 B',
        '',
        '    Traceback',
        "    KeyError: 'x'",
        '',
        'All frames',
        '',
        `       1  5.0 ms before    client → ${JSON.stringify(ASKED)}`,
        `       2  4.0 ms before    server ← ${JSON.stringify(ANSWERED)}`,
        `       3  3.0 ms before    client → ${CALLED}`,
        '',
      ].join('\n'),
    );
    expect(findings).toMatch(/^ {4}error process\/lost-request: .* \[frame 3\]$/m);
    expect(byNumber.stderr).toMatch(/^redacted: \d+ in 1 place\n/);
    for (const { code, stdout } of [byLabel, byPath, both])
      expect([code, text(stdout)]).toEqual([0, text(byNumber.stdout)]);
  });

  it('shows it as it is with --raw, and gives the documents with --json', async () => {
    const [raw, one, rawJson, all] = await Promise.all([
      ask('weather', '--raw'),
      ask('weather', '--json'),
      ask('weather', '--json', '--raw'),
      ask('--json'),
    ]);
    expect(raw.stdout).toContain(`"token":"${SECRET}"`);
    expect(raw.stderr).toBe('');
    expect(one.stdout + all.stdout).not.toContain(SECRET);
    expect([one.stderr, rawJson.stderr, all.stderr]).toEqual(['', '', '']);
    expect(jsonLines(rawJson.stdout)).toEqual([JSON.parse(readFileSync(weather, 'utf8'))]);
    expect(jsonLines(one.stdout)[0]).toMatchObject({ mcpDbgCrash: 1, label: 'weather', code: 3, uptimeMs: 6 });
    expect(jsonLines(all.stdout).map(({ label }) => label)).toEqual(['notes', 'weather']);
    expect((await ask('weather', '--pattern', 'Par[a-z]+')).stdout).toMatch(/"city":"«redacted:pattern/);
  });

  it('makes the same from a capture, whoever recorded it, and lists several in their order', async () => {
    const one = await ask(join(folder, 'weather.mcpcap'), '--json', '--raw');
    const { madeBy, at, ...derived } = jsonLines(one.stdout)[0] ?? {};
    const { madeBy: by, at: time, ...stored } = JSON.parse(readFileSync(weather, 'utf8')) as Record<string, unknown>;
    expect(derived).toEqual(stored);
    expect([madeBy, by]).toMatchObject([{ from: 'capture' }, { from: 'proxy' }]);
    expect([at, time]).toEqual([expect.any(String), expect.any(String)]);

    const several = recorded((to) => {
      for (const [index, code] of [4, 5].entries()) {
        const of = index === 0 ? to : to.connection('other');
        of.event({ kind: 'spawn', pid: 4100 + index });
        of.event({ kind: 'exit', code, signal: null });
      }
    });
    const list = await ask(several);
    expect(list.stdout.split('\n').map((row) => row.slice(0, 1))).toEqual([' ', '1', '2', '']);
    expect(list.stderr).toContain(`2 crashes in ${several}`);
    expect((await ask(several, '2')).stdout).toMatch(/^Crash: exit code 5 after 1\.0 ms, nothing in flight\n/);
    expect(jsonLines((await ask(several, '--json')).stdout).map(({ code, label }) => [code, label])).toEqual([
      [4, 'weather'],
      [5, 'other'],
    ]);
    const piped = await run(['crashes', '-', '1'], { env: { HOME: home }, stdin: readFileSync(several) });
    expect(piped.stdout).toMatch(/^Crash: exit code 4 /);
  });

  it('says in a sentence that there is none, and in one what cannot be shown', async () => {
    const empty = newHome();
    const env = { HOME: empty.home };
    const [none, noneJson] = await Promise.all([run(['crashes'], { env }), run(['crashes', '--json'], { env })]);
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(none.stderr).toMatch(/^There is no crash report in ".*": no server crashed/);
    expect(noneJson).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const calm = recorded((to) => {
      to.event({ kind: 'spawn', pid: 1 });
      to.event({ kind: 'eof', from: 'client' });
      to.event({ kind: 'exit', code: 1, signal: null });
    });
    expect(await ask(calm)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `No server crashed in ${calm}: each ended as it was told to, or its end was not recorded\n`,
    });
    const path = (name: string): string => join(folder, `${name}.crash-1.json`);
    const refused = [
      [['7'], 'There is no crash 7: there are 2; mcp-dbg crashes lists what there is'],
      [['weather', '2'], 'There is no crash 2: there is one; mcp-dbg crashes lists what there is'],
      [[calm, '1'], 'There is no crash 1: there is none; mcp-dbg crashes lists what there is'],
      [['nobody'], 'There is no capture "nobody": no file and no label; mcp-dbg captures lists the labels'],
      [
        ['weather', 'notes'],
        'Name one crash: its number, a label, the path of a report or of a capture; not 2 of them',
      ],
      [[path('newer')], `Cannot read the crash report "${path('newer')}": it was written by a newer mcp-dbg (format 2`],
      [
        [path('part')],
        `Cannot read the crash report "${path('part')}": it is a broken crash report: "uptimeMs" must be`,
      ],
      [[path('big')], `Cannot read the crash report "${path('big')}": it has 9437184 bytes`],
      [[path('gone')], `Cannot read the crash report "${path('gone')}": there is no such file`],
      [['--pattern', '('], 'Cannot use "(" as a pattern'],
    ] as const;
    const answers = await Promise.all(refused.map(([words]) => ask(...words)));
    for (const [index, { code, stdout, stderr }] of answers.entries()) {
      const [words, said = ''] = refused[index] ?? [];
      expect([words, code, stdout]).toEqual([words, 1, '']);
      expect(stderr).toContain(`mcp-dbg: ${said}`);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const asJson = await ask('7', '--json');
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('puts nothing raw on a terminal, whatever a report says in whichever member', async () => {
    const report = JSON.parse(readFileSync(weather, 'utf8')) as object;
    const hostile = (value: unknown): unknown => {
      if (typeof value === 'string') return WORDS.has(value) ? value : value + ESCAPES;
      if (Array.isArray(value)) return value.map((each) => hostile(each));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hostile(each)]));
    };
    const own = newHome();
    mkdirSync(own.folder, { recursive: true });
    writeFileSync(join(own.folder, 'x.crash-1.json'), JSON.stringify(hostile(report)));
    const all = [[], ['1'], ['1', '--raw'], ['--json', '--raw']].map((argv) =>
      run(['crashes', ...argv], { env: { HOME: own.home } }),
    );
    for (const { code, stdout, stderr } of await Promise.all(all)) {
      expect(code).toBe(0);
      expect(stdout).toContain('owned');
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('finds a report whose capture was given another label, and loses it with its capture', async () => {
    const own = newHome();
    const old = await crashed(own.folder, '20261120T204000.123Z-weather-2147483647', { code: 3 });
    const env = { HOME: own.home };
    const label = ['captures', 'label', old.replace('.crash-1.json', '.mcpcap'), 'before-fix'];
    expect((await run(label, { env })).code).toBe(0);
    const renamed = join(own.folder, '20261120T204000.123Z-before-fix-2147483647.mcpcap');
    const shown = await run(['crashes', '1'], { env });
    expect(shown.stdout).toContain(`capture   ${renamed}, connection 1`);
    expect((await run(['captures', 'prune', '--older-than', '0s'], { env })).code).toBe(0);
    expect(readdirSync(own.folder)).toEqual([]);
  });
});

/** What must be one of a few words, else it is no report. */
const WORDS: ReadonlySet<string> = new Set([
  'proxy',
  'capture',
  'client',
  'server',
  'legacy',
  'error',
  'warning',
  'info',
]);
