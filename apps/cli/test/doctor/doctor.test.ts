import { spawn } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { fixture, waitFor } from '@mcp-dbg/testkit';
import { afterAll, describe, expect, test } from 'vitest';

import { endPrograms, file, run, scratch, start, workingIn } from '../driver.ts';

afterAll(endPrograms);

interface Report {
  readonly failed: boolean;
  readonly starts: readonly { readonly hosts: readonly string[]; readonly ok: boolean; readonly processes: number }[];
  readonly legacy: { readonly ok: boolean; readonly era: string } | null;
  readonly context: { readonly tools: number; readonly tokens: number } | null;
  readonly findings: readonly Finding[];
}

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly hosts: readonly string[];
  readonly message: string;
  readonly quote: string | null;
  readonly fix: string;
}

type Options = Parameters<typeof run>[1];

/** Runs `doctor --json` and gives its exit code and its report, without what is only worth knowing. */
async function examine(
  words: readonly string[],
  options: Options = {},
): Promise<{ readonly code: number | null; readonly report: Report; readonly ill: readonly Finding[] }> {
  const { code, stdout, stderr } = await run(['doctor', '--json', ...words], options);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as Report;
  // How long a start takes is a matter of the machine that tests.
  const ill = report.findings.filter(({ level, rule }) => level !== 'info' && rule !== 'start/slow');
  return { code, report, ill };
}

const NODE = process.execPath;
const WINDOWS = ['cursor', 'claude-desktop'];

describe('a good server', () => {
  test.concurrent('is well: one process for each way to start it, and one as an older client; no tool is called', async () => {
    const capture = join(scratch, 'doctor.mcpcap');
    const { code, report, ill } = await examine([fixture('echo'), '--capture', capture]);
    expect({ code, ill, failed: report.failed }).toEqual({ code: 0, ill: [], failed: false });
    expect(report.starts.map(({ hosts, ok, processes }) => ({ hosts, ok, processes }))).toEqual([
      { hosts: ['terminal', 'claude-code', 'vscode'], ok: true, processes: 1 },
      { hosts: ['cursor'], ok: true, processes: 1 },
      { hosts: ['claude-desktop'], ok: true, processes: 1 },
    ]);
    expect(report.legacy).toMatchObject({ ok: true, era: 'legacy' });
    expect(report.context?.tools).toBe(7);
    const recorded = readFileSync(capture, 'utf8');
    expect(recorded.match(/^\{"t":"spawn"/gm)).toHaveLength(4);
    expect(recorded).toContain('"method":"tools/list"');
    expect(recorded).not.toContain('tools/call');
  });
});

describe('a server that does not start', () => {
  test.concurrent('for want of a variable that only a shell has', async () => {
    const { code, report, ill } = await examine([fixture('needs-variable')], { env: { WEATHER_API_KEY: 'abc' } });
    expect(code).toBe(1);
    expect(report.starts.map(({ ok }) => ok)).toEqual([true, false, false]);
    const missing = ill.filter(({ rule }) => rule === 'start/variable');
    expect(missing.flatMap(({ hosts }) => hosts)).toEqual(WINDOWS);
    for (const { quote, fix } of missing) {
      expect(quote).toBe('Error: WEATHER_API_KEY is not set');
      expect(fix).toMatch(/set here, and not handed on.*"env": \{"WEATHER_API_KEY"/);
    }
  });

  test.concurrent('since its command is in the PATH of a shell alone', async () => {
    const program = file('doctored-server', `#!/bin/sh\nexec '${NODE}' '${fixture('legacy-only')}'\n`);
    chmodSync(program, 0o755);
    const folder = dirname(program);
    const { code, ill } = await examine(['doctored-server'], { env: { PATH: `${folder}:/usr/bin:/bin` } });
    expect(code).toBe(1);
    expect(ill.map(({ rule, hosts }) => ({ rule, hosts }))).toEqual([{ rule: 'start/command', hosts: WINDOWS }]);
    expect(ill[0]?.message).toContain(`it is ${JSON.stringify(program)}`);
    expect(ill[0]?.fix).toContain(`"env": {"PATH": "${folder}:`);
  });

  test.concurrent('since its script is named from the folder of a shell', async () => {
    const script = file('relative.mjs', `import ${JSON.stringify(fixture('legacy-only'))};`);
    const { code, ill } = await examine(['--', NODE, './relative.mjs'], { cwd: dirname(script) });
    expect(code).toBe(1);
    expect(ill.map(({ rule, hosts }) => ({ rule, hosts }))).toEqual(
      WINDOWS.map((host) => ({ rule: 'start/file', hosts: [host] })),
    );
    for (const { fix } of ill) expect(fix).toBe(`Write its whole path: ${JSON.stringify(script)}.`);
  });

  test.concurrent.each<[string, () => readonly string[], string, RegExp]>([
    [
      'an interpreter that env does not find',
      () => [program('#!/usr/bin/env no-such-thing\n')],
      'start/command',
      /"no-such-thing" is in no folder of PATH/,
    ],
    ['a script that is not there', () => ['./servre.py'], 'start/command', /no such file/],
    [
      'what it left behind',
      () => ['--', NODE, fixture('forks-and-dies'), 'at-once'],
      'end/children',
      /left processes behind/,
    ],
  ])('for %s', async (_, words, rule, message) => {
    const { code, ill } = await examine(['--as', 'terminal', ...words()]);
    expect(code).toBe(1);
    expect(ill.find((each) => each.rule === rule)?.message).toMatch(message);
  });

  test.concurrent('for want of a Python module', async (context) => {
    const probe = await run(['tools', '--', 'python3', '-c', '0']);
    if (probe.stderr.includes('command not found')) context.skip('there is no python3');
    const { code, ill } = await examine(['--as', 'vscode', '--', 'python3', '-S', fixture('weather_py')]);
    expect(code).toBe(1);
    expect(ill).toMatchObject([{ rule: 'start/module', quote: "ModuleNotFoundError: No module named 'mcp'" }]);
  });
});

describe('a server that starts', () => {
  test.concurrent.each<[string, readonly string[], string, RegExp, number]>([
    ['and prints a banner', [fixture('prints-banner')], 'stdio/not-json', /^Starting server v1.2.3$/, 1],
    [
      'and prints one that nobody minds',
      [fixture('prints-banner'), '--era', 'legacy', '--fail-on', 'none'],
      'stdio/not-json',
      /v1.2.3/,
      0,
    ],
    [
      'and ends on the probe',
      [fixture('exits-on-probe'), '--fail-on', 'warning'],
      'era/probe',
      /expected initialize/,
      1,
    ],
    ['and is silent to the probe', [fixture('silent-on-probe'), '--probe-timeout', '0.2'], 'era/probe', /^$/, 0],
    ['for modern clients alone', [fixture('modern-only')], 'era/legacy', /^$/, 0],
    ['with a schema that no model takes', [fixture('bad-tools'), '--era', 'legacy'], 'model/schema', /illegal_key/, 1],
    [
      'and never answers',
      [fixture('never-answers'), '--probe-timeout', '0.2', '--timeout', '0.2'],
      'start/answer',
      /^$/,
      1,
    ],
    ['and ends only when it is killed', [fixture('ignores-term'), '--era', 'legacy'], 'end/signal', /^$/, 0],
  ])('%s', async (_, words, rule, quote, exit) => {
    const { ill, code } = await examine(['--as', 'terminal', ...words]);
    const finding = ill.find((each) => each.rule === rule);
    expect(finding, JSON.stringify(ill)).toBeDefined();
    expect(finding?.quote ?? '').toMatch(quote);
    expect(code).toBe(exit);
  });

  test.concurrent('is told of in words that a terminal can take, with the fix', async () => {
    const { code, stdout } = await run(['doctor', '--as', 'cursor', '--as', 'terminal', fixture('hostile-text')]);
    expect(code).not.toBeNull();
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u{e0000}-\u{e007f}]/u);
    expect(stdout).toMatch(/^ {2}(works|starts) +terminal +ready after .*\n {2}(works|starts) +Cursor /m);
    expect(stdout).toMatch(/^ {2}fix {6}\S/m);
  });
});

describe('a server behind a URL', () => {
  test.concurrent('is well where it answers, for every host alike', async () => {
    const server = spawn(NODE, [fixture('http-v1')], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const url = await new Promise<string>((resolve) =>
        server.stdout.once('data', (text) => resolve(String(text).trim())),
      );
      const { code, report, ill } = await examine([url]);
      expect({ code, ill }).toEqual({ code: 0, ill: [] });
      expect(report.starts.map(({ hosts, ok }) => ({ hosts: hosts.length, ok }))).toEqual([{ hosts: 5, ok: true }]);
    } finally {
      server.stdin.end();
      await new Promise((resolve) => server.once('close', resolve));
    }
  });

  test.concurrent('is explained where nothing, a web page, or a demand to sign in answers', async () => {
    const web = createServer((request, response) => {
      request.resume();
      const isSecret = request.url === '/secret';
      response.writeHead(isSecret ? 401 : 404, { 'content-type': 'text/html' }).end('<!doctype html><h1>Nothing here');
    });
    const port = await new Promise<number>((resolve) => {
      web.listen(0, '127.0.0.1', () => resolve((web.address() as AddressInfo).port));
    });
    try {
      const explained = async (url: string): Promise<unknown> => {
        const { code, ill } = await examine([url]);
        return { code, rules: ill.map(({ rule }) => rule) };
      };
      expect(
        await Promise.all([
          explained('http://127.0.0.1:1/mcp'),
          explained(`http://127.0.0.1:${port}/page`),
          explained(`http://127.0.0.1:${port}/secret`),
        ]),
      ).toEqual(['http/reach', 'http/answer', 'http/sign-in'].map((rule) => ({ code: 1, rules: [rule] })));
    } finally {
      web.close();
    }
  });
});

test('Ctrl-C ends the server and the doctor', async () => {
  const doctor = start(['doctor', fixture('never-answers')]);
  await waitFor(() => workingIn(doctor.cwd).length > 1, 'the start of the server');
  doctor.child.kill('SIGINT');
  expect(await doctor.ended).toMatchObject({ code: 130, stdout: '', stderr: 'mcp-dbg: Interrupted\n' });
  await waitFor(() => workingIn(doctor.cwd).length === 0, 'the end of the server');
});

test('a host that does not exist is misuse', async () => {
  const { code, stderr } = await run(['doctor', '--as', 'emacs', 'x']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/Allowed choices are terminal, claude-code, vscode, cursor, claude-desktop/);
});

function program(text: string): string {
  const path = file('program', text);
  chmodSync(path, 0o755);
  return path;
}
