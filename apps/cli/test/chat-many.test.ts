import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture, waitFor } from '@mcp-dbg/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Running, file, jsonLines, run, scratch, script, start } from './driver.ts';

type Event = Readonly<Record<string, unknown>>;

/** The events of a chat for programs so far. */
function eventsOf({ stdout }: Running, type: string): readonly Event[] {
  return jsonLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1)).filter((event) => event['type'] === type);
}

const THREE = ['echo', 'echo-2', 'echo-3'] as const;

/** Asks all three for their process ids, which two of them have under the same name. */
const roundCall = (name: string): object => ({ tool: `${name}__pid` });
const asksAll = script(
  { on: 'user', call: THREE.map(roundCall), repeat: true },
  { on: 'result', say: 'All asked.', repeat: true },
);

describe.concurrent('three servers in one chat', () => {
  test('of which any is killed at any moment: the other two never notice, and the third comes back', async () => {
    const KILLS = 24;
    // However long one takes to come back: to do without it is another test.
    const argv = ['chat', '--json', '--wait', '60', '--model', asksAll, ...THREE.map(() => fixture('echo'))];
    const program = start(argv);
    const pids = new Map<string, number>();
    /** The text that each server gave, and how many calls of it failed, by query. */
    const told = (): Map<string, { isError: boolean; text: string }[]> => {
      const servers = new Map(eventsOf(program, 'tool-call').map(({ id, server }) => [id, String(server)]));
      const answers = new Map<string, { isError: boolean; text: string }[]>(THREE.map((name) => [name, []]));
      for (const { id, isError, content } of eventsOf(program, 'tool-result')) {
        const [part] = content as readonly { text: string }[];
        answers.get(servers.get(id) ?? '')?.push({ isError: isError === true, text: part?.text ?? '' });
      }
      return answers;
    };
    const asked = async (queries: number): Promise<void> =>
      await waitFor(() => eventsOf(program, 'stopped').length >= queries, `the end of query ${queries}`);
    program.write('go\n');
    await asked(1);
    for (const [name, [first]] of told()) pids.set(name, Number(first?.text));
    expect(new Set(pids.values()).size).toBe(3);

    // Which one, and how much of the query has happened by then. A failure names the seed.
    const seed = Date.now() % 1e9;
    const moments = fc.sample(fc.record({ victim: fc.constantFrom(...THREE), after: fc.nat(6) }), {
      seed,
      numRuns: KILLS,
    });
    for (const [kill, { victim, after }] of moments.entries()) {
      const before = program.stdout.split('\n').length;
      const seen = told();
      program.write('go\n');
      await waitFor(() => program.stdout.split('\n').length >= before + after, 'the moment to kill');
      process.kill(pids.get(victim) ?? 0, 'SIGKILL');
      await waitFor(() => eventsOf(program, 'server-restarted').length === kill + 1, 'the restart');
      await asked(kill + 2);
      const [ended, back] = [eventsOf(program, 'server-ended')[kill], eventsOf(program, 'server-restarted')[kill]];
      expect(ended, `seed ${seed}`).toMatchObject({ server: victim, pid: pids.get(victim), signal: 'SIGKILL' });
      expect(back, `seed ${seed}`).toMatchObject({ server: victim });
      const old = pids.get(victim);
      pids.set(victim, Number(back?.['pid']));
      for (const [name, answers] of told()) {
        const news = answers.slice(seen.get(name)?.length ?? 0);
        const allowed = name === victim ? [old, pids.get(name)] : [pids.get(name)];
        // A call that only reads is made once more, so that even the victim answers.
        expect(news, `seed ${seed}, ${name}`).toMatchObject([{ isError: false }]);
        expect(allowed, `seed ${seed}, ${name}`).toContain(Number(news[0]?.text));
      }
    }
    program.child.stdin?.end();
    expect((await program.ended).code).toBe(0);
    expect(eventsOf(program, 'server-ended')).toHaveLength(KILLS);
  });

  test('of which one never answers: the first query is answered while it starts, and its late failure is told', async () => {
    const argv = ['chat', '--json', '--wait', '0.2', '--probe-timeout', '60', '--model', asksAll, fixture('echo')];
    const program = start([...argv, fixture('never-answers')]);
    program.write('go\n');
    await waitFor(() => eventsOf(program, 'stopped').length === 1, 'the answer');
    expect(program.stderr).toMatch(/^never-answers: It is not ready yet; the chat goes on without it/m);
    expect(program.stderr).not.toMatch(/never-answers: .*(?:connected|did not answer)/);
    const results = eventsOf(program, 'tool-result').map(({ isError }) => isError);
    expect(results.toSorted(), 'echo answers, two tools are not there').toEqual([false, true, true]);
    program.child.stdin?.end();
    expect((await program.ended).code).toBe(0);
  });
});

describe.concurrent('in a chat', () => {
  const library = file(
    'library.mjs',
    `import { serve } from ${JSON.stringify(fixture('echo').replace('echo.mjs', '_mcp.mjs'))};
     serve({ name: 'library', era: 'legacy', tools: [{ name: 'variable', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true }, run: () => String(process.env.SHELF) }] });`,
  );

  test('servers are added and stopped; captures and saved sessions know them', async () => {
    const saved = join(scratch, 'roster.json');
    const capture = join(scratch, 'roster.mcpcap');
    const lines = [
      `/add ${JSON.stringify(library)} -e SHELF=one name=books`,
      `/add -- ${process.execPath} ${fixture('list-changes')}`,
      '/call books__variable',
      '/call pid',
      '/call list-changes__pid',
      '/stop echo',
      '/call pid',
      `/save ${saved}`,
      '/servers',
      '/stop echo',
      '/stop',
      '/add nothing-of-that-name',
      `/add ${fixture('exits-at-once')}`,
      '/servers',
    ];
    const argv = ['chat', fixture('echo'), '--model', 'manual', '--capture', capture];
    const { code, stdout, stderr } = await run(argv, { stdin: `${lines.join('\n')}\n` });
    expect(code).toBe(0);
    const servers =
      '  books         pid N, up T; library 1.0.0, legacy 2025-11-25; 1 tool\n' +
      '  list-changes  pid N, up T; list-changes 1.0.0, modern 2026-07-28; 9 tools\n';
    expect(stdout.replaceAll(/pid \d+/g, 'pid N').replaceAll(/\d+(\.\d+)? m?s/g, 'T')).toMatch(
      new RegExp(
        [
          'Added books; the model calls its tools books__….\n',
          'Added list-changes; the model calls its tools list-changes__….\n',
          '\\[called books__variable\\(\\) T\\]\none\n',
          '\\[called pid\\(\\) T\\]\n\\d+\n',
          '\\[called list-changes__pid\\(\\) T\\]\n\\d+\n',
          'Stopped echo.\n',
          // The plain name was the first server's; now only one server has such a tool.
          '\\[called list-changes__pid\\(\\) T\\]\n\\d+\n',
          'Saved to .*\n',
          servers,
          servers,
        ]
          .join('')
          .replaceAll('.;', '\\.;'),
      ),
    );
    expect(stderr).toContain('There is no server "echo"; servers: books, list-changes\n');
    expect(stderr).toContain('Usage: /stop SERVER; servers: books, list-changes\n');
    expect(stderr).toMatch(/Cannot use "nothing-of-that-name" as a server/);
    expect(stderr).toMatch(/The server ended .*WEATHER_API_KEY is not set/);
    expect(stderr, 'what was stopped ends without a word').not.toMatch(/server ended: /);

    const opened = readFileSync(capture, 'utf8').matchAll(/"t":"spawn".*"server":"([^"]+)"/g);
    expect(new Set(Array.from(opened, ([, name]) => name))).toEqual(
      new Set(['echo', 'books', 'list-changes', 'exits-at-once']),
    );
    const session = JSON.parse(readFileSync(saved, 'utf8')) as { servers: readonly Event[] };
    expect(session.servers).toMatchObject([
      { name: 'books', argv: [process.execPath, library], env: ['SHELF'] },
      { name: 'list-changes' },
    ]);
    expect(JSON.stringify(session)).not.toContain('"one"');
  });

  test('the last server may be stopped, and the chat goes on', async () => {
    const lines = ['/stop echo', '/servers', '/tools', `/add ${fixture('echo')}`, '/call add a=1 b=2'];
    const { code, stdout } = await run(['chat', fixture('echo'), '--model', 'manual'], { stdin: lines.join('\n') });
    expect({ code, stdout: stdout.replace(/\d+(\.\d+)? m?s/, 'T') }).toEqual({
      code: 0,
      stdout:
        'Stopped echo.\nThere are no servers; /add SERVER starts one.\nThere are no tools.\nAdded echo.\n[called add(a: 1, b: 2) T]\n3\n',
    });
  });
});
