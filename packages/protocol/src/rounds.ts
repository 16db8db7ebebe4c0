import { memberText } from '@mcp-dbg/wire';

/** Calls that wait for input at most; more are not joined to what follows them. */
const MAX_WAITING = 256;

/** Characters of a call beyond which it is not remembered. */
const MAX_CALL = 65_536;

/** Methods that a modern server may answer with a request for input (spec 2026-07-28, patterns/mrtr). */
const CALLS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** A round that ended with a request for input. */
interface Round {
  /** The number of the call's first round. */
  readonly first: number;
  readonly round: number;
}

/** The calls that were answered with a request for input and were not asked again so far. */
export class Rounds {
  readonly #waiting = new Map<string, Round>();

  /** Notes that a round ended with a request for input. */
  wait(call: string, round: Round): void {
    if (call.length > MAX_CALL) return;
    this.#waiting.delete(call);
    this.#waiting.set(call, round);
    if (this.#waiting.size <= MAX_WAITING) return;
    for (const oldest of this.#waiting.keys()) {
      this.#waiting.delete(oldest);
      return;
    }
  }

  /** The round that comes when a call is made again with what was asked for. */
  next(call: string): Round | undefined {
    const before = this.#waiting.get(call);
    if (before === undefined) return undefined;
    this.#waiting.delete(call);
    return { first: before.first, round: before.round + 1 };
  }

  clear(): void {
    this.#waiting.clear();
  }
}

/** What all rounds of a call have in common, as text; undefined where the method has no rounds. */
export function callOf(method: string | undefined, text: string): string | undefined {
  if (method === undefined || !CALLS.has(method)) return undefined;
  const params = memberText(text, 'params');
  if (params?.startsWith('{') !== true) return undefined;
  const named = memberText(params, method === 'resources/read' ? 'uri' : 'name');
  return [method, named, memberText(params, 'arguments')].join('\n');
}
