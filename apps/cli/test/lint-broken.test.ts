import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { example } from '@mcp-dbg/testkit';
import { beforeAll, describe, expect, it } from 'vitest';

import { type RunOptions, run, scratch, start } from './driver.ts';

const SERVER = [process.execPath, example('broken-server')] as const;
const folder = mkdtempSync(join(scratch, 'broken-'));

interface Expected {
  /** What is called; the tool of the fault unless given. */
  readonly call?: string;
  readonly rule: string;
  readonly message: RegExp;
  readonly quote: RegExp;
  readonly fix: RegExp;
  readonly page: { readonly legacy: string; readonly modern: string };
}

const TRANSPORT = { legacy: 'basic/transports', modern: 'basic/transports/stdio' };

/** How each fault of the broken server is named. */
const FAULTS: Readonly<Record<string, Expected>> = {
  stray_log: {
    rule: 'stdio/not-json',
    message: /^The server wrote a line to stdout that is no message: .*stray_log/,
    quote: /^stray_log: about to answer$/,
    fix: /stderr/,
    page: TRANSPORT,
  },
  pretty_printed: {
    rule: 'stdio/one-message-a-line',
    message: /^The server spread one message over \d+ lines$/,
    quote: /^\{\n {2}"jsonrpc": "2\.0",\n {2}"id": \d/,
    fix: /without indent/,
    page: TRANSPORT,
  },
  flipped_id: {
    rule: 'json-rpc/id-type',
    message: /^The server answered id "(\d+)" where tools\/call asked with \1$/,
    quote: /^\{"jsonrpc":"2\.0","id":"\d+",/,
    fix: /exactly as it came/,
    page: { legacy: 'basic', modern: 'basic/index' },
  },
  crash: {
    rule: 'process/lost-request',
    message: /^The server ended \(status 3\) before it answered tools\/call; its stderr ends: TypeError: Cannot read/,
    quote: /"method":"tools\/call","params":\{"name":"crash"/,
    fix: /isError/,
    page: { legacy: 'basic', modern: 'basic/transports/stdio' },
  },
  bad_schema: {
    call: 'hello',
    rule: 'tools/input-schema',
    message:
      /^The server lists the tool "bad_schema" with an inputSchema that describes something else than an object$/,
    quote: /^\{"name":"bad_schema","description":"[^"]+","inputSchema":\{"type":"string"\}\}$/,
    fix: /\{"type":"object"\}/,
    page: { legacy: 'server/tools', modern: 'server/tools' },
  },
};

const RULES = Object.values(FAULTS).map(({ rule }) => rule);

const LATEST = { legacy: '2025-11-25', modern: '2026-07-28' } as const;

interface Finding {
  readonly rule: string;
  readonly level: string;
  readonly n: number | null;
  readonly message: string;
  readonly quote: string | null;
  readonly fix: string;
  readonly spec: string | null;
}

async function findingsIn(capture: string, ...options: readonly string[]): Promise<readonly Finding[]> {
  const { stdout, code } = await run(['lint', capture, '--json', ...options]);
  const { findings, failed } = JSON.parse(stdout) as {
    readonly findings: readonly Finding[];
    readonly failed: boolean;
  };
  expect(code).toBe(failed ? 1 : 0);
  return findings;
}

describe.concurrent.each(['legacy', 'modern'] as const)(
  'in the %s era, by one finding and no more, is named',
  (era) => {
    it.each(Object.entries(FAULTS))('%s', async (fault, { call = fault, rule, message, quote, fix, page }) => {
      const capture = join(folder, `${fault}-${era}.mcpcap`);
      await run(['call', call, '--era', era, '--capture', capture, '--', ...SERVER, fault]);
      const errors = (await findingsIn(capture)).filter(({ level }) => level !== 'info');
      expect(errors).toEqual([
        expect.objectContaining({
          rule,
          level: 'error',
          n: expect.any(Number),
          message: expect.stringMatching(message),
          quote: expect.stringMatching(quote),
          fix: expect.stringMatching(fix),
          spec: `https://modelcontextprotocol.io/specification/${LATEST[era]}/${page[era]}`,
        }),
      ]);
    });
  },
);

describe('a capture of the proxy with all five faults', () => {
  const capture = join(folder, 'all.mcpcap');
  const lint = (...options: readonly string[]): ReturnType<typeof run> => run(['lint', capture, ...options]);

  beforeAll(async () => {
    const program = start(['proxy', '--log', capture, '--', ...SERVER]);
    const say = (message: object): void => program.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    say(initialize());
    await program.until(() => program.stdout.includes('"id":0'), 'the answer to initialize');
    say({ method: 'notifications/initialized' });
    say({ id: 1, method: 'tools/list' });
    for (const [index, name] of ['stray_log', 'pretty_printed', 'flipped_id', 'crash'].entries())
      say({ id: index + 2, method: 'tools/call', params: { name, arguments: {} } });
    await program.ended;
  });

  it('has an error for each, and exits with 1', async () => {
    const errors = (await findingsIn(capture)).filter(({ level }) => level === 'error');
    expect(errors.map(({ rule }) => rule).toSorted()).toEqual(RULES.toSorted());
  });

  it('as text says of each rule what is wrong, where, and what to do', async () => {
    const { stdout, code } = await lint();
    expect(code).toBe(1);
    for (const { rule, fix } of Object.values(FAULTS)) {
      const told = stdout.split('\n\n').find((part) => part.startsWith(`error    ${rule}  `)) ?? '';
      expect(told).toMatch(/\n {2}#\d+ {5}.*The server /);
      expect(told.split('\n').find((line) => line.startsWith('  fix '))).toMatch(fix);
      expect(told).toContain('\n  spec     https://modelcontextprotocol.io/specification/2025-11-25/');
    }
    expect(stdout).toMatch(/^5 errors.*: \d+ frames checked against \d+ rules$/m);
    // Line breaks of what was quoted are no line breaks of the report.
    expect(stdout).toContain('{\\n  "jsonrpc": "2.0",');
  });

  it('fails only where that is wanted', async () => {
    expect((await lint('--fail-on', 'none')).code).toBe(0);
    expect((await lint('--fail-on', 'info')).code).toBe(1);
    const off = RULES.flatMap((rule) => ['--off', rule]);
    expect((await findingsIn(capture, ...off)).filter(({ level }) => level === 'error')).toEqual([]);
    const left = await findingsIn(capture, '--off', 'stdio/*');
    expect(left.some(({ rule }) => rule.startsWith('stdio/'))).toBe(false);
    expect(left.some(({ rule }) => rule === 'process/lost-request')).toBe(true);
  });

  it('is checked as mcp-dbg.json has it, and the command line wins', async () => {
    const cwd = mkdtempSync(join(scratch, 'project-'));
    const config = { lint: { off: ['stdio/*', 'json-rpc/id-type', 'tools/input-schema'], failOn: 'none' } };
    writeFileSync(join(cwd, 'mcp-dbg.json'), JSON.stringify(config));
    const options: RunOptions = { cwd };
    const byConfig = await run(['lint', capture], options);
    expect(byConfig.code).toBe(0);
    expect(byConfig.stdout.match(/^error .*/gm)).toEqual([
      expect.stringMatching(/^error {4}process\/lost-request {2}/),
    ]);
    expect((await run(['lint', capture, '--fail-on', 'error'], options)).code).toBe(1);
    writeFileSync(join(cwd, 'mcp-dbg.json'), JSON.stringify({ lint: { off: ['stdio/not-jsn'] } }));
    expect(await run(['lint', capture], options)).toMatchObject({
      code: 1,
      stderr: 'mcp-dbg: There is no rule "stdio/not-jsn" to switch off; did you mean stdio/not-json?\n',
    });
  });

  it('counts and lists only rules that were checked: none that is off, none of a contract that nobody asked for', async () => {
    const counted = async (...options: readonly string[]): Promise<number> =>
      Number(/checked against (\d+) rules/.exec((await lint(...options)).stdout)?.[1]);
    const listed = Number(/^(\d+) rules$/m.exec((await run(['lint', '--rules'])).stdout)?.[1]);
    expect(await counted()).toBe(listed);
    expect(await counted('--off', 'stdio/not-json')).toBe(listed - 1);
    expect(await counted('--expect-tool', 'crash', '--max-duration', '60s')).toBe(listed + 2);
    const { stdout } = await lint('--format', 'junit', '--off', 'stdio/*', '--forbid-tool', 'nothing');
    expect(stdout).toContain('classname="contract.forbidden-tool"');
    expect(stdout).not.toMatch(/classname="(?:stdio|contract.(?:expected-tool|max-duration))/);
  });

  it('has no rule to switch off that does not exist', async () => {
    const mistyped = await lint('--off', 'tools/input-shema');
    expect(mistyped).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'mcp-dbg: There is no rule "tools/input-shema" to switch off; did you mean tools/input-schema?\n',
    });
    expect((await lint('--off', 'nothing-alike/*')).stderr).toContain('mcp-dbg lint --rules lists them');
  });

  it('as JUnit is well-formed XML in which the five rules fail', async () => {
    const { stdout, code } = await lint('--format', 'junit');
    expect(code).toBe(1);
    expectWellFormed(stdout);
    expect(stdout).toMatch(/<testsuite name="[^"]*all\.mcpcap" tests="\d+" failures="5" /);
    expect([...stdout.matchAll(/<failure type="([^"]+)"/g)].map(([, rule]) => rule).toSorted()).toEqual(
      RULES.toSorted(),
    );
  });

  it('as SARIF names the tool, its rules, and for each result a rule, a level, a text and a place', async () => {
    const { stdout, code } = await lint('--format', 'sarif');
    expect(code).toBe(1);
    const sarif = JSON.parse(stdout) as Sarif;
    expect(sarif).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif') });
    const [{ tool, results } = { tool: { driver: { name: '', rules: [] } }, results: [] }] = sarif.runs;
    expect(tool.driver.name).toBe('mcp-dbg');
    const errors = results.filter(({ level }) => level === 'error');
    expect(errors.map(({ ruleId }) => ruleId).toSorted()).toEqual(RULES.toSorted());
    for (const { ruleId, ruleIndex, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex]).toMatchObject({
        id: ruleId,
        shortDescription: { text: expect.any(String) },
        help: { text: expect.any(String) },
      });
      expect(message.text).not.toBe('');
      expect(locations).toEqual([
        {
          physicalLocation: {
            artifactLocation: { uri: expect.stringMatching(/all\.mcpcap$/) },
            region: { startLine: 1 },
          },
          logicalLocations: [{ name: expect.stringMatching(/^frame \d+$/), kind: 'element' }],
        },
      ]);
    }
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly object[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly unknown[];
    }[];
  }[];
}

function initialize(): object {
  const clientInfo = { name: 'by-hand', version: '1.0.0' };
  return { id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } };
}

/** Every tag is closed in its order, and no text or attribute holds a sign that it may not. */
function expectWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
    .replaceAll(
      /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
      (_tag, closes: string, name: string, _more, isEmpty: string) => {
        if (closes !== '') expect(open.pop()).toBe(name);
        else if (isEmpty === '') open.push(name);
        return '';
      },
    );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot);)/);
}
