import type { LoopEvent } from './events.ts';
import {
  type Model,
  ModelError,
  type ModelReply,
  type ToolReply,
  type ToolSpec,
  type ToolUse,
  type Turn,
} from './model.ts';

/** What running one tool gives the loop: what the model gets, and what the events tell. */
export interface LoopTools {
  /** The tools as they are now; asked for anew before every reply, since servers come, go and change. */
  readonly specs: () => Promise<readonly ToolSpec[]>;
  /** The server and the tool behind a name; empty where no such tool exists. */
  readonly address: (name: string) => { readonly server: string; readonly tool: string };
  /**
   * Runs a tool. Never throws: every failure is a reply that the model can read. `ms` are the milliseconds that the
   * call itself took; absent when it was not made.
   */
  readonly run: (use: ToolUse, signal: AbortSignal) => Promise<ToolReply & { readonly ms?: number }>;
}

export interface ToolLoopOptions {
  readonly model: Model;
  readonly tools: LoopTools;
  /** The conversation, ending in the user's turn. The loop appends to it and leaves it valid however it ends. */
  readonly turns: Turn[];
  readonly signal: AbortSignal;
  /** Rounds (one reply and its tool runs) at most. */
  readonly maxRounds: number;
}

/**
 * Answers one query: asks the model, runs the tools it wants side by side, gives all results back in one turn in the
 * order of the calls, and goes on until the model stops. Tools run only when the model stopped for them.
 */
export async function* toolLoop(options: ToolLoopOptions): AsyncGenerator<LoopEvent, void> {
  const left = new AbortController();
  try {
    yield* rounds({ ...options, signal: AbortSignal.any([options.signal, left.signal]) });
  } finally {
    // Also when the caller stops listening: what still runs is to stop too.
    left.abort();
  }
}

async function* rounds(options: ToolLoopOptions): AsyncGenerator<LoopEvent, void> {
  const { model, tools, turns, signal, maxRounds } = options;
  for (let round = 0; round < maxRounds; round++) {
    let reply: ModelReply;
    try {
      reply = yield* streamed(model.reply({ turns, tools: await tools.specs(), signal }));
    } catch (error) {
      yield failure(error, signal);
      return;
    }
    turns.push({ role: 'assistant', reply });
    if (reply.stop === 'pause_turn') continue;
    if (reply.stop !== 'tool_use' || reply.calls.length === 0) {
      answerUnrun(turns, reply.calls, 'This call was not made: the reply was cut off before it was complete');
      const reason = reply.stop === 'tool_use' ? 'end_turn' : reply.stop;
      yield { type: 'stopped', reason, ...(reply.detail !== undefined && { detail: reply.detail }) };
      return;
    }
    yield* runRound(reply.calls, options);
    if (signal.aborted) {
      yield { type: 'stopped', reason: 'interrupted' };
      return;
    }
  }
  yield { type: 'stopped', reason: 'rounds', detail: `The model used tools ${maxRounds} times without an answer` };
}

async function* streamed(reply: AsyncGenerator<string, ModelReply>): AsyncGenerator<LoopEvent, ModelReply> {
  let next = await reply.next();
  try {
    for (; next.done !== true; next = await reply.next()) yield { type: 'text', text: next.value };
    return next.value;
  } finally {
    // Where nobody listens any more, the model is to stop too.
    if (next.done !== true) await reply.return(undefined as never);
  }
}

async function* runRound(
  calls: readonly ToolUse[],
  { tools, turns, signal }: ToolLoopOptions,
): AsyncGenerator<LoopEvent, void> {
  const replies = new Map<ToolUse, ToolReply>();
  try {
    for (const call of calls) {
      yield { type: 'tool-call', id: call.id, name: call.name, ...tools.address(call.name), args: call.args };
    }
    const running = new Map(
      calls.map((call) => [call, tools.run(call, signal).then(({ ms, ...reply }) => ({ call, reply, ms }))]),
    );
    while (running.size > 0) {
      const { call, reply, ms } = await Promise.race(running.values());
      running.delete(call);
      replies.set(call, reply);
      yield { type: 'tool-result', ...reply, ...(ms !== undefined && { ms }) };
    }
  } finally {
    // Also when the caller stops listening: an unanswered call would make the whole conversation invalid.
    const unanswered = (id: string): ToolReply =>
      errorReply(id, 'This call was interrupted; whether it had an effect is not known');
    turns.push({ role: 'tools', replies: calls.map((call) => replies.get(call) ?? unanswered(call.id)) });
  }
}

function answerUnrun(turns: Turn[], calls: readonly ToolUse[], why: string): void {
  if (calls.length > 0) turns.push({ role: 'tools', replies: calls.map((call) => errorReply(call.id, why)) });
}

/** A failure as the model reads it. */
export function errorReply(id: string, text: string): ToolReply {
  return { id, isError: true, content: [{ type: 'text', text }] };
}

function failure(error: unknown, signal: AbortSignal): LoopEvent {
  if (signal.aborted) return { type: 'stopped', reason: 'interrupted' };
  const known = error instanceof Error ? error : new ModelError('BROKEN', String(error));
  return { type: 'stopped', reason: 'api-error', detail: known.message, error: known };
}
