import { CoreError } from '../errors.ts';
import { isObject } from '../json.ts';
import { type ServerAnswer, answerServer } from './answer-server.ts';
import type { Features } from './features.ts';
import type { InputRequired } from './input-required.ts';
import type { Patience } from './patience.ts';

/** Requests of one server that are answered at the same time at most. */
const MAX_AT_ONCE = 16;
/** Requests of one server at most while it answers none of ours: one that only asks would go on for ever. */
const MAX_IN_A_ROW = 64;
/** "URL elicitation required", of 2025-11-25 alone. */
const URL_REQUIRED = -32042;
/** Requests that one result may make at most. */
const MAX_INPUTS = 32;

export interface ServerAsksOptions {
  readonly server: string;
  readonly features: Features;
  readonly patience: Patience;
  /** Aborted when the server can no longer be answered. */
  readonly over: AbortSignal;
}

/** What one server asks of the client while it lives: one interface for both eras, and no more than can be borne. */
export class ServerAsks {
  readonly #options: ServerAsksOptions;
  #atOnce = 0;
  #inARow = 0;

  constructor(options: ServerAsksOptions) {
    this.#options = options;
  }

  /** The server has answered a request of ours, so it does more than ask. */
  answered(): void {
    this.#inARow = 0;
  }

  /** Answers a request of the server's own, as the legacy era has them. Never throws. */
  async answer(method: string, params: unknown, signal: AbortSignal): Promise<ServerAnswer> {
    const { server, features, patience, over } = this.#options;
    if (this.#atOnce >= MAX_AT_ONCE || this.#inARow >= MAX_IN_A_ROW)
      return { kind: 'refused', code: -32600, message: 'The server asks too much: it is to answer first' };
    this.#atOnce++;
    this.#inARow++;
    try {
      const asker = { server, signal: AbortSignal.any([signal, over]) };
      return await patience.during(() => answerServer(features, method, params, asker));
    } finally {
      this.#atOnce--;
    }
  }

  /**
   * Has the person open the pages that a request needs first, as an error -32042 of 2025-11-25 names them
   * (client/elicitation). True where they did, so that the request can be tried again.
   */
  async opened(rpc: unknown, signal: AbortSignal | undefined): Promise<boolean> {
    const pages = pagesOf(rpc);
    if (this.#options.features.elicit === undefined || pages.length === 0) return false;
    const never = new AbortController().signal;
    for (const page of pages.slice(0, MAX_INPUTS)) {
      const answer = await this.answer('elicitation/create', page, signal ?? never);
      if (answer.kind === 'refused' || answer.result['action'] !== 'accept') return false;
    }
    return true;
  }

  /**
   * Answers what a result asks for, one after the other, and gives what goes back with the request (basic/patterns/mrtr).
   * Throws {@link CoreError} `INPUT_REQUIRED` where something cannot be answered.
   */
  async fill({ requests, state }: InputRequired, signal: AbortSignal | undefined): Promise<object> {
    const { server, features, over } = this.#options;
    const back = state === undefined ? {} : { requestState: state };
    const entries = Object.entries(requests);
    if (entries.length === 0) return back;
    if (entries.length > MAX_INPUTS)
      throw new CoreError('INPUT_REQUIRED', `The server asks for ${entries.length} things at once; it is not answered`);
    const asker = { server, signal: AbortSignal.any([over, ...(signal === undefined ? [] : [signal])]) };
    if (typeof features.byHand === 'function') {
      const inputResponses = await features.byHand(requests, asker);
      if (inputResponses === undefined) throw new CoreError('INPUT_REQUIRED', 'The server asked, and nobody answered');
      return { inputResponses, ...back };
    }
    const responses: [string, object][] = [];
    for (const [key, request] of entries) {
      asker.signal.throwIfAborted();
      const { method, params } = isObject(request) ? request : {};
      const answer = await answerServer(features, typeof method === 'string' ? method : '', params, asker);
      if (answer.kind === 'refused') throw new CoreError('INPUT_REQUIRED', unanswered(method, answer.message));
      responses.push([key, answer.result]);
    }
    return { inputResponses: Object.fromEntries(responses), ...back };
  }
}

function pagesOf(rpc: unknown): readonly unknown[] {
  if (!isObject(rpc) || rpc['code'] !== URL_REQUIRED || !isObject(rpc['data'])) return [];
  const { elicitations } = rpc['data'];
  return Array.isArray(elicitations) ? elicitations : [];
}

function unanswered(method: unknown, why: string): string {
  return `The server asked for ${JSON.stringify(method ?? null).slice(0, 60)} and was not answered: ${why}`;
}
