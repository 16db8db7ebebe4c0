import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fixture, waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { type Running, file, jsonLines, run, scratch, script, start } from './driver.ts';

/** How often the server is killed; `KILLS=200` for the long run. */
const KILLS = Number(process.env['KILLS'] ?? 30);

type Event = Readonly<Record<string, unknown>>;

/** A chat for programs, seen while it goes on. */
class Events {
  readonly #program: Running;
  readonly #all: Event[] = [];
  #read = 0;

  constructor(program: Running) {
    this.#program = program;
  }

  /** The events of a type so far. */
  of(type: string): readonly Event[] {
    const end = this.#program.stdout.lastIndexOf('\n') + 1;
    if (end > this.#read) this.#all.push(...jsonLines(this.#program.stdout.slice(this.#read, end)));
    this.#read = Math.max(this.#read, end);
    return this.#all.filter((event) => event['type'] === type);
  }

  /** Waits for one more event of a type than `before` and gives it. */
  async next(type: string, before: number): Promise<Event> {
    await this.#program.until(() => this.of(type).length > before, `${type} number ${before + 1}`);
    return this.of(type)[before] ?? {};
  }
}

const wants = script(
  { on: 'user', when: '^count (.+)$', call: [{ tool: 'counter', args: { label: '{{1}}' } }], repeat: true },
  {
    on: 'user',
    when: '^wait (.+)$',
    call: [
      { tool: 'slow', args: { ms: 60_000 } },
      { tool: 'counter', args: { label: '{{1}}' } },
    ],
    repeat: true,
  },
  { on: 'user', when: '^pid$', call: [{ tool: 'pid' }], repeat: true },
  { on: 'result', say: '{{result}}', repeat: true },
);

describe.concurrent('a server that is killed', () => {
  test(
    'again and again in one chat, before, during and after calls: every query ends, every call is answered, every restart is told, no effect is doubled',
    async () => {
      const counted = join(scratch, 'counted');
      const argv = ['chat', '--json', '--yes', '--model', wants, '--', process.execPath, fixture('echo'), counted];
      const program = start(argv, { limitMs: 90_000 + KILLS * 1000 });
      const events = new Events(program);
      const ask = async (query: string): Promise<void> => {
        const before = events.of('stopped').length;
        program.write(`${query}\n`);
        expect(await events.next('stopped', before)).toEqual({ type: 'stopped', reason: 'end_turn' });
      };
      await ask('pid');
      const [first = {}] = events.of('tool-result');
      let pid = Number((first['content'] as [{ text: string }])[0].text);
      for (let kills = 0; kills < KILLS; kills += 1) {
        const kill = (): void => void process.kill(pid, 'SIGKILL');
        switch (kills % 3) {
          case 0:
            // Before a call: nobody may have noticed yet that it is dead.
            kill();
            await ask(`count before ${kills}`);
            break;
          case 1: {
            // During a call: `counter` has answered, `slow` has not.
            const results = events.of('tool-result').length;
            const stopped = events.of('stopped').length;
            program.write(`wait during ${kills}\n`);
            await events.next('tool-result', results);
            kill();
            await events.next('stopped', stopped);
            break;
          }
          default:
            await ask(`count after ${kills}`);
            kill();
        }
        pid = Number((await events.next('server-restarted', kills))['pid']);
      }
      program.child.stdin?.end();
      expect((await program.ended).code).toBe(0);

      expect(events.of('stopped')).toHaveLength(KILLS + 1);
      expect(new Set(events.of('stopped').map(({ reason }) => reason))).toEqual(new Set(['end_turn']));
      const ids = events.of('tool-call').map(({ id }) => id);
      expect(
        events
          .of('tool-result')
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids.toSorted());
      expect(events.of('server-ended').map(({ signal }) => signal)).toEqual(
        Array.from({ length: KILLS }, () => 'SIGKILL'),
      );
      expect(events.of('server-restarted')).toHaveLength(KILLS);
      const labels = readFileSync(counted, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.replace(/ \d+$/, ''));
      expect(labels.toSorted()).toEqual([...new Set(labels)].toSorted());
      // A call on its way to a dying server may be lost with it, and is reported as such; all others were made.
      const done = events.of('tool-result').filter(({ content }) => JSON.stringify(content).includes('counted'));
      expect(labels.length).toBeGreaterThanOrEqual(done.length);
      expect(labels.filter((label) => !label.includes('before'))).toHaveLength(KILLS - Math.ceil(KILLS / 3));
    },
    120_000 + KILLS * 1000,
  );

  test('is told in the text view, with what was in flight, its last words and its successor', async () => {
    const model = script({ call: [{ tool: 'sigkill' }] }, { call: [{ tool: 'pid' }] }, { say: 'ok' });
    const { code, stdout, stderr } = await run([
      'chat',
      fixture('crashes-on-call'),
      '--yes',
      '--model',
      model,
      '-p',
      'go',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^crashes-on-call: server ended: signal SIGKILL \(pid \d+, up .*s\); no stderr; in flight: sigkill$/m,
    );
    expect(stderr).toMatch(/^crashes-on-call: restarted, pid \d+/m);
    expect(stdout).toMatch(
      /^\[called sigkill\(\) .*: failed: The server ended before it answered tools\/call: signal SIGKILL; no stderr; whether the call had an effect is not known\]$/m,
    );
    expect(stdout).toMatch(/^\[called pid\(\) .*\]\nok\n$/m);
  });

  test('a call that is safe to repeat is made once more, and that is said', async () => {
    const counted = join(scratch, 'repeated');
    const model = script({ call: [{ tool: 'crash_read_only' }] }, { say: '{{result}}' });
    const argv = ['chat', '--model', model, '-p', 'go', '--', process.execPath, fixture('crashes-on-call'), counted];
    const { stderr, stdout } = await run(argv);
    expect(stderr.match(/Calling "crash_read_only" of "crashes-on-call" once more/g)).toHaveLength(1);
    expect(stdout).toMatch(/\[called crash_read_only\(\) .*: failed: /);
    expect(readFileSync(counted, 'utf8').trim().split('\n')).toHaveLength(2);
  });
});

test.concurrent('a server that dies right after its start is started at most 6 times in a turn, and at most 8 times a minute over 100 turns', async () => {
  const log = join(scratch, 'starts');
  const server = file(
    'dies.mjs',
    `import { appendFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(log)}, process.pid + '\\n');
     await import(${JSON.stringify(fixture('dies-after-handshake'))});`,
  );
  const starts = (): number => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0);
  const from = performance.now();
  const program = start(['chat', server, '--json', '--model', script({ say: 'hi', repeat: true })]);
  const events = new Events(program);
  program.write('query\n');
  await waitFor(() => events.of('stopped').length === 1, 'the end of the first turn');
  expect(starts()).toBeLessThanOrEqual(6);
  await program.until(() => program.stderr.includes('not trying again by itself'), 'the end of the starts');
  for (let n = 1; n < 100; n += 1) program.write(`query ${n}\n`);
  program.child.stdin?.end();
  const { code, stderr } = await program.ended;
  const minutes = (performance.now() - from) / 60_000;
  expect(code).toBe(0);
  expect(events.of('stopped')).toHaveLength(100);
  expect(starts()).toBeLessThanOrEqual(8 * Math.ceil(minutes));
  // Each end is an event of its own.
  expect(stderr).toMatch(
    /^dies: it keeps ending right after its start; trying again in 500 ms\n[\s\S]*^dies: it keeps ending right after its start; not trying again by itself; /m,
  );
  expect(stderr, 'an end is told once').not.toMatch(/The server ended right after its start/);
});
