import { readFileSync } from 'node:fs';

import { FILTER_KEYS, readCapture } from '@mcp-dbg/capture';
import { openCapture } from '@mcp-dbg/capture/node';
import { describe, expect, it } from 'vitest';

import { jsonLines } from '../driver.ts';
import { ask } from './asking.ts';
import { call, failure, notice, recorded, result, rpc, said } from './recorded.ts';

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

/** One of everything that a filter can tell apart. The numbers are those of the frames. */
function story(): string {
  return recorded((to) => {
    to.event({ kind: 'spawn', pid: 4102 });
    to.server('Loading np models..'); // 1
    to.client(
      rpc(0, 'initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }),
    ); // 2
    to.server(
      result(0, {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'w', version: '1' },
      }),
    ); // 3
    to.client(notice('notifications/initialized')); // 4
    to.client(call('a', 'get_forecast', { city: 'Paris', days: 3 })); // 5
    to.pass(250);
    to.server(said('a', 'sunny')); // 6
    to.client(call(7, 'search', { text: 'x'.repeat(11_000) })); // 7
    to.pass(1200);
    to.server(result(7, { isError: true, content: [{ type: 'text', text: 'no' }] })); // 8
    to.client(rpc('7', 'resources/read', { uri: 'file:///a' })); // 9
    to.server(failure('7', -32602, 'no such file')); // 10
    to.stderr('Working on it');
    to.server(rpc(1, 'roots/list')); // 11
    to.client(result(1, { roots: [] })); // 12
    to.client(call(8, 'get_more')); // 13
    to.client(notice('notifications/cancelled', { requestId: 8 })); // 14
    to.server(said(8, 'too late')); // 15
    to.server(result('nobody')); // 16
    to.client(call(9, 'slow')); // 17
    to.event({ kind: 'exit', code: 1, signal: null });
    const other = to.connection('notes');
    other.event({ kind: 'spawn', pid: 4103 });
    other.client(rpc(0, 'server/discover', { _meta: MODERN })); // 18
    other.server(result(0, { supportedVersions: ['2026-07-28'] })); // 19
    other.client(rpc(1, 'tools/list', { _meta: MODERN })); // 20
    to.pass(20_000);
  });
}

/** What stands in the log beside frames: lines of stderr and events. */
const STDERR = 'stderr';
const EVENT = 'event';
const ALL = [1, 2, 4, 5, 7, 9, 11, 13, 14, 15, 16, 17, 18, 20] as const;

const EXAMPLES: Readonly<Record<string, readonly (number | string)[]>> = {
  'is:error': [9],
  'is:req': [2, 5, 7, 9, 11, 13, 17, 18, 20],
  'is:ntf': [4, 14],
  'is:res': [15, 16],
  'is:noise': [1],
  'is:toolerror': [7],
  'is:late': [15],
  'is:slow': [7],
  'is:probe': [18],
  'is:injected': [],
  'is:fault': [],
  'is:stderr': [STDERR],
  'is:event': [EVENT, EVENT, EVENT, EVENT, EVENT],
  'from:server': [1, 11, 15, 16],
  'from:stderr': [STDERR],
  'kind:notification': [4, 14],
  'status:lost': [17],
  'status:pending': [20],
  'status:cancelled': [13, 15],
  'status:orphan': [16],
  'method:tools/*': [5, 7, 13, 15, 17, 20],
  'tool:get_*': [5, 13, 15],
  'server:notes': [18, 20, EVENT],
  'id:7': [7, 9],
  'id:"7"': [9],
  'n:5..9': [5, 7, 9],
  'n:18..': [18, 20],
  'conn:2': [18, 20, EVENT],
  'code:-32602': [9],
  'era:modern': [18, 20],
  'era:2025-*': [2, 4, 5, 7, 9, 11, 13, 14, 15, 16, 17],
  'slower:200ms': [5, 7],
  'faster:5ms': [2, 9, 11, 15, 18],
  'larger:10k': [7],
  'res.larger:100': [2],
  'smaller:40': [1, STDERR],
  'after:1450ms kind:request': [9, 11, 13, 17, 18, 20],
  'before:5ms': [1, 2, EVENT, EVENT],
  'level:error n:16..18': [16, 17, 18],
  'rule:stdio/*': [1],
  'rule:process/lost-request': [17],
  'params.arguments.city=Paris': [5],
  'params.arguments.days>=3': [5],
  'result.isError=true': [7],
  'error.code<=-32000': [9],
  'error.message~such': [9],
  sunny: [5],
  'req.sunny': [],
  '"too late"': [15],
  '/Load.*models/': [1],
  'method:tools/call slower:200ms -tool:search': [5],
  '(tool:search or tool:slow) not is:lost': [7],
};

describe('a filter finds', () => {
  const path = story();

  it.each(Object.entries(EXAMPLES))('by %s the same in log, stats and export', async (filter, expected) => {
    const { code, stdout, stderr } = await ask(['log', '--json', path, filter]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const found = jsonLines(stdout);
    expect(found.map(({ n, kind }) => n ?? kind)).toEqual(expect.arrayContaining(expected as unknown[]) as unknown);
    expect(found).toHaveLength(expected.length);

    const counted = JSON.parse((await ask(['stats', '--json', path, filter])).stdout) as Readonly<
      Record<string, unknown>
    >;
    const ofKind = (...kinds: readonly string[]): number =>
      found.filter(({ kind }) => kinds.includes(String(kind))).length;
    expect(counted).toMatchObject({
      exchanges: ofKind('request', 'batch'),
      noise: { lines: ofKind('noise') },
      orphans: found.filter(({ status }) => status === 'orphan').length,
      stderr: { lines: ofKind('stderr') },
    });

    const exported = jsonLines((await ask(['export', '--to', 'json', path, filter])).stdout);
    const answers = await answersIn(path);
    const frames = found.flatMap(({ n }) => (typeof n === 'number' ? [n, ...(answers.get(n) ?? [])] : []));
    expect(exported.flatMap(({ n }) => (typeof n === 'number' ? [n] : []))).toEqual(frames.toSorted((a, b) => a - b));
  });

  it('all that is there, without one', async () => {
    const found = jsonLines((await ask(['log', '--json', path])).stdout);
    expect(found.flatMap(({ n }) => (n === null ? [] : [n]))).toEqual(ALL);
  });

  it('by every key that there is', () => {
    const text = Object.keys(EXAMPLES).join(' ');
    expect(FILTER_KEYS.map(({ name }) => name).filter((name) => !text.includes(`${name}:`))).toEqual([]);
  });

  it('what is wrong exactly where lint says so', async () => {
    const { findings } = JSON.parse((await ask(['lint', '--json', path])).stdout) as {
      findings: readonly { readonly level: string; readonly n: number | null }[];
    };
    const blamed = new Set(findings.filter(({ level }) => level === 'error').map(({ n }) => n));
    const answers = await answersIn(path);
    const found = jsonLines((await ask(['log', '--json', path, 'level:error'])).stdout).map(({ n }) => Number(n));
    expect(found).toEqual(ALL.filter((n) => [n, ...(answers.get(n) ?? [])].some((each) => blamed.has(each))));
  });

  it('by its findings when the capture comes through standard input', async () => {
    const stdin = readFileSync(path);
    for (const command of ['log', 'stats', 'export --to json'].map((words) => words.split(' '))) {
      const [fromFile, fromInput] = [
        await ask([...command, path, 'level:error']),
        await ask([...command, '-', 'level:error'], { stdin }),
      ];
      expect(fromInput.stdout).toBe(fromFile.stdout);
    }
  });
});

/** The answer of each frame that has one. */
async function answersIn(path: string): Promise<ReadonlyMap<number, readonly number[]>> {
  const answers = new Map<number, readonly number[]>();
  for await (const entry of readCapture(openCapture(path))) {
    const answer = entry.kind === 'exchange' ? entry.exchange.answer : undefined;
    if (entry.kind === 'exchange' && answer !== undefined) answers.set(entry.exchange.n, [answer.n]);
  }
  return answers;
}
