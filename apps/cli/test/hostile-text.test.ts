import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type Ran, file, run, script } from './driver.ts';

const SERVER = fixture('hostile-text');
const OUR_COLOURS = /\u001b\[\d+m/g;
/** Controls but line feed and tab, C1, bidirectional marks, invisible characters, tag characters, lone surrogates. */
const DANGEROUS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/u;

function expectHarmless({ stdout, stderr }: Ran): void {
  expect(stdout).not.toMatch(DANGEROUS);
  expect(stderr).not.toMatch(DANGEROUS);
}

/** By hand, all that a person can make it say. */
const BY_HAND = `${['result', 'tool_error', 'protocol_error', 'notification', 'complain'].map((tool) => `/call ${tool}`).join('\n')}
/tools
/tools result
/servers
/raw tools/list
/call nothing
/reconnect
quit
`;

describe('hostile text of a server is shown harmless', () => {
  test.concurrent('in a chat by hand', async () => {
    const ran = await run(['chat', SERVER, '--model', 'manual'], { stdin: BY_HAND });
    expectHarmless(ran);
    expect(ran.stdout).toContain('\\e[31mPWNED\\e[0m');
    expect(ran.stdout).toContain('\\u{202e}DENWP\\u{202c}');
    expect(ran.stderr).toContain('connected to hostile\\e[31mPWNED');
  });

  test.concurrent('in the verbose view, in JSON, and in forced colours', async () => {
    expectHarmless(await run(['chat', SERVER, '--model', 'manual', '--verbose'], { stdin: BY_HAND }));
    expectHarmless(await run(['chat', SERVER, '--model', 'manual', '--verbose', '--json'], { stdin: BY_HAND }));
    const coloured = await run(['chat', SERVER, '--model', 'manual', '-v'], {
      stdin: BY_HAND,
      env: { FORCE_COLOR: '1' },
    });
    expect(coloured.stderr).toMatch(OUR_COLOURS);
    const { stdout, stderr } = coloured;
    expectHarmless({
      ...coloured,
      stdout: stdout.replaceAll(OUR_COLOURS, ''),
      stderr: stderr.replaceAll(OUR_COLOURS, ''),
    });
  });

  test.concurrent.each([
    ['tools', ['tools', SERVER]],
    ['a result', ['call', SERVER, 'result']],
    ['a failed tool', ['call', SERVER, 'tool_error']],
    ['an error', ['call', SERVER, 'protocol_error']],
    ['an error as JSON', ['call', SERVER, 'protocol_error', '--json']],
    ['stderr and frames', ['call', SERVER, 'complain', '--verbose']],
    ['the names of tools', ['call', SERVER, 'nothing']],
  ])('in %s', async (_, argv) => {
    const ran = await run(argv);
    expectHarmless(ran);
    expect(ran.stdout + ran.stderr).toMatch(/PWNED/);
  });

  test.concurrent("in a model's words, its calls, and the reasons of its API", async () => {
    const evil = '\u001b[2J\u001b]0;PWNED\u0007\u009b31m\u202eDENWP\u{e0050}\r\b';
    const model = script(
      { when: 'api', error: { status: 400, message: `no ${evil}` } },
      {
        on: 'user',
        say: `look ${evil}\n`,
        call: [{ tool: 'echo', args: { text: evil, [evil]: evil } }, { tool: evil }],
      },
      { say: `{{result}} ${evil}`, repeat: true },
    );
    for (const more of [[], ['--json'], ['--verbose']]) {
      const ran = await run(['chat', fixture('echo'), '--model', model, ...more, '-p', 'go', '-p', 'api']);
      expectHarmless(ran);
      expect(ran.stdout).toMatch(/PWNED/);
    }
  });

  test.concurrent('when it dies with it on its lips', async () => {
    const server = file(
      'dies.mjs',
      'process.stderr.write("\\u001b[2Jfatal \\u202e\\u009b31m PWNED\\r\\n", () => process.exit(3));',
    );
    for (const argv of [
      ['tools', server],
      ['tools', server, '--json'],
      ['chat', server],
    ]) {
      const ran = await run(argv);
      expectHarmless(ran);
      expect(ran.stderr).toContain('PWNED');
    }
  });

  test.concurrent('when a person names what does not exist by it', async () => {
    for (const argv of [
      ['\u001b[31mx'],
      ['tools', '\u001b[31mx'],
      ['tools', '--\u001b[31mx'],
      ['call', fixture('echo'), '\u001b[31mx'],
    ]) {
      const ran = await run(argv);
      expectHarmless(ran);
      expect(ran.code).not.toBe(0);
    }
  });
});
