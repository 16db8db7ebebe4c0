import {
  type IdText,
  ExchangeTracker,
  type Message,
  type RequestReading,
  type Sender,
  flippedId,
  memberText,
  peerOf,
} from '@mcp-dbg/wire';
import { META_KEYS, metaOf } from '@mcp-dbg/protocol';

import { isObject, textIn } from '../json-object.ts';
import type { RelayFrame } from '../relay-frame.ts';
import { KnownLists } from './known-lists.ts';

/** A request that waits for its answer. */
export interface InFlight {
  readonly from: Sender;
  readonly id: IdText;
  readonly request: RequestReading;
  /** The frame that brought it; of a batch, all of it. */
  readonly frame: RelayFrame;
}

/** A stream of news that a modern client opened (`subscriptions/listen`): it is in flight as long as it lives. */
export interface Listen {
  readonly id: IdText;
  readonly frame: RelayFrame;
  readonly filter: Readonly<Record<string, unknown>>;
  /** True once the client was told that the server listens. */
  isAcknowledged: boolean;
}

/** The handshake of a legacy client, as far as it got. */
export interface Handshake {
  /** The params of the client's `initialize`, as text. */
  readonly params: string | undefined;
  /** The version that the server answered with. */
  readonly version: string | undefined;
  /** True once the client said that it has the answer. */
  readonly isConfirmed: boolean;
}

const OPENING: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/** What of a client's requests stays true for a server's next process, and what waits for an answer. Pure. */
export class ClientMemory {
  readonly lists: KnownLists = new KnownLists();
  readonly #open = new ExchangeTracker<InFlight>();
  readonly #listens = new Map<IdText, Listen>();
  readonly #subscribed = new Map<string, string>();
  #logLevel: string | undefined;
  #envelope: string | undefined;
  #handshake: Omit<Handshake, 'isConfirmed'> | undefined;
  #isConfirmed = false;
  /** True once the process answered something else than its handshake and lists. */
  #isProven = false;

  /** Takes a frame that the server's process was given. */
  sent(frame: RelayFrame): void {
    for (const message of frame.messages) this.#sent(message, frame);
  }

  /** Takes a frame that the server's process wrote, before the client has it. */
  received(frame: RelayFrame): void {
    for (const message of frame.messages) this.#received(message, frame);
  }

  /** What the client waits for, in order of asking: subscriptions apart, and what it called off. */
  get inFlight(): readonly InFlight[] {
    return this.#open.open.filter(({ from, id }) => from === 'client' && !this.#listens.has(id));
  }

  /** What the server's process asked the client and was not told. */
  get asked(): readonly InFlight[] {
    return this.#open.open.filter(({ from }) => from === 'server');
  }

  /** The client's streams of news. */
  get listens(): readonly Listen[] {
    return [...this.#listens.values()];
  }

  /** The legacy handshake that the client has behind it; undefined where there was none, or it is not answered yet. */
  get handshake(): Handshake | undefined {
    return this.#handshake && { ...this.#handshake, isConfirmed: this.#isConfirmed };
  }

  /** True once the client said that it has the answer to its handshake; some say so before they have it. */
  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  /** The params of what the process is to keep in mind, as requests of the legacy era. */
  get kept(): readonly { readonly method: string; readonly params: string }[] {
    const level = this.#logLevel === undefined ? [] : [{ method: 'logging/setLevel', params: this.#logLevel }];
    const uris = [...this.#subscribed.values()].map((params) => ({ method: 'resources/subscribe', params }));
    return [...level, ...uris];
  }

  /** What every request of a modern client says of the client, as the text of a `_meta`; undefined for a legacy one. */
  get envelope(): string | undefined {
    return this.#envelope;
  }

  get isProven(): boolean {
    return this.#isProven;
  }

  /** True where a request of the client still waits for its answer. */
  waitsFor(id: IdText): boolean {
    return this.#listens.has(id) || this.#open.find('client', id) !== undefined;
  }

  /** Whether a request opens the connection: it can be asked again of another process, and nothing goes without it. */
  static opens({ request }: InFlight): boolean {
    return OPENING.has(request.method);
  }

  /** The process is gone: nothing that waited for it waits any more, but the client's streams, which go on. */
  forget(): void {
    this.#open.clear();
    this.#isProven = false;
  }

  #sent(message: Message, frame: RelayFrame): void {
    switch (message.kind) {
      case 'request':
        this.#ask(message, 'client', frame);
        this.#envelope ??= envelopeOf(message);
        if (message.method === 'subscriptions/listen') this.#listen(message, frame);
        break;
      case 'notification':
        if (message.method === 'notifications/initialized') this.#isConfirmed = true;
        if (message.method === 'notifications/cancelled') this.#cancelled('client', message);
        break;
      case 'result':
      case 'error':
        this.#answer('client', message.id);
        break;
    }
  }

  #received(message: Message, frame: RelayFrame): void {
    switch (message.kind) {
      case 'request':
        this.#ask(message, 'server', frame);
        break;
      case 'notification':
        if (message.method === 'notifications/subscriptions/acknowledged') this.#acknowledged(message);
        if (message.method === 'notifications/cancelled') this.#cancelled('server', message);
        break;
      case 'result':
      case 'error': {
        const asked = this.#answer('server', message.id);
        if (asked !== undefined) this.#answered(asked, message);
        break;
      }
    }
  }

  #ask(request: RequestReading, from: Sender, frame: RelayFrame): void {
    this.#open.ask(from, request.id, { from, id: request.id, request, frame });
  }

  /** Some servers answer a number with a text and the reverse, and clients take it. */
  #answer(from: Sender, id: IdText): InFlight | undefined {
    return this.#open.answer(from, id) ?? this.#open.answer(from, flippedId(id));
  }

  #answered({ id, request }: InFlight, answer: Message): void {
    const { method, params, text } = request;
    this.lists.answered(request, answer);
    this.#listens.delete(id);
    if (!OPENING.has(method) && !method.endsWith('/list')) this.#isProven = true;
    if (answer.kind !== 'result') return;
    const given = memberText(text, 'params');
    switch (method) {
      case 'initialize':
        this.#handshake = {
          params: given,
          version: textIn(answer.result, 'protocolVersion'),
        };
        break;
      case 'logging/setLevel':
        this.#logLevel = given;
        break;
      case 'resources/subscribe':
        this.#subscribed.set(textIn(params, 'uri') ?? '', given ?? '{}');
        break;
      case 'resources/unsubscribe':
        this.#subscribed.delete(textIn(params, 'uri') ?? '');
        break;
      default:
    }
  }

  #listen({ id, params }: RequestReading, frame: RelayFrame): void {
    const wanted = isObject(params) ? params['notifications'] : undefined;
    // Asked again of another process it stays the stream that the client knows.
    const isAcknowledged = this.#listens.get(id)?.isAcknowledged ?? false;
    this.#listens.set(id, { id, frame, filter: isObject(wanted) ? wanted : {}, isAcknowledged });
  }

  #acknowledged({ params }: { readonly params: unknown }): void {
    const id = metaOf(params)?.[META_KEYS.subscriptionId];
    const listen = this.#listens.get(JSON.stringify(id));
    if (listen !== undefined) listen.isAcknowledged = true;
  }

  /** A side calls off what it asked; a server ends a stream of its client that way. */
  #cancelled(by: Sender, { params }: { readonly params: unknown }): void {
    const id = JSON.stringify(isObject(params) ? params['requestId'] : undefined) as IdText | undefined;
    if (id === undefined) return;
    const isStream = this.#listens.delete(id);
    // Nobody waits for it any more, and it may never be answered.
    this.#open.answer(isStream ? 'server' : peerOf(by), id);
  }
}

function envelopeOf({ params }: RequestReading): string | undefined {
  const meta = metaOf(params) ?? {};
  if (!(META_KEYS.protocolVersion in meta)) return undefined;
  const { protocolVersion, clientInfo, clientCapabilities } = META_KEYS;
  return JSON.stringify(
    Object.fromEntries([protocolVersion, clientInfo, clientCapabilities].map((key) => [key, meta[key]])),
  );
}
