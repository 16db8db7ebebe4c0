import type { Answer } from './sdk-requests.ts';
import { EventQueue } from './event-queue.ts';
import type { LoopEvent, Spent, StoppedReason } from './events.ts';
import { heardReply } from './heard-reply.ts';
import {
  type Model,
  ModelError,
  type ModelReply,
  type ToolReply,
  type ToolSpec,
  type ToolUse,
  type Turn,
  type Usage,
} from './model.ts';
import type { Progress } from './sdk-transport.ts';

/** What running one tool gives the loop: what the model gets, and what the events tell. */
export interface LoopTools {
  /** The tools as they are now; asked for anew before every reply, since servers come, go and change. */
  readonly specs: () => Promise<readonly ToolSpec[]>;
  /** The server and the tool behind a name; empty where no such tool exists. */
  readonly address: (name: string) => { readonly server: string; readonly tool: string };
  /** Runs a tool. Never throws: every failure is a reply that the model can read. */
  readonly run: (use: ToolUse, options: ToolRunOptions) => Promise<ToolRun>;
}

export interface ToolRunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What came of a tool's run: the reply for the model, and what the person may want to know beside it. */
export interface ToolRun {
  readonly reply: ToolReply;
  /** Milliseconds that the call itself took, and the number of its frame; absent when it was not made. */
  readonly ms?: number;
  readonly n?: number;
  /** The result as the server sent it. */
  readonly answer?: Answer;
  /** How it breaks the tool's own output schema; absent where it does not. */
  readonly outputFault?: string;
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
  let spent: Spent | undefined;
  const stopped = (reason: StoppedReason, why: { detail?: string | undefined; error?: Error } = {}): LoopEvent => {
    const { detail, error } = why;
    return {
      type: 'stopped',
      reason,
      ...(detail !== undefined && { detail }),
      ...(error && { error }),
      ...(spent && { spent }),
    };
  };
  for (let round = 0; round < maxRounds; round++) {
    let reply: ModelReply;
    try {
      reply = yield* streamed(heardReply(model, { turns, tools: await tools.specs(), signal }));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new ModelError('BROKEN', String(thrown));
      yield signal.aborted ? stopped('interrupted') : stopped('api-error', { detail: error.message, error });
      return;
    }
    turns.push({ role: 'assistant', reply });
    spent = plus(spent, reply.usage, model);
    if (reply.stop === 'pause_turn') continue;
    if (reply.stop !== 'tool_use' || reply.calls.length === 0) {
      answerUnrun(turns, reply.calls, 'This call was not made: the reply was cut off before it was complete');
      yield stopped(reply.stop === 'tool_use' ? 'end_turn' : reply.stop, { detail: reply.detail });
      return;
    }
    yield* runRound(reply.calls, options);
    if (signal.aborted) {
      yield stopped('interrupted');
      return;
    }
  }
  yield stopped('rounds', { detail: `The model used tools ${maxRounds} times without an answer` });
}

function plus(before: Spent | undefined, usage: Usage | undefined, model: Model): Spent | undefined {
  if (usage === undefined) return before;
  const cost = model.cost?.(usage);
  const dollars = before === undefined ? 0 : before.dollars;
  return {
    inputTokens: (before?.inputTokens ?? 0) + usage.inputTokens,
    outputTokens: (before?.outputTokens ?? 0) + usage.outputTokens,
    // One reply of unknown price makes the sum unknown.
    ...(cost !== undefined && dollars !== undefined && { dollars: dollars + cost }),
  };
}

async function* streamed(reply: AsyncGenerator<string, ModelReply>): AsyncGenerator<LoopEvent, ModelReply> {
  let next = await reply.next();
  try {
    for (; next.done !== true; next = await reply.next()) yield { type: 'text', text: next.value };
    return next.value;
  } finally {
    await reply.return(undefined as never);
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
    const happened = new EventQueue<LoopEvent>();
    let left = calls.length;
    for (const call of calls) {
      const onProgress = (progress: Progress): void => happened.push({ type: 'tool-progress', id: call.id, progress });
      const run = tools.run(call, { signal, onProgress }).then(({ reply, ...more }) => {
        replies.set(call, reply);
        left--;
        happened.push({ type: 'tool-result', ...reply, ...more });
      });
      run.catch((error: unknown) => happened.fail(error));
    }
    while (left > 0 || happened.size > 0) yield await happened.next();
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
