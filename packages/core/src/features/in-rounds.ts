import type { Era } from '@mcp-dbg/protocol';

import { CoreError } from '../errors.ts';
import type { JsonObject } from '../model.ts';
import { requestFailure } from '../request-failure.ts';
import type { Answer } from '../sdk-requests.ts';
import type { ConnectionEnd } from '../server-events.ts';
import { type InputRequired, readInputRequired } from './input-required.ts';
import type { ServerAsks } from './server-asks.ts';

/** Rounds of one request at most in which a server asks for input. */
const MAX_ROUNDS = 10;

export interface RoundsOptions {
  /** Makes the request once. Throws CoreError. */
  readonly ask: (params: JsonObject) => Promise<Answer>;
  readonly asks: ServerAsks;
  readonly era: Era;
  /** Whether an answer that asks for input is given to the caller as it came. */
  readonly isReturned: boolean;
  readonly signal: AbortSignal | undefined;
  readonly endOf: () => ConnectionEnd | undefined;
}

/**
 * Makes a request, and makes it again with what its server asks for until there is a result: what a modern server needs
 * stands in its answer (basic/patterns/mrtr), and a legacy one may want pages opened first. Throws CoreError.
 */
export async function inRounds(method: string, params: JsonObject, options: RoundsOptions): Promise<Answer> {
  const { ask, era, isReturned } = options;
  if (era === 'legacy') return await afterPages(params, options);
  let sent = params;
  for (let round = 0; ; round++) {
    const answer = await ask(sent);
    const input = readInputRequired(method, answer.value);
    if (typeof input === 'string')
      throw new CoreError('BAD_ANSWER', `Cannot use the server's answer to ${method}: ${input}`);
    if (input === undefined || isReturned) return answer;
    if (round === MAX_ROUNDS) {
      const message = `The server asked for input ${MAX_ROUNDS} times and still gives no result of ${method}`;
      throw new CoreError('INPUT_REQUIRED', message);
    }
    sent = { ...params, ...(await filled(method, input, options)) };
  }
}

async function afterPages(params: JsonObject, { ask, asks, signal }: RoundsOptions): Promise<Answer> {
  try {
    return await ask(params);
  } catch (error) {
    const rpc = error instanceof CoreError ? error.rpc : undefined;
    if (rpc === undefined || !(await asks.opened(rpc, signal))) throw error;
    return await ask(params);
  }
}

async function filled(method: string, input: InputRequired, { asks, signal, endOf }: RoundsOptions): Promise<object> {
  try {
    return await asks.fill(input, signal);
  } catch (error) {
    const end = endOf();
    if (end === undefined && signal?.aborted !== true) throw error;
    throw requestFailure(error, { method, answer: undefined, end, timeoutMs: 0, signal });
  }
}
