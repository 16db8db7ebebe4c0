import { describe, expect, test } from 'vitest';

import {
  type LoopEvent,
  type Model,
  ModelError,
  type ModelReply,
  type StopReason,
  type ToolRun,
  type ToolRunOptions,
  type ToolUse,
  type Turn,
  type Usage,
  toolLoop,
} from '../src/index.ts';

interface Reply {
  readonly say?: readonly string[];
  readonly call?: readonly string[];
  readonly stop?: StopReason;
  readonly detail?: string;
  readonly usage?: Usage;
}

interface Played {
  readonly model: Model;
  /** How many replies were begun, and how many were cut off by the listener. */
  readonly counts: { begun: number; cut: number };
}

/** A model that gives these replies, one a request. */
function plays(replies: readonly (Reply | Error)[]): Played {
  const counts = { begun: 0, cut: 0 };
  async function* reply(): AsyncGenerator<string, ModelReply> {
    const next = replies[counts.begun++];
    if (next === undefined) throw new ModelError('SCRIPT', 'nothing left');
    if (next instanceof Error) throw next;
    const { say = [], call = [], stop = call.length > 0 ? 'tool_use' : 'end_turn', detail, usage } = next;
    let finished = false;
    try {
      for (const piece of say) yield piece;
      finished = true;
    } finally {
      if (!finished) counts.cut++;
    }
    const calls = call.map((name, index) => ({ id: `${counts.begun}.${index}`, name, args: {} }));
    return {
      text: say.join(''),
      calls,
      stop,
      vendor: null,
      ...(detail !== undefined && { detail }),
      ...(usage && { usage }),
    };
  }
  return { model: { name: 'test', reply }, counts };
}

interface Loop {
  readonly turns: Turn[];
  readonly loop: AsyncGenerator<LoopEvent, void>;
}

type Run = (use: ToolUse, options: ToolRunOptions) => Promise<string>;

function looped(model: Model, run: Run = async ({ name }) => name, signal?: AbortSignal, maxRounds = 5): Loop {
  const turns: Turn[] = [{ role: 'user', text: 'hi' }];
  const tools = {
    specs: async () => [],
    address: (name: string) => ({ server: 's', tool: name }),
    run: async (use: ToolUse, options: ToolRunOptions): Promise<ToolRun> => ({
      reply: { id: use.id, isError: false, content: [{ type: 'text', text: await run(use, options) }] },
    }),
  };
  return { turns, loop: toolLoop({ model, tools, turns, signal: signal ?? new AbortController().signal, maxRounds }) };
}

/** Something to wait for. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

async function all(loop: AsyncIterable<LoopEvent>): Promise<readonly LoopEvent[]> {
  const events: LoopEvent[] = [];
  for await (const event of loop) events.push(event);
  return events;
}

/** The turns in short: roles, with the ids of calls and results. */
function shape(turns: readonly Turn[]): readonly string[] {
  return turns.map((turn) => {
    if (turn.role === 'tools') return `tools ${turn.replies.map(({ id }) => id).join(' ')}`;
    return turn.role === 'assistant' ? `assistant ${turn.reply.calls.map(({ id }) => id).join(' ')}`.trim() : 'user';
  });
}

describe('the tool loop', () => {
  test('streams the text, runs the tools that the model wants, and goes on until it stops', async () => {
    const { turns, loop } = looped(plays([{ say: ['Let me ', 'see.'], call: ['a'] }, { say: ['Done.'] }]).model);
    expect(await all(loop)).toEqual([
      { type: 'text', text: 'Let me ' },
      { type: 'text', text: 'see.' },
      { type: 'tool-call', id: '1.0', name: 'a', server: 's', tool: 'a', args: {} },
      {
        type: 'tool-result',
        id: '1.0',
        isError: false,
        content: [{ type: 'text', text: 'a' }],
      },
      { type: 'text', text: 'Done.' },
      { type: 'stopped', reason: 'end_turn' },
    ]);
    expect(shape(turns)).toEqual(['user', 'assistant 1.0', 'tools 1.0', 'assistant']);
  });

  test('tells how far a tool has come between its call and its result', async () => {
    const run: Run = async ({ name }, { onProgress }) => {
      onProgress({ progress: 1, total: 2, message: 'half' });
      return name;
    };
    const { loop } = looped(plays([{ call: ['a'] }, {}]).model, run);
    const events = await all(loop);
    expect(events.map(({ type }) => type)).toEqual(['tool-call', 'tool-progress', 'tool-result', 'stopped']);
    expect(events[1]).toEqual({
      type: 'tool-progress',
      id: '1.0',
      progress: { progress: 1, total: 2, message: 'half' },
    });
  });

  test.each<[string, Model['cost'], object]>([
    ['the price where it is known', () => 0.25, { dollars: 0.5 }],
    ['no price where a reply has none', ({ inputTokens }) => (inputTokens === 20 ? undefined : 0.25), {}],
    ['no price of a model without', undefined, {}],
  ])('adds up what the replies took, and %s', async (_, cost, dollars) => {
    const { model } = plays([
      { call: ['a'], usage: { inputTokens: 10, outputTokens: 2 } },
      { usage: { inputTokens: 20, outputTokens: 3 } },
    ]);
    const events = await all(looped({ ...model, ...(cost && { cost }) }).loop);
    const spent = { inputTokens: 30, outputTokens: 5, ...dollars };
    expect(events.at(-1)).toEqual({ type: 'stopped', reason: 'end_turn', spent });
  });

  test('runs the calls of one reply side by side, tells results as they come, and gives them back in order', async () => {
    // Each call waits for the one that is to end before it; `b`, for all three to run.
    const before: Readonly<Record<string, string>> = { a: 'c', c: 'b', b: 'all' };
    const gates = new Map(Object.values(before).map((name) => [name, gate()]));
    let running = 0;
    const { turns, loop } = looped(plays([{ call: ['a', 'b', 'c'] }, {}]).model, async ({ name }) => {
      if (++running === 3) gates.get('all')?.open();
      await gates.get(before[name] ?? '')?.opened;
      // Told first, then followed: the loop takes one result at a time.
      setImmediate(() => gates.get(name)?.open());
      return name;
    });
    const events = await all(loop);
    expect(events.flatMap((event) => (event.type === 'tool-result' ? [event.id] : []))).toEqual(['1.1', '1.2', '1.0']);
    expect(shape(turns)[2]).toBe('tools 1.0 1.1 1.2');
  });

  test.each<[StopReason, string]>([
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
    ['end_turn', 'end_turn'],
  ])('runs no tool of a reply that stopped for %s, and answers its calls all the same', async (stop, reason) => {
    const ran: string[] = [];
    const { turns, loop } = looped(
      plays([{ call: ['a', 'b'], stop, detail: 'why' }]).model,
      async ({ name }) => `${ran.push(name)}`,
    );
    expect((await all(loop)).at(-1)).toEqual({ type: 'stopped', reason, detail: 'why' });
    expect(ran).toEqual([]);
    expect(shape(turns)).toEqual(['user', 'assistant 1.0 1.1', 'tools 1.0 1.1']);
  });

  test('ends when a reply stops for tools and names none', async () => {
    const { turns, loop } = looped(plays([{ stop: 'tool_use' }]).model);
    expect(await all(loop)).toEqual([{ type: 'stopped', reason: 'end_turn' }]);
    expect(shape(turns)).toEqual(['user', 'assistant']);
  });

  test('lets a model that paused go on', async () => {
    const { turns, loop } = looped(plays([{ say: ['a'], stop: 'pause_turn' }, { say: ['b'] }]).model);
    expect((await all(loop)).map((event) => event.type)).toEqual(['text', 'text', 'stopped']);
    expect(shape(turns)).toEqual(['user', 'assistant', 'assistant']);
  });

  test('stops after the most rounds, with every call answered', async () => {
    const { turns, loop } = looped(
      plays(Array.from({ length: 9 }, () => ({ call: ['a'] }))).model,
      undefined,
      undefined,
      3,
    );
    expect((await all(loop)).at(-1)).toMatchObject({
      type: 'stopped',
      reason: 'rounds',
      detail: expect.stringMatching(/3 times/),
    });
    expect(shape(turns).slice(-2)).toEqual(['assistant 3.0', 'tools 3.0']);
  });

  test('ends with the model’s own error, and keeps the turns as they were', async () => {
    const error = new ModelError('OVERLOADED', 'Too many requests; wait a minute.');
    const { turns, loop } = looped(plays([{ call: ['a'] }, error]).model);
    expect((await all(loop)).at(-1)).toEqual({ type: 'stopped', reason: 'api-error', detail: error.message, error });
    expect(shape(turns)).toEqual(['user', 'assistant 1.0', 'tools 1.0']);
  });
});

describe('an interruption of the tool loop', () => {
  test('while a tool runs answers every call and asks the model no more', async () => {
    const interrupt = new AbortController();
    const { model, counts } = plays([{ call: ['a', 'b'] }, {}]);
    const run: Run = async ({ name }, { signal }) => {
      if (name === 'a') return 'a';
      interrupt.abort();
      return await new Promise((resolve) =>
        signal.aborted ? resolve('cut') : signal.addEventListener('abort', () => resolve('cut')),
      );
    };
    const { turns, loop } = looped(model, run, interrupt.signal);
    expect((await all(loop)).at(-1)).toEqual({ type: 'stopped', reason: 'interrupted' });
    expect(shape(turns)).toEqual(['user', 'assistant 1.0 1.1', 'tools 1.0 1.1']);
    expect(counts.begun).toBe(1);
  });

  test.each(['text', 'tool-call', 'tool-result'] as const)(
    'by a listener that leaves at "%s" stops what runs, and leaves the turns valid',
    async (type) => {
      const { model, counts } = plays([{ say: ['x', 'y'], call: ['a', 'b'] }, {}]);
      const signals: AbortSignal[] = [];
      const { turns, loop } = looped(model, async ({ name }, { signal }) => {
        signals.push(signal);
        return name === 'a' ? 'a' : await new Promise(() => {});
      });
      for await (const event of loop) if (event.type === type) break;
      expect(counts).toEqual({ begun: 1, cut: type === 'text' ? 1 : 0 });
      expect(signals.every((signal) => signal.aborted)).toBe(true);
      expect(shape(turns)).toEqual(type === 'text' ? ['user'] : ['user', 'assistant 1.0 1.1', 'tools 1.0 1.1']);
    },
  );
});
