import { fixture } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { jsonLines, run, script } from './driver.ts';

const adds = (): string => script({ call: [{ tool: 'add', args: { a: 1, b: 2 } }] }, { say: 'Done.', repeat: true });

/** A row of the verbose view. */
const ROW =
  /^ *(?<n>\d+) +\d+\.\d{3}s {2}(?<arrow>-->|<--) (?:↳(?<of>\d+))? +(?<ms>[\d.]+ m?s)? +(?<size>[\d.]+ k?B) {2}(?<what>.*)$/;

const ESCAPE = '\u001b';

describe('--verbose', () => {
  test.concurrent.each([
    ['modern', fixture('modern-only'), ['server/discover', 'tools/list', 'tools/call']],
    [
      'legacy',
      fixture('legacy-only'),
      ['server/discover', 'initialize', 'notifications/initialized', 'tools/list', 'tools/call'],
    ],
  ])('shows the raw frames of a %s server, both directions, in order', async (_, server, methods) => {
    const argv = ['chat', server, '--model', adds()];
    const { stderr, stdout } = await run([...argv, '--verbose', '-p', 'go']);
    expect(stdout).toMatch(/^\[called add\(a: 1, b: 2\) .*\]\nDone\.\n$/);
    const lines = stderr.split('\n');
    const shown = lines.flatMap((line, index) => {
      const { n = '', arrow = '', of = '', ms = '', size = '', what = '' } = ROW.exec(line)?.groups ?? {};
      const [method = ''] = what.split('  ');
      return arrow === '' ? [] : [{ arrow, n: Number(n), of, ms, size, method, what, raw: lines[index + 1] ?? '' }];
    });
    expect(shown.map(({ n }) => n)).toEqual(shown.map((_, index) => index + 1));
    const asked = shown.filter(({ arrow }) => arrow === '-->');
    expect(asked.map(({ method }) => method.replace(/ .*/, ''))).toEqual(methods);
    for (const { raw } of shown) expect(JSON.parse(raw)).toMatchObject({ jsonrpc: '2.0' });
    // Size and id of each frame, and of each answer its latency and its request.
    for (const { size, raw } of shown.filter((each) => each.raw.length < 900))
      expect(size).toBe(`${Buffer.byteLength(raw) + 1} B`);
    const answers = shown.filter(({ arrow }) => arrow === '<--');
    for (const { of, ms, what, method } of answers) {
      expect(what).toMatch(/  id (\d+|"probe-1")(  error)?$/);
      expect(ms).toMatch(/ m?s$/);
      expect(asked.find(({ n }) => n === Number(of))?.method).toBe(method);
    }
    expect(answers.at(-1)?.method).toBe('tools/call add');
    expect(JSON.parse(answers.at(-1)?.raw ?? '')).toMatchObject({ result: { content: [{ type: 'text', text: '3' }] } });
  });

  test.concurrent('shows the very bytes that went over the wire', async () => {
    const argv = ['chat', fixture('legacy-only'), '--verbose', '-p', 'go'];
    const text = await run([...argv, '--model', adds()]);
    const json = await run([...argv, '--json', '--model', adds()]);
    const raw = jsonLines(json.stdout).flatMap(({ type, raw }) => (type === 'frame' ? [String(raw)] : []));
    expect(raw.length).toBeGreaterThan(8);
    for (const frame of raw) expect(text.stderr).toContain(`\n${frame}\n`);
  });

  test.concurrent('shows noise, stderr and what happens to the process in one stream', async () => {
    const model = script({ call: [{ tool: 'crash' }] }, { call: [{ tool: 'pid' }] }, { say: 'Done.' });
    const { stderr } = await run(['chat', fixture('crashes-on-call'), '-v', '--yes', '--model', model, '-p', 'go']);
    const order = [
      /^ +# +time +dir of +took +size +what$/m,
      /^ +\d+\.\d{3}s {2}\*\*\* +started, pid \d+: .*node .*crashes-on-call\.mjs$/m,
      /^ +1 +\S+ +--> +\d+ B {2}server\/discover {2}id "probe-1"/m,
      /^ +\*\*\* +crashes-on-call: connected to crashes-on-call 1\.0\.0 \(modern, 2026-07-28\), 10 tools/m,
      /^ +\d+ +\S+ +--> .*tools\/call crash {2}id \d+/m,
      /^ +\d+\.\d{3}s {2}err +Traceback \(most recent call last\):$/m,
      /^ +\d+\.\d{3}s {2}err +KeyError: 'temperature'$/m,
      /^ +\d+\.\d{3}s {2}xxx +crashes-on-call: server ended: exit code 3 \(pid \d+, up .*\); stderr: KeyError: 'temperature'; in flight: crash$/m,
      /^ +\*\*\* +crashes-on-call: restarted, pid \d+( \(start 2\))?$/m,
    ].map((pattern) => stderr.search(pattern));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const banner = await run(['chat', fixture('prints-banner'), '-v', '--model', 'manual']);
    expect(banner.stderr).toMatch(/^ +\d+ .*<-- .*NOISE {2}not a message: .*\nStarting server v1\.2\.3$/m);
  });

  test.concurrent('names the server of each frame where there are several', async () => {
    const { stderr } = await run([
      'chat',
      fixture('echo'),
      fixture('legacy-only'),
      '--wait',
      '60',
      '-v',
      '--model',
      'manual',
    ]);
    expect(stderr).toMatch(/-->.* {2}echo {2}tools\/list/);
    expect(stderr).toMatch(/-->.* {2}legacy-only {2}initialize/);
  });

  test.concurrent('works for tools and call too', async () => {
    const { stdout, stderr } = await run(['call', fixture('echo'), 'add', 'a=1', 'b=2', '--verbose', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ content: [{ text: '3' }] });
    expect(stderr).toMatch(/--> .*tools\/call add {2}id \d+/);
    expect(stderr).toMatch(/xxx .*echo: server ended: exit code 0 .*nothing in flight/);
  });
});

describe('colours', () => {
  const argv = ['tools', fixture('echo'), '--verbose'];

  test.concurrent.each([
    ['without a terminal there are none', {}, false],
    ['FORCE_COLOR makes them', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 and false do not', { FORCE_COLOR: 'false' }, false],
    ['NO_COLOR does not', { NO_COLOR: '1' }, false],
    ['FORCE_COLOR wins over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('%s', async (_, env, coloured) => {
    const { stdout, stderr } = await run(argv, { env });
    expect(stderr.includes(ESCAPE)).toBe(coloured);
    expect(stdout.includes(ESCAPE)).toBe(coloured);
  });

  test.concurrent('change nothing but colours', async () => {
    const plain = await run(argv);
    const coloured = await run(argv, { env: { FORCE_COLOR: '1' } });
    const stripped = coloured.stderr.replaceAll(/\u001b\[\d+m/g, '');
    expect(stripped).not.toContain(ESCAPE);
    const stable = (text: string): string => text.replaceAll(/ *(\d+\.\d{3}s|\d+(\.\d+)? m?s|pid \d+)/g, '-');
    expect(stable(stripped)).toBe(stable(plain.stderr));
  });
});
