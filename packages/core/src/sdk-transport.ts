import { AsyncLocalStorage } from 'node:async_hooks';

import type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/client';
import {
  type ErrorReading,
  type IdText,
  type Message,
  type NotificationReading,
  type RequestReading,
  type ResultReading,
  idText,
} from '@mcp-dbg/wire';

import type { CoreError } from './errors.ts';
import { isObject } from './json.ts';
import type { Link } from './link.ts';
import type { JsonObject } from './model.ts';
import type { Asked } from './open-requests.ts';

/** How far a request has come, as its server says. */
export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** One request made through the SDK, seen from the wire: what id it got and what came back. */
export interface Ask {
  id?: IdText;
  answer?: ResultReading | ErrorReading;
  /** Why there will be no answer although the connection lives on. */
  lost?: CoreError;
  /** The SDK loses progress that comes in one read with the answer, so it is told from here. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onSent?: ((n: number) => void) | undefined;
}

/** A request past the SDK, which knows nothing of it. */
export interface PastRequest {
  readonly id: string;
  /** The whole message. */
  readonly text: string;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: ResultReading | ErrorReading) => void;
  readonly onLost: (why: CoreError) => void;
}

/** Ties what the SDK sends to the request it was made for. */
export const asking: AsyncLocalStorage<Ask> = new AsyncLocalStorage();

/**
 * What the SDK is told in place of a result, which we read from the frame ourselves: that the request is over. Its own
 * check would refuse a whole list for one bad tool, and takes longer than all the rest of a request.
 */
const OVER = { code: 0, message: 'answered' };

export interface SdkTransportOptions {
  /** Told every notification as it came: the SDK gives only those whose form it likes. */
  readonly onTold: (message: NotificationReading) => void;
  /** Gets the answers to requests that did not go through the SDK. */
  readonly onUnasked?: (message: Message, answered: Asked) => void;
}

/** The SDK's view of a link. It numbers, times out and cancels requests; the bytes are the link's. */
export class SdkTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** In the modern era the SDK cancels a request by ending its stream, where it has one of its own. */
  readonly hasPerRequestStream: boolean;
  readonly #link: Link;
  readonly #asks = new Map<IdText, Ask>();
  readonly #past = new Map<IdText, PastRequest['onAnswer']>();
  readonly #options: SdkTransportOptions;
  #release: () => void = () => {};

  constructor(link: Link, options: SdkTransportOptions) {
    this.#link = link;
    this.hasPerRequestStream = link.hasStreams;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#release = this.#link.onMessage((message, answered) => this.#receive(message, answered));
    void this.#link.ended.then(() => this.onclose?.());
  }

  async send(message: JSONRPCMessage, options: TransportSendOptions = {}): Promise<void> {
    const ask = asking.getStore() ?? {};
    const id = 'method' in message && 'id' in message ? idText(JSON.stringify(message.id)) : undefined;
    if ('method' in message && message.method === 'notifications/cancelled') this.#forget(message.params);
    if (id === undefined) return await this.#link.send(message).taken;
    ask.id = id;
    this.#asks.set(id, ask);
    const { headers, requestSignal: signal, onRequestStreamEnd } = options;
    signal?.addEventListener('abort', () => this.#forgetId(id), { once: true });
    const onLost = (why: CoreError): void => {
      if (!this.#asks.delete(id)) return;
      this.#link.forget(id);
      ask.lost = why;
      if (onRequestStreamEnd === undefined) this.onmessage?.(over(id));
      else onRequestStreamEnd();
    };
    const { n, taken } = this.#link.send(message, { headers, signal, onLost });
    ask.onSent?.(n);
    await taken;
  }

  /** Sends a request as it stands; its answer comes to nobody but who asks. Throws as {@link Link.send} does. */
  async sendPast({ id, text, signal, onAnswer, onLost }: PastRequest): Promise<void> {
    const key = idText(JSON.stringify(id));
    this.#past.set(key, onAnswer);
    await this.#link.send(JSON.parse(text) as object, { text, signal, onLost }).taken;
  }

  /** Gives up a request that was sent past the SDK, and tells the server if it is to be told. */
  async giveUp(id: string, tells: boolean): Promise<void> {
    const key = idText(JSON.stringify(id));
    this.#past.delete(key);
    this.#forgetId(key);
    if (!tells) return;
    const params = { requestId: id, reason: 'Nobody waits for it any more' };
    await this.#link.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params }).taken;
  }

  /** Servers behind a URL are told the version beside each message. */
  setProtocolVersion(version: string): void {
    this.#link.agreed(version);
  }

  /** Lets go of the link and of what was asked; ending the server is the connection's business. */
  async close(): Promise<void> {
    this.#release();
    for (const id of this.#asks.keys()) this.#link.forget(id);
    this.#asks.clear();
    this.onclose?.();
  }

  #receive(message: Message, answered: Asked | undefined): void {
    if (message.kind === 'request' || message.kind === 'notification') {
      if (message.method === 'notifications/progress') this.#tellProgress(message.params);
      if (message.kind === 'notification') this.#options.onTold(message);
      this.onmessage?.(askForSdk(message));
      return;
    }
    if (answered === undefined) return;
    const past = this.#past.get(answered.id);
    this.#past.delete(answered.id);
    if (past !== undefined) return past(message);
    const ask = this.#asks.get(answered.id);
    if (ask === undefined) return this.#options.onUnasked?.(message, answered);
    this.#asks.delete(answered.id);
    ask.answer = message;
    this.onmessage?.(answerForSdk(message, answered));
  }

  #tellProgress(params: unknown): void {
    if (!isObject(params) || typeof params['progress'] !== 'number') return;
    const { progress, total, message, progressToken } = params;
    // The SDK's token is the request's id.
    this.#asks.get(idText(JSON.stringify(progressToken ?? null)))?.onProgress?.({
      progress,
      ...(typeof total === 'number' && { total }),
      ...(typeof message === 'string' && { message }),
    });
  }

  #forget(params: unknown): void {
    if (!isObject(params)) return;
    this.#forgetId(idText(JSON.stringify(params['requestId'] ?? null)));
  }

  #forgetId(id: IdText): void {
    this.#asks.delete(id);
    this.#link.forget(id);
  }
}

function over(id: IdText): JSONRPCMessage {
  return { jsonrpc: '2.0', id: JSON.parse(id) as string | number, error: OVER };
}

/** What the server asks or tells, in the form that the SDK insists on. */
function askForSdk(message: RequestReading | NotificationReading): JSONRPCMessage {
  const { method, params } = message;
  const body = { jsonrpc: '2.0' as const, method, ...(isObject(params) && { params }) };
  return message.kind === 'request' ? { ...body, id: JSON.parse(message.id) as string | number } : body;
}

function answerForSdk(message: ResultReading | ErrorReading, { id, method }: Asked): JSONRPCMessage {
  const head = { jsonrpc: '2.0' as const, id: JSON.parse(id) as string | number };
  if (message.kind === 'error') {
    const { code, message: text, ...rest } = isObject(message.error) ? message.error : {};
    const error = {
      ...rest,
      code: Number.isInteger(code) ? Number(code) : -32603,
      message: typeof text === 'string' ? text : '',
    };
    return { ...head, error };
  }
  const result: JsonObject = isObject(message.result) ? message.result : {};
  switch (method) {
    case 'initialize': {
      const { protocolVersion } = result;
      return { ...head, result: { capabilities: {}, serverInfo: { name: '', version: '' }, protocolVersion } };
    }
    case 'subscriptions/listen':
      return { ...head, result: { resultType: 'complete', ...result } };
    default:
      return over(id);
  }
}
