import { isJson } from './json.ts';
import type { ModelReply, ToolUse, Turn, Usage } from './model.ts';
import { each, readTurn, wrong } from './read-turn.ts';

const NOT_ANSWERED = 'The conversation was saved before this call was answered; whether it had an effect is not known';

/**
 * A conversation as a value that JSON holds, for {@link readTurns}. May be called at any time, also while a query is
 * answered. What JSON cannot hold is left out: a vendor's form of a reply becomes null, such arguments an empty object.
 */
export function writeTurns(turns: readonly Turn[]): readonly Turn[] {
  return turns.map((turn) => (turn.role === 'assistant' ? { role: 'assistant', reply: writeReply(turn.reply) } : turn));
}

/**
 * Reads what {@link writeTurns} gave, after JSON. The conversation is one that a model takes: it starts with the user,
 * and each reply's calls are answered, in their order, by the turn after it. Calls of the last reply that have no
 * answer (it was saved in the middle) get one that says so, since cutting them off would hide what they may have done.
 * The vendors' forms of replies are as they were, unchecked, and only for the model that made them:
 * {@link forAnotherModel} is for any other. Throws CoreError `BAD_TURNS` with the place and what belongs there.
 */
export function readTurns(value: unknown): readonly Turn[] {
  const turns = each(value, 'turns', readTurn);
  for (const [index, turn] of turns.entries()) checkPlace(turn, turns[index - 1], `turns[${index}]`);
  const open = callsOf(turns.at(-1));
  if (open.length === 0) return turns;
  const replies = open.map(({ id }) => ({
    id,
    isError: true,
    content: [{ type: 'text', text: NOT_ANSWERED }] as const,
  }));
  return [...turns, { role: 'tools', replies }];
}

/**
 * A conversation to go on with in another model: without the vendor's form of any reply, since signed thinking is for
 * the model that signed it. Text and calls stay; a call's id or name changes where another vendor would refuse it.
 */
export function forAnotherModel(turns: readonly Turn[]): readonly Turn[] {
  const taken = new Set<string>();
  let calls: readonly ToolUse[] = [];
  return turns.map((turn) => {
    switch (turn.role) {
      case 'user':
        return turn;
      case 'assistant':
        calls = turn.reply.calls.map((call) => ({ ...call, id: freshId(call.id, taken), name: legalName(call.name) }));
        return { role: 'assistant', reply: { ...turn.reply, calls, vendor: null } };
      case 'tools':
        return {
          role: 'tools',
          replies: turn.replies.map((reply, index) => ({ ...reply, id: calls[index]?.id ?? reply.id })),
        };
    }
  });
}

function writeReply({ text, calls, stop, detail, usage, vendor }: ModelReply): ModelReply {
  return {
    text,
    calls: calls.map(({ id, name, args }) => ({ id, name, args: isJson(args) ? args : {} })),
    stop,
    ...(detail !== undefined && { detail }),
    ...(usage !== undefined && isUsable(usage) && { usage }),
    vendor: isJson(vendor) ? vendor : null,
  };
}

/** Servers that only speak some API may count anything. */
function isUsable({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage): boolean {
  const counts = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens];
  return counts.every((tokens) => Number.isFinite(tokens) && tokens >= 0);
}

function checkPlace(turn: Turn, before: Turn | undefined, at: string): void {
  const calls = callsOf(before);
  if (turn.role !== 'tools') {
    if (calls.length > 0) throw wrong(at, 'the results of the calls before it', turn.role);
    if (before === undefined && turn.role !== 'user') throw wrong(`${at}.role`, 'user at the start', turn.role);
    return;
  }
  if (calls.length === 0) throw wrong(at, 'no results, since no call stands before it');
  if (turn.replies.length !== calls.length) {
    throw wrong(`${at}.replies`, `one result for each of the ${calls.length} calls before it`, turn.replies.length);
  }
  for (const [index, { id }] of turn.replies.entries()) {
    const expected = calls[index]?.id;
    if (id !== expected) throw wrong(`${at}.replies[${index}].id`, `that of the call, ${JSON.stringify(expected)}`, id);
  }
}

function callsOf(turn: Turn | undefined): readonly ToolUse[] {
  return turn?.role === 'assistant' ? turn.reply.calls : [];
}

/** The id itself where it is legal for every vendor and new, else one like it. */
function freshId(id: string, taken: Set<string>): string {
  const legal = id.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'call';
  let fresh = legal;
  for (let n = 2; taken.has(fresh); n++) fresh = `${legal}_${n}`;
  taken.add(fresh);
  return fresh;
}

function legalName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || '_';
}
