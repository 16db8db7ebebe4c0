import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test } from 'vitest';

import { sampleWith } from '../src/features/sample-with.ts';
import type { LoopEvent, ModelReply } from '../src/index.ts';
import { changing, scratchFile } from './support/custom-server.ts';
import { type Observed, observed, server } from './support/observed-session.ts';
import { asked, call, expectStillValid, results, script, still, stopped } from './support/queries.ts';

describe('an interruption', () => {
  async function interruptedAt(it: Observed, when: (event: LoopEvent) => boolean): Promise<readonly LoopEvent[]> {
    const interrupt = new AbortController();
    const events: LoopEvent[] = [];
    for await (const event of it.session.ask('go', interrupt.signal)) {
      events.push(event);
      if (when(event)) interrupt.abort();
    }
    return events;
  }

  test('while the model streams', async () => {
    await using model = await script([{ say: 'A long answer that is cut off. '.repeat(50), drip: 20 }, still]);
    await using it = await observed([server('echo')], { model });
    const events = await interruptedAt(it, ({ type }) => type === 'text');
    expect(stopped(events).reason).toBe('interrupted');
    await expectStillValid(it.session);
  });

  test('of a model that does not notice it', async () => {
    async function* deaf(): AsyncGenerator<string, ModelReply> {
      yield 'The beginning, and then ';
      return await new Promise<never>(() => {});
    }
    await using it = await observed([server('echo')], { model: { name: 'deaf', reply: deaf } });
    const events = await interruptedAt(it, ({ type }) => type === 'text');
    expect(stopped(events).reason).toBe('interrupted');
    const sampled = sampleWith(
      { name: 'deaf', reply: deaf },
      { messages: [{ role: 'user', text: 'go' }], maxTokens: 10 },
      AbortSignal.timeout(1),
    );
    await expect(sampled).rejects.toThrow(/timeout/);
  });

  test('while tools run', async () => {
    await using model = await script([{ call: [call('slow', { ms: 3_600_000 }), call('echo', { text: 'x' })] }, still]);
    await using it = await observed([server('echo')], { model });
    const events = await interruptedAt(it, ({ type }) => type === 'tool-result');
    expect(stopped(events).reason).toBe('interrupted');
    expect(results(events)).toMatchObject([
      { text: 'x' },
      { isError: true, text: expect.stringMatching(/interrupted/) },
    ]);
    await expectStillValid(it.session);
  });

  test('before the query is asked', async () => {
    await using model = await script([still]);
    await using it = await observed([server('echo')], { model });
    expect(await asked(it.session, 'go', AbortSignal.abort())).toEqual([{ type: 'stopped', reason: 'interrupted' }]);
    await expectStillValid(it.session);
  });

  test('while a server is started again', async () => {
    using file = scratchFile();
    await using model = await script([still]);
    await using it = await observed([changing('echo', 'never-answers', file.path)], { model });
    process.kill(it.session.servers[0]?.live?.connection.pid ?? 0, 'SIGKILL');
    await waitFor(() => it.told('server-started').length === 2, 'the second start');
    const interrupt = new AbortController();
    const events = asked(it.session, 'go', interrupt.signal);
    interrupt.abort();
    expect(await events).toEqual([{ type: 'stopped', reason: 'interrupted' }]);
    expect(it.session.turns).toEqual([{ role: 'user', text: 'go' }]);
  });

  test('by leaving the loop', async () => {
    await using model = await script([{ call: [call('slow', { ms: 3_600_000 })] }, still]);
    await using it = await observed([server('echo')], { model });
    for await (const event of it.session.ask('go')) if (event.type === 'tool-call') break;
    await expectStillValid(it.session);
  });
});
