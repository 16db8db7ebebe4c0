import { expect, test } from 'vitest';

import { CoreError } from '../src/index.ts';
import { observed, outcomeText, server } from './support/observed-session.ts';
import { asked, results, script } from './support/queries.ts';

test('a person can call a tool that no model can be told of', async () => {
  await using it = await observed([server('bad-tools')]);
  const { byName, leftOut } = it.session.routes;
  expect([...leftOut.keys()]).toEqual(['illegal_key', 'string_schema']);
  expect(byName.has('illegal_key')).toBe(false);
  expect(outcomeText(await it.session.call('illegal_key', {}))).toBe('illegal_key');
});

test('a name that no tool has is answered with all that there are', async () => {
  await using it = await observed([server('bad-tools')]);
  const error = await it.session.call('nothing', {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CoreError);
  expect((error as CoreError).message).toMatch(/^There is no tool "nothing"; tools: .*good.*string_schema$/);
});

test('a call that was made says how long it took and in which frame it went, one that was not made says nothing', async () => {
  await using model = await script([
    {
      call: [
        { tool: 'counter', args: {} },
        { tool: 'echo', args: { text: 'x' } },
        { tool: 'add', args: { a: 'x' } },
      ],
    },
    { say: 'Done.' },
  ]);
  await using it = await observed([server('echo')], { model, approve: async () => false });
  const events = await asked(it.session, 'go');
  const times = events.flatMap((event) => (event.type === 'tool-result' ? [[event.id, event.ms]] : []));
  expect(Object.fromEntries(times)).toEqual({
    toolu_script_1: undefined,
    toolu_script_2: expect.any(Number),
    toolu_script_3: undefined,
  });
  const made = events.find((event) => event.type === 'tool-result' && event.ms !== undefined);
  const frame = it.told('frame').find(({ reading }) => reading.kind === 'request' && reading.method === 'tools/call');
  expect(made).toMatchObject({ n: frame?.frame.n, answer: { value: { content: [{ type: 'text', text: 'x' }] } } });
  expect(results(events).filter(({ isError }) => isError)).toHaveLength(2);
});
