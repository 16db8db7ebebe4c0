import type { Client } from '@modelcontextprotocol/client';
import { memberText } from '@mcp-dbg/wire';

import { LONGEST_MS, type Patience } from './features/patience.ts';
import type { ParamHeaders } from './http/param-headers.ts';
import { isObject } from './json.ts';
import type { Link } from './link.ts';
import type { JsonObject } from './model.ts';
import { requestFailure } from './request-failure.ts';
import { type Ask, type Progress, asking } from './sdk-transport.ts';

/** A server's answer: the result's value, and its exact text as received. */
export interface Answer {
  readonly value: unknown;
  readonly text: string;
}

export interface RequestOptions {
  /** Milliseconds for the answer; each progress notification of the server starts them anew. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Told the number of the frame with which the request went out; anew where it has to be sent again. */
  readonly onSent?: (n: number) => void;
}

export interface SdkRequestsOptions {
  readonly client: Client;
  readonly link: Link;
  readonly patience: Patience;
  /** Where the link gives arguments in headers too. */
  readonly paramHeaders: ParamHeaders | undefined;
  /** Told the method of each request that got an answer, whatever it was. */
  readonly onAnswer: (method: string) => void;
}

/** Makes requests through the SDK, which has their ids and cancels them; answers are read from the frames. */
export class SdkRequests {
  readonly #options: SdkRequestsOptions;

  constructor(options: SdkRequestsOptions) {
    this.#options = options;
  }

  /** One request and its answer. Throws CoreError; a lost connection fails the request at once. */
  async ask(
    method: string,
    params: JsonObject,
    { timeoutMs, signal, onProgress, onSent }: RequestOptions & { readonly timeoutMs: number },
  ): Promise<Answer> {
    const { client, link, patience, paramHeaders, onAnswer } = this.#options;
    const headers = method === 'tools/call' ? paramHeaders?.of(params) : undefined;
    const late = new AbortController();
    const deadline = patience.start(timeoutMs, () => late.abort(new Error(`no answer in ${timeoutMs / 1000} s`)));
    const told = (progress: Progress): void => {
      deadline.extend();
      onProgress?.(progress);
    };
    const ask: Ask = { onProgress: onProgress && told, onSent };
    const request = asking.run(ask, () =>
      client.request({ method, params }, ANYTHING, {
        // Ours stands still while the server waits for a person.
        timeout: LONGEST_MS,
        ...(headers && { headers }),
        // A signal of its own: Node warns when many listen to one.
        signal: AbortSignal.any(signal === undefined ? [late.signal] : [late.signal, signal]),
        // Without it the SDK does not ask for progress.
        ...(onProgress && { onprogress: () => {} }),
      }),
    );
    const failure = await request.then(
      () => undefined,
      (error: unknown) => error,
    );
    deadline.stop();
    const { answer, lost: cause = failure } = ask;
    if (answer !== undefined) onAnswer(method);
    if (answer?.kind === 'result') {
      if (method === 'tools/list') paramHeaders?.learn(answer.result);
      return { value: answer.result, text: memberText(answer.text, 'result') ?? 'null' };
    }
    // A request that is lost alone leaves the connection as it is.
    const isLost =
      ask.lost === undefined &&
      isObject(cause) &&
      (cause['code'] === 'CONNECTION_CLOSED' || cause['code'] === 'CONNECTION_LOST');
    const end = link.end ?? (isLost ? await link.ended : undefined);
    throw requestFailure(cause, { method, answer, end, timeoutMs, signal });
  }
}

/** A schema that takes everything (standardschema.dev): what a server answers is shown, not judged, here. */
const ANYTHING = {
  '~standard': { version: 1, vendor: 'mcp-dbg', validate: (value: unknown) => ({ value }) },
} as const;
