import { waitFor } from '@mcp-dbg/testkit';
import { describe, expect, test, vi } from 'vitest';

import { custom } from './support/custom-server.ts';
import { type Observed, observed, outcomeText, server } from './support/observed-session.ts';

function callsSent({ told }: Observed): number {
  return told('frame').filter(({ reading }) => reading.kind === 'request' && reading.method === 'tools/call').length;
}

describe.concurrent('arguments', () => {
  test.each([
    ['a wrong type', { a: '1', b: 2 }, /data\/a must be number/],
    ['a missing one', { a: 1 }, /must have required property 'b'/],
    ['several wrong ones', { a: '1', b: '2' }, /data\/a must be number, data\/b must be number/],
  ])('with %s are refused before anything is sent, in words that a model can use', async (_, args, why) => {
    await using it = await observed([server('echo')]);
    const outcome = outcomeText(await it.session.call('add', args));
    expect(outcome).toMatch(
      /^invalid-arguments: The arguments do not fit the tool's input schema, so it was not called: /,
    );
    expect(outcome).toMatch(why);
    expect(callsSent(it)).toBe(0);
  });

  test('are sent as they are, never changed', async () => {
    const given = { n: 9007199254740991, s: '1', deep: { list: [null, true, -0.5e-7] }, ünï: '\u2028' };
    await using it = await observed([
      custom(
        `serve({ name: 'x', tools: [{ name: 'args', inputSchema: object, run: (args) => JSON.stringify(args) }] });`,
      ),
    ]);
    expect(outcomeText(await it.session.call('args', given))).toBe(JSON.stringify(given));
  });

  test.each([
    [
      'draft-07',
      '{ $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties: { n: { type: "number" } } }',
    ],
    [
      '2019-09',
      '{ $schema: "https://json-schema.org/draft/2019-09/schema", type: "object", properties: { n: { type: "number" } } }',
    ],
    [
      '2020-12',
      '{ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties: { n: { type: "number" } } }',
    ],
    ['no named draft', '{ type: "object", properties: { n: { type: "number" } } }'],
  ])('are checked by a schema of %s', async (_, schema) => {
    await using it = await observed([
      custom(`serve({ name: 'x', tools: [{ name: 'n', inputSchema: ${schema}, run: () => 'ok' }] });`),
    ]);
    expect(outcomeText(await it.session.call('n', { n: 'x' }))).toMatch(/^invalid-arguments/);
    expect(outcomeText(await it.session.call('n', { n: 1 }))).toBe('ok');
  });
});

describe.concurrent('approval', () => {
  test('is not asked for a tool that only reads, of a trusted server', async () => {
    const approve = vi.fn(async () => false);
    await using it = await observed([server('echo')], { approve });
    expect(outcomeText(await it.session.call('echo', { text: 'x' }))).toBe('x');
    expect(approve).not.toHaveBeenCalled();
  });

  test.each([
    ['a tool that may write', 'slow', { ms: 0 }, true],
    ['a tool that says it only reads, of a stranger', 'echo', { text: 'x' }, false],
  ])('is asked for %s', async (_, tool, args, trusted) => {
    const approve = vi.fn(async () => true);
    await using it = await observed([{ ...server('echo'), trusted }], { approve });
    expect((await it.session.call(tool, args)).kind).toBe('result');
    expect(approve).toHaveBeenCalledOnce();
  });

  test('that is refused makes the call fail unsent, as does the lack of somebody to ask', async () => {
    await using refused = await observed([server('echo')], { approve: async () => false });
    expect(outcomeText(await refused.session.call('slow', { ms: 0 }))).toBe(
      'denied: The user did not allow this call, so it was not made',
    );
    await using nobody = await observed([server('echo')], { approve: undefined as never });
    expect(outcomeText(await nobody.session.call('slow', { ms: 0 }))).toMatch(/^denied/);
    expect(callsSent(refused) + callsSent(nobody)).toBe(0);
  });

  test('is not asked for arguments that are wrong', async () => {
    const approve = vi.fn(async () => true);
    await using it = await observed([server('echo')], { approve });
    expect(outcomeText(await it.session.call('slow', { ms: -1 }))).toMatch(/^invalid-arguments/);
    expect(approve).not.toHaveBeenCalled();
  });

  test('that throws is a failed call, not a failed session', async () => {
    await using it = await observed([server('echo')], {
      approve: async () => await Promise.reject(new Error('no terminal')),
    });
    expect(outcomeText(await it.session.call('slow', { ms: 0 }))).toBe('error: no terminal');
  });

  test('that is interrupted while it is asked leaves the call unmade', async () => {
    const interrupt = new AbortController();
    const approve = async (): Promise<boolean> => {
      interrupt.abort();
      return await new Promise(() => {});
    };
    await using it = await observed([server('echo')], { approve });
    const outcome = await it.session.call('slow', { ms: 0 }, { signal: interrupt.signal });
    expect(outcomeText(outcome)).toBe('interrupted: The user interrupted this call before it was made');
    expect(callsSent(it)).toBe(0);
  });
});

describe.concurrent('a call', () => {
  test('that fails by the tool is a result, with the flag', async () => {
    await using it = await observed([server('tool-errors')]);
    const outcome = await it.session.call('is_error', {});
    expect(outcome).toMatchObject({ kind: 'result', isError: true });
    expect(outcomeText(outcome)).toBe('The disk is full');
  });

  test('that fails by the protocol says the code and the message', async () => {
    await using it = await observed([server('tool-errors')]);
    expect(outcomeText(await it.session.call('rpc_error', {}))).toBe(
      'error: The server answered tools/call with error -32603: Internal error: the disk is full',
    );
  });

  test('gives the result as it was received: big numbers and the order of keys are kept', async () => {
    const raw = '{"z":1,"content":[{"type":"text","text":"x"}],"big":12345678901234567890,"a":1.0}';
    const code = `serve({ name: 'x', era: 'legacy', tools: [{ name: 'raw', inputSchema: object, run: (_, { id, write }) => {
      write('{"jsonrpc":"2.0","id":' + id + ',"result":${raw}}\\n'); return new Promise(() => {}); } }] });`;
    await using it = await observed([custom(code)]);
    const outcome = await it.session.call('raw', {});
    expect(outcome.kind === 'result' && outcome.answer.text).toBe(raw);
  });

  test('that takes too long is given up, and the server is told', async () => {
    await using it = await observed([server('echo')], { timeoutMs: 5000 });
    const outcome = await it.session.call('slow', { ms: 3_600_000 }, { timeoutMs: 100 });
    expect(outcomeText(outcome)).toBe(
      'timeout: The server did not answer tools/call within 0.1 s; whether the call had an effect is not known',
    );
    const cancelled = it
      .told('frame')
      .flatMap(({ reading }) =>
        reading.kind === 'notification' && reading.method === 'notifications/cancelled' ? [reading.params] : [],
      );
    expect(cancelled).toHaveLength(1);
    expect(outcomeText(await it.session.call('echo', { text: 'x' }))).toBe('x');
  });

  test.each(['auto', 'legacy'] as const)(
    'that tells of its progress may take longer than the time-out (era %s)',
    async (era) => {
      const steps: (string | undefined)[] = [];
      await using it = await observed([server('progress')], { era });
      const outcome = await it.session.call(
        'work',
        { steps: 4, ms: 500 },
        { timeoutMs: 1900, onProgress: ({ message }) => steps.push(message) },
      );
      expect(outcomeText(outcome)).toBe('did 4 steps');
      expect(steps).toEqual([1, 2, 3, 4].map((n) => `step ${n}`));
    },
  );

  test('that is interrupted ends at once, the server is told, and a late answer harms nobody', async () => {
    const interrupt = new AbortController();
    const late = `serve({ name: 'late', tools: [...goodTools, { name: 'late', inputSchema: object, run: (_, { id, send, signal }) =>
      new Promise(() => signal.addEventListener('abort', () => send({ id, result: text('too late') }))) }] });`;
    await using it = await observed([custom(late)]);
    const outcome = it.session.call('late', {}, { signal: interrupt.signal });
    await waitFor(() => callsSent(it) === 1, 'the call to be sent');
    interrupt.abort();
    expect(outcomeText(await outcome)).toMatch(/^interrupted: .*whether the call had an effect is not known$/);
    expect(outcomeText(await it.session.call('echo', { text: 'x' }))).toBe('x');
    expect(it.told('finding')).toEqual([]);
  });

  test('waits for a restart that is under way', async () => {
    await using it = await observed([server('crashes-on-call')]);
    await it.session.call('echo', { text: '' });
    await it.session.call('sigkill', {});
    expect(outcomeText(await it.session.call('echo', { text: 'back' }))).toBe('back');
  });

  test('may be one of fifty at once', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on('warning', note);
    const interrupt = new AbortController();
    await using it = await observed([server('echo')]);
    const calls = Array.from({ length: 50 }, (_, index) =>
      it.session.call('echo', { text: `${index}` }, { signal: interrupt.signal }),
    );
    const texts = (await Promise.all(calls)).map(outcomeText);
    expect(texts).toEqual(texts.map((_, index) => `${index}`));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  test('of a tool that nobody has is refused with the names that there are', async () => {
    await using it = await observed([server('echo')]);
    await expect(it.session.call('ech', {})).rejects.toMatchObject({
      code: 'UNKNOWN_TOOL',
      message: expect.stringMatching(/^There is no tool "ech"; tools: add, big, counter, echo, /),
    });
  });
});
