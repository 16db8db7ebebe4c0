import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, test } from 'vitest';

import { HIDDEN } from '../export/hostile.ts';
import { BIN, file, jsonLines, run, scratch } from '../driver.ts';
import { newHome, store } from '../stored-captures.ts';
import { READERS, ask } from './asking.ts';
import { call, failure, recorded, result, said } from './recorded.ts';

/** Two calls, the second of which fails. */
function twoCalls(): string {
  return recorded((to) => {
    to.client(call(1, 'forecast', { city: 'Paris' }));
    to.server(said(1, 'sunny'));
    to.client(call(2, 'boom'));
    to.server(failure(2, -32602, 'no'));
  });
}

const folder = (): string => mkdtempSync(join(scratch, 'bad-'));

function fifo(): string {
  const path = join(folder(), 'fifo.mcpcap');
  execFileSync('mkfifo', [path]);
  return path;
}

function newer(): string {
  const path = twoCalls();
  writeFileSync(path, readFileSync(path, 'utf8').replace('"mcpcap":1', '"mcpcap":2'));
  return path;
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

const NO_CAPTURES: readonly (readonly [string, () => string, RegExp])[] = [
  [
    'text',
    () => file('notes.mcpcap', 'hello\nworld\n'),
    /: This is not a capture: it does not start with an "open" record/,
  ],
  ['JSON', () => file('a.json', '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'), /: This is not a capture: /],
  ['a picture', () => file('a.png', PNG.toString('latin1')), /: This is not a capture: /],
  ['a folder', folder, /: it is not a regular file; name a \.mcpcap file/],
  ['a device', () => '/dev/null', /: it is not a regular file; /],
  ['a named pipe', fifo, /: it is not a regular file; /],
  ['nothing', () => join(folder(), 'a.mcpcap'), /There is no capture at /],
  ['a capture of a newer format', newer, /in version 2 of the format and this program reads version 1; update mcp-dbg/],
];

describe.each(READERS.map((reader) => [reader.join(' '), reader] as const))('mcp-dbg %s', (_, reader) => {
  it.each(NO_CAPTURES)('says what is wrong with %s', async (_what, make, sentence) => {
    const path = make();
    const { code, stdout, stderr } = await ask([...reader, path]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: [^\n]*\n$/);
    expect(stderr).toContain(`"${path}"`);
    expect(stderr).toMatch(sentence);
  });

  it('says that an empty file is no capture', async () => {
    // One that is followed may still be written.
    if (reader.includes('-f')) return;
    const { code, stdout, stderr } = await ask([...reader, file('a.mcpcap', '')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: Cannot read "[^"]*": it is empty, so it is not a capture\n$/);
  });

  it('says that standard input is no capture', async () => {
    for (const stdin of ['', 'hello\n']) {
      const { code, stdout, stderr } = await ask([...reader, '-'], { stdin: Buffer.from(stdin) });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcp-dbg: Cannot read "stdin": [^\n]*not a capture[^\n]*\n$/);
    }
  });

  it('reads a torn tail, a corrupt middle and what stands behind it', async () => {
    const bytes = readFileSync(twoCalls());
    const torn = bytes.subarray(0, bytes.indexOf('"method":"tools/call","params":{"name":"boom"'));
    const corrupt = Buffer.from(bytes);
    corrupt.fill('#', bytes.indexOf('{"t":"data"', bytes.indexOf('sunny')), bytes.indexOf('"boom"'));
    for (const each of [torn, corrupt, Buffer.concat([torn, bytes])]) {
      const path = file('torn.mcpcap', '');
      writeFileSync(path, each);
      const { code, stdout, stderr } = await ask([...reader, path]);
      expect(reader[0] === 'lint' ? [0, 1] : [0]).toContain(code);
      expect(stdout).not.toBe('');
      expect(stderr).not.toContain('mcp-dbg:');
      expect(readFileSync(path).equals(each)).toBe(true);
    }
  });

  it('lets nothing hidden through, however long the names', async () => {
    const evil = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\u200b\u{e0041}\u0000';
    const name = evil.repeat(Math.ceil(1_000_000 / evil.length));
    const path = recorded((to) => {
      to.client(call('1', name, { [evil]: evil }));
      to.server(said('1', evil));
      to.server(`${evil}\n${evil}`);
      to.stderr(evil);
      to.client(call(evil, evil));
      to.server(failure(evil, -1, evil));
      to.event({ kind: 'exit', code: 1, signal: null });
    });
    const { code, stdout, stderr } = await ask([...reader, path]);
    expect(reader[0] === 'lint' ? [0, 1] : [0]).toContain(code);
    // A copy of a capture has its bytes as they were.
    if (reader[0] !== 'redact') expect(stdout.replaceAll('\t', '')).not.toMatch(HIDDEN);
    expect(stderr).not.toMatch(HIDDEN);
  });
});

describe.each(
  READERS.filter(([name]) => name !== 'redact' && name !== 'show').map((reader) => [reader.join(' '), reader] as const),
)('mcp-dbg %s, asked with a slip of the finger', (_, reader) => {
  it('shows where, in a filter', async () => {
    const { code, stdout, stderr } = await ask([...reader, twoCalls(), 'is:error', 'slowr:200ms']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      [
        'mcp-dbg: I do not know the key "slowr" (did you mean "slower"?)',
        'is:error slowr:200ms',
        '         ^^^^^',
        '',
      ].join('\n'),
    );
  });
});

test('a slip in a filter is one line of JSON where JSON is asked for', async () => {
  for (const reader of [['log'], ['stats'], ['lint']]) {
    const { stderr } = await ask([...reader, twoCalls(), 'is:eror', '--json']);
    expect(jsonLines(stderr)).toMatchObject([{ error: { code: 'BAD_FILTER', message: expect.any(String) as string } }]);
  }
});

test.each([
  [['log', '--bogus'], /^mcp-dbg: Unknown option '--bogus' \(mcp-dbg log --help shows what there is\)\n$/],
  [['log', '-x'], /^mcp-dbg: Unknown option '-x'/],
  [['stats', '', '--by', 'nothing'], /^mcp-dbg: .*method, tool, server/],
  [['lint', '', '--format', 'html'], /^mcp-dbg: .*text, json, junit, sarif/],
  [['lint', '', '--max-duration', 'soon'], /^mcp-dbg: .*It takes a duration, such as 2s or 500ms\./],
  [['lint', '', '--off', 'stdio/nothing'], /^mcp-dbg: There is no rule "stdio\/nothing" to switch off/],
  [['export', ''], /^mcp-dbg: Required option '--to <format>' not specified/],
  [['export', '', '--to', 'pdf'], /^mcp-dbg: .*json, har, mermaid, md/],
  [['show', ''], /^mcp-dbg: Name the number of a frame, such as mcp-dbg show 12/],
  [['show', '0'], /^mcp-dbg: Name the number of a frame/],
  [['show', '99'], /^mcp-dbg: There is no frame 99 in this capture: its frames are 1 to 4; mcp-dbg log lists them\n$/],
  [['show', '1', 'is:error'], /^mcp-dbg: show takes a number and a capture, and no filter/],
  [['redact', '', 'is:error'], /^mcp-dbg: redact copies all of a capture and takes no filter/],
])('%j ends with a sentence and 1', async (words, sentence) => {
  const [command = '', ...rest] = words;
  const { code, stdout, stderr } = await ask(
    [command, ...rest.slice(0, 1), twoCalls(), ...rest.slice(1)].filter((word) => word !== ''),
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(sentence);
});

describe('which capture is read', () => {
  const READING = READERS.filter((reader) => !reader.includes('-f'));

  it.each(READING.map((reader) => [reader.join(' '), reader] as const))(
    '%s reads - from standard input',
    async (_, reader) => {
      const path = twoCalls();
      const fromFile = await ask([...reader, path]);
      const fromInput = await ask([...reader, '-'], { stdin: readFileSync(path) });
      // Marks at the lines of a log need a second look at the capture.
      const named = (text: string): string =>
        text.replaceAll(path, 'stdin').replaceAll(/\u001b\[\d+m| {2}\[[a-z/-]+\]/g, '');
      expect(fromInput.code).toBe(fromFile.code);
      expect(named(fromInput.stdout)).toBe(named(fromFile.stdout));
    },
  );

  it.each(READING.map((reader) => [reader.join(' '), reader] as const))(
    '%s takes a stored capture by its label',
    async (_, reader) => {
      const { home, folder: state } = newHome();
      store(state, 'weather', { said: [JSON.stringify(call(1, 'forecast'))] });
      store(state, 'notes', { at: '2026-11-21T20:40:00.000Z' });
      const { code, stderr } = await ask([...reader, 'weather'], { home });
      expect(reader[0] === 'lint' ? [0, 1] : [0]).toContain(code);
      expect(stderr).toMatch(/^capture: .*weather.*\.mcpcap\n/);
    },
  );

  it('takes captures that stand behind one another in one file', async () => {
    const bytes = readFileSync(twoCalls());
    const both = file('both.mcpcap', Buffer.concat([bytes, bytes]).toString());
    const { stdout } = await ask(['stats', both, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 8, exchanges: 4 });
    const { stdout: listed } = await ask(['log', both, '--json', 'kind:request']);
    expect(jsonLines(listed).map(({ n }) => n)).toEqual([1, 3, 5, 7]);
    expect((await ask(['show', '7', both])).stdout).toContain('tools/call boom');
  });

  it('is the one that was named, wherever its path stands, and never one of two', async () => {
    const path = twoCalls();
    const ns = async (...words: readonly string[]): Promise<unknown> =>
      jsonLines((await ask(['log', '--json', ...words])).stdout).map(({ n }) => n);
    expect(await ns('tool:boom', path)).toEqual(await ns(path, 'tool:boom'));
    expect(await ns('--', 'tool:boom', path)).toEqual(await ns(path, 'tool:boom'));
    const { code, stdout, stderr } = await ask(['log', path, twoCalls()]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^mcp-dbg: Name one capture, not 2 \(.*\); cat A B \| mcp-dbg log - reads several\n$/);
    // A word that is no file is one to look for.
    expect(await ask(['log', '--json', path, 'nothing.mcpcap'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('takes what follows -- for words, and dashes for negatives', async () => {
    const path = twoCalls();
    const methods = async (...words: readonly string[]): Promise<unknown> =>
      jsonLines((await ask(['log', '--json', ...words])).stdout).map(({ n }) => n);
    expect(await methods(path, 'kind:request', '-tool:boom')).toEqual([1]);
    expect(await methods(path, '--', 'kind:request', '-tool:boom')).toEqual([1]);
    expect(await methods('--', path, 'tool:boom')).toEqual([3]);
    const { stdout } = await ask(['redact', '--', path]);
    expect(stdout).toContain('"forecast"');
  });
});

describe('the built program', () => {
  it('ends without a word when its reader goes away', async () => {
    const path = recorded((to) => {
      for (let id = 0; id < 1500; id++) {
        to.client(call(id, 'forecast', { city: 'Paris' }));
        to.server(result(id));
      }
    });
    const commands = ['log', 'log -- is:request', 'export --to json', 'redact'];
    const program = commands.map(
      (words) =>
        `node "$BIN" ${words.replace(/ |$/, ' "$1" ')} 2>>"$2" | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`,
    );
    const { ran, said: told } = await bash(program.join('\n'), path);
    expect(ran).toEqual(commands.map(() => '0'));
    expect(told).toBe('');
  });

  it('reads a line of 100 MB', async () => {
    const path = join(folder(), 'big.mcpcap');
    const head = readFileSync(twoCalls(), 'utf8');
    const c = /"c":"([0-9a-f]+)"/.exec(head)?.[1] ?? '';
    const fd = openSync(path, 'w');
    writeSync(fd, head.slice(0, head.lastIndexOf('{"t":"close"')));
    const line = Buffer.alloc(100_000_000, 'x');
    line.write('{"jsonrpc":"2.0","method":"big","params":{"x":"');
    line.write('"}}\n', line.length - 4);
    for (let at = 0; at < line.length; at += 1_000_000) {
      const part = line.subarray(at, at + 1_000_000);
      const isLast = at + part.length === line.length;
      writeSync(fd, `{"t":"data","c":"${c}","seq":${at},"us":9000,"from":"server","n":${part.length}}\n`);
      writeSync(fd, part);
      if (!isLast) writeSync(fd, '\n');
    }
    closeSync(fd);
    const [counted, shown] = await Promise.all([run(['stats', path, '--json']), run(['log', path])]);
    expect(JSON.parse(counted.stdout)).toMatchObject({
      frames: 5,
      notifications: [{ method: 'big', count: 1 }],
      noise: { lines: 0 },
    });
    expect(shown.stdout).toContain('100.0 MB  big');
    expect(shown.code).toBe(0);
    expect(shown.stderr).toBe('findings are left out, since the capture is large; mcp-dbg lint has them\n');
    expect(shown.stdout.length).toBeLessThan(10_000);
    expect(readdirSync(join(path, '..'))).toEqual(['big.mcpcap']);
  });

  it('says what is wrong as one line of JSON, and where', async () => {
    const { code, stdout, stderr } = await run(['stats', file('a.mcpcap', 'hello'), '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(jsonLines(stderr)).toMatchObject([{ error: { code: 'NOT_A_CAPTURE' } }]);
  });

  /** Runs a script, and gives the lines that it printed and what stood in the file `$2` at its end. */
  async function bash(script: string, input: string): Promise<{ ran: readonly string[]; said: string }> {
    const errors = file('stderr', '');
    const stdout = execFileSync('bash', ['-c', script, 'bash', input, errors], {
      env: { ...process.env, BIN },
      encoding: 'utf8',
    });
    return { ran: stdout.trim().split('\n'), said: readFileSync(errors, 'utf8') };
  }
});
