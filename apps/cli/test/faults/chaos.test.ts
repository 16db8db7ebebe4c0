import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { Session } from '@mcp-dbg/core';
import { CHAOS_PRESETS, faultedStart, parseFault } from '@mcp-dbg/relay/faults';
import { fixture, httpFixture } from '@mcp-dbg/testkit';
import { describe, expect, it } from 'vitest';

import { jsonLines, run, script } from '../driver.ts';
import { scratch } from '../transparency/driver.ts';

/** How long each preset is under load, in milliseconds; a minute shows more than a suite has time for. */
const LOAD_MS = Number(process.env['MCP_DBG_CHAOS_MS'] ?? 1500);

/** How long an answer may take, in milliseconds: what `flaky` drops costs that much, and others only take their time. */
const TIMEOUT_MS = { flaky: 2000, other: 20_000 };

const NOT_KNOWN = '; whether the call had an effect is not known';

/** All that a call may fail with under each preset. A server that is only slow, or only rude, costs no call. */
const FAILURES: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  flaky: [
    'The upstream service is unavailable',
    'The server answered tools/call with error -32603: Internal error',
    `The server did not answer tools/call within ${TIMEOUT_MS.flaky / 1000} s${NOT_KNOWN}`,
  ],
  crashy: [
    // What it did not get had no effect.
    new RegExp(
      `^The server ended before it answered tools/call: (?:signal SIG(?:KILL|SEGV)|exit code 1); no stderr(?:${NOT_KNOWN})?$`,
    ),
    /^The server "echo" ended too often right after its start; /,
  ],
  slow: [],
  rude: [],
};

/** What the calls of one client under a preset came to. */
interface Tally {
  calls: number;
  right: number;
  /** The messages of calls that failed, by how often. */
  readonly failed: Map<string, number>;
  restarts: number;
}

async function underLoad(rules: readonly string[], timeoutMs: number): Promise<Tally> {
  const start = faultedStart(
    rules.map((rule) => parseFault(rule)),
    { seed: 20 },
  );
  const tally: Tally = { calls: 0, right: 0, failed: new Map(), restarts: 0 };
  const argv = [process.execPath, fixture('echo')] as const;
  await using session = await Session.open({
    servers: [{ name: 'echo', trusted: true, argv }],
    start,
    timeoutMs,
  });
  const until = performance.now() + LOAD_MS;
  const caller = async (who: number): Promise<void> => {
    // On a machine so slow that the time is soon over, some calls all the same.
    for (let n = 0; n < 5 || performance.now() < until; n++) {
      const text = `call ${n} of ${who}, zürich`;
      tally.calls++;
      const outcome = await session.call('echo', { text }, { approve: async () => true, readyMs: 60_000 });
      if (outcome.kind === 'result' && !outcome.isError) {
        expect(JSON.parse(outcome.answer.text)).toMatchObject({ content: [{ type: 'text', text }] });
        tally.right++;
      } else {
        const told = outcome.kind === 'failed' ? outcome.message : saidIn(outcome.answer.text);
        tally.failed.set(told, (tally.failed.get(told) ?? 0) + 1);
        // Calls that are refused at once, while the server rests, would keep the others' answers from being read.
        await turn();
      }
    }
  };
  await Promise.all([1, 2, 3, 4].map(caller));
  tally.restarts = session.servers[0]?.restarts ?? 0;
  return tally;
}

/** The text in the result of a tool that failed. */
function saidIn(result: string): string {
  const { content } = JSON.parse(result) as { readonly content: readonly { readonly text: string }[] };
  return content.map(({ text }) => text).join('\n');
}

describe('our own client under a preset', () => {
  it.concurrent.each(CHAOS_PRESETS.map(({ name, rules }) => ({ name, rules })))(
    '$name: every call ends with the right result or a clear error',
    { timeout: LOAD_MS + 120_000 },
    async ({ name, rules }) => {
      const { calls, right, failed, restarts } = await underLoad(
        rules,
        name === 'flaky' ? TIMEOUT_MS.flaky : TIMEOUT_MS.other,
      );
      if (process.env['MCP_DBG_CHAOS_MS'] !== undefined)
        console.log(
          `${name}: ${calls} calls, ${right} right, ${restarts} restarts; failed:`,
          Object.fromEntries(failed),
        );
      const isClear = (told: string): boolean =>
        FAILURES[name]?.some((each) => (typeof each === 'string' ? each === told : each.test(told))) === true;
      expect([...failed.keys()].filter((told) => !isClear(told))).toEqual([]);
      expect(right).toBeGreaterThan(0);
    },
  );
});

describe('chat --fault', () => {
  const echoes = script(
    { on: 'user', when: '^say (.+)$', call: [{ tool: 'echo', args: { text: '{{1}}' } }], repeat: true },
    { on: 'result', say: '{{result}}', repeat: true },
  );
  const chat = ['chat', '--json', '--yes', '--model', echoes, '--seed', '3'];
  const server = ['--', process.execPath, fixture('echo')];
  const asked = ['--prompt', 'say one', '--prompt', 'say two', '--prompt', 'say three'];

  it('gives the model what a fault made of a call, and goes on', async () => {
    const rules = ['--fault', 'tool:echo :: toolerror="out of order" when=2', '--fault', 'tool:echo :: kill when=3'];
    const { code, stdout, stderr } = await run([...chat, ...rules, ...asked, ...server]);
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    const results = events.filter(({ type }) => type === 'tool-result');
    expect(results.map(({ isError }) => isError)).toEqual([false, true, false]);
    expect(JSON.stringify(results[1])).toContain('out of order');
    // The third was lost with its server and asked again, as the tool only reads.
    expect(events.filter(({ type }) => type === 'server-ended')).toMatchObject([{ signal: 'SIGKILL' }]);
    expect(stderr).toContain('Faults are made on purpose, seed 3');
    expect(events.filter(({ type }) => type === 'stopped')).toHaveLength(3);
  });

  it('goes on under a preset', async () => {
    const { code, stdout } = await run([...chat, '--chaos', 'rude', ...asked, ...server]);
    expect(code).toBe(0);
    const results = jsonLines(stdout).filter(({ type }) => type === 'tool-result');
    expect(results.map(({ isError }) => isError)).toEqual([false, false, false]);
  });

  it.each(['bom', 'dup', 'noise="Loading"', 'id=bogus', 'id=dup', 'id=string', 'truncate=20b'])(
    'blames no server for %s, whoever watches',
    async (fault) => {
      const call = ['call', '--timeout', '1', '--seed', '1', '--fault', `tool:echo :: ${fault} side=res`];
      const asked = ['echo', 'text=hi', ...server];
      const [watched, unwatched] = await Promise.all([run([...call, '-v', ...asked]), run([...call, ...asked])]);
      expect(watched.stderr).toContain('by mcp-dbg');
      expect(watched.stderr).not.toMatch(/(error|warning) [a-z-]+\/|\[[a-z-]+\/[a-z-]+, frame/);
      expect(unwatched.stderr).not.toContain('frame');
    },
  );

  it('says that an added server behind a URL has no faults', async () => {
    await using far = await httpFixture('http-v2');
    const argv = ['chat', '--model', 'manual', '--no-capture', '--fault', 'tool:echo :: drop', ...server];
    const { code, stdout, stderr } = await run(argv, { stdin: `/add ${far.url} name=far\n` });
    expect(stderr).toContain('Faults need a process: none are put into the traffic of a server behind a URL\n');
    expect(stdout).toContain('Added far');
    expect(code).toBe(0);
  });

  it('ends a call in good order where more is stalled for ever than is held of a server', async () => {
    const rule = 'method:notifications/message :: big=20MiB,stall when=1';
    const flood = ['flood', 'count=20000', '--', process.execPath, fixture('floods')];
    const { code, stderr } = await run(['call', '--timeout', '2', '--fault', rule, ...flood]);
    expect(stderr).toContain('did not answer tools/call within 2 s');
    expect(code).toBe(5);
  });

  it('takes every preset and file that is given, one after the other', async () => {
    const folder = mkdtempSync(join(scratch, 'rules-'));
    const files = ['a', 'b'].map((name) => {
      writeFileSync(join(folder, name), `tool:${name} :: drop\n`);
      return ['--fault-file', join(folder, name)];
    });
    const all = ['--chaos', 'flaky', ...files.flat(), '--fault', 'tool:x :: dup', '--chaos', 'crashy', '--seed', '1'];
    const { stderr } = await run(['call', ...all, '--capture', join(folder, 'c.mcpcap'), 'missing', ...server]);
    const rules = ['flaky', 'crashy'].flatMap((name) => CHAOS_PRESETS.find((each) => each.name === name)?.rules ?? []);
    const told = ['tool:x :: dup', 'tool:a :: drop', 'tool:b :: drop', ...rules].join(' | ');
    expect(stderr).toContain(`Faults are made on purpose, seed 1: ${told}\n`);
    const proxy = await run(['proxy', '--announce', '--no-capture', ...all, '--', 'true']);
    expect(proxy.stderr).toContain(`by ${3 + rules.length} rules, seed 1`);
  });

  it('says what is wrong with a rule, a preset, a seed and a server behind a URL, and starts nothing', async () => {
    const told = async (...argv: readonly string[]): Promise<string> => {
      const { code, stderr } = await run(['call', ...argv]);
      expect(code).toBe(1);
      return stderr;
    };
    const [rule, preset, seed, url] = await Promise.all([
      told('--fault', 'tool:x :: dorp', 'echo', ...server),
      told('--chaos', 'rud', 'echo', ...server),
      told('--chaos', 'rude', '--seed', 'x', 'echo', ...server),
      told('--chaos', 'rude', 'http://127.0.0.1:9/mcp', 'echo'),
    ]);
    expect(rule).toBe(
      'mcp-dbg: I do not know the action "dorp" (did you mean "drop"?)\ntool:x :: dorp\n          ^^^^\n',
    );
    expect(preset).toBe('mcp-dbg: There is no preset "rud" for --chaos (did you mean rude?)\n');
    expect(seed).toBe('mcp-dbg: --seed takes a whole number from 0 to 4294967295, not "x"\n');
    expect(url).toContain('is behind a URL; leave --fault and --chaos out');
  });
});
