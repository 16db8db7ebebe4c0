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
import { detached } from '../message-text.ts';
import { openBound } from '../open-bound.ts';
import type { RelayFrame } from '../relay-frame.ts';
import { KnownLists, isList } from './known-lists.ts';
import { LISTEN, type Listen, NewsStreams } from './news-streams.ts';
import { repeatable } from './repeatable.ts';

/** A request that waits for its answer, with no more of it than is needed again: it may wait for ever. */
export interface InFlight {
  readonly from: Sender;
  readonly id: IdText;
  readonly method: string;
  /** The text of its params, where the answer makes them something to remember. */
  readonly params: string | undefined;
  /** The frame that brought it, where another process can be asked the same. */
  readonly frame: RelayFrame | undefined;
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

/** What an answer is understood by. */
type Asked = Pick<InFlight, 'method' | 'params'>;
const STREAM: Asked = { method: LISTEN, params: undefined };

/** What opens a connection: it can be asked again of another process, and nothing goes without it. */
const OPENING: ReadonlySet<string> = new Set(['initialize', 'server/discover']);
/** What changes what a legacy server is to keep in mind. */
const KEPT: ReadonlySet<string> = new Set(['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']);

/** What of a client's requests stays true for a server's next process, and what waits for an answer. Pure. */
export class ClientMemory {
  readonly lists: KnownLists = new KnownLists();
  readonly #open: ExchangeTracker<InFlight>;
  readonly #listens: NewsStreams;
  readonly #subscribed = new Map<string, string>();
  #logLevel: string | undefined;
  #envelope: string | undefined;
  #handshake: Omit<Handshake, 'isConfirmed'> | undefined;
  #isConfirmed = false;
  /** True once the process answered something else than its handshake and lists. */
  #isProven = false;
  /** True once something was forgotten that the process still has. */
  #hasForgotten = false;

  /** `note` says in the record that there was too much to remember. */
  constructor(note: (text: string) => void) {
    this.#open = new ExchangeTracker(
      openBound({
        note,
        price: 'they are not answered in the place of a server that ends',
        sizeOf: ({ id, method, params, frame }) =>
          id.length + method.length + (params?.length ?? 0) + (frame?.bytes.length ?? 0),
        onForgotten: () => (this.#hasForgotten = true),
      }),
    );
    this.#listens = new NewsStreams(note, (id) =>
      this.#open.ask('client', id, { from: 'client', id, method: LISTEN, params: undefined, frame: undefined }),
    );
  }

  /** Takes a frame that the server's process was given. */
  sent(frame: RelayFrame): void {
    for (const message of frame.messages) this.#sent(message, frame);
  }

  /** Takes a frame that the server's process wrote, before the client has it. */
  received(frame: RelayFrame): void {
    for (const message of frame.messages) this.#received(message, frame);
  }

  /** What the client waits for, in order of asking: its streams of news apart, and what it called off. */
  get inFlight(): readonly InFlight[] {
    return this.#open.open.filter(({ from }) => from === 'client');
  }

  /** True where nothing is {@link inFlight}. */
  get isIdle(): boolean {
    return this.#open.openOf('client') === 0;
  }

  /** What the server's process asked the client and was not told. */
  get asked(): readonly InFlight[] {
    return this.#open.open.filter(({ from }) => from === 'server');
  }

  /** The client's streams of news. */
  get listens(): readonly Listen[] {
    return this.#listens.all;
  }

  /** True where the client was told that this stream of its own is open. */
  isAcknowledged(id: IdText): boolean {
    return this.#listens.find(id)?.isAcknowledged === true;
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

  /** False where no request of the client with this id waits for its answer. */
  mayWaitFor(id: IdText): boolean {
    return this.#hasForgotten || (this.#open.find('client', id) ?? this.#listens.find(id)) !== undefined;
  }

  /** The process is gone: nothing that waited for it waits any more, but the client's streams, which go on. */
  forget(): void {
    this.#open.clear();
    this.#hasForgotten = false;
    this.#isProven = false;
  }

  #sent(message: Message, frame: RelayFrame): void {
    switch (message.kind) {
      case 'request':
        if (message.method === LISTEN) this.#listens.ask(message, frame);
        else this.#ask(message, 'client', frame);
        this.#envelope ??= envelopeOf(message);
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
        if (message.method === 'notifications/subscriptions/acknowledged') this.#listens.acknowledged(message.params);
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

  #ask({ id, method, text }: RequestReading, from: Sender, frame: RelayFrame): void {
    const isOpening = OPENING.has(method);
    const isKept = from === 'client' && (isOpening || KEPT.has(method) || isList(method));
    const asked = {
      from,
      id: detached(id),
      method,
      params: isKept ? detached(memberText(text, 'params')) : undefined,
      frame: from === 'client' && isOpening ? repeatable(frame) : undefined,
    };
    this.#open.ask(from, asked.id, asked);
  }

  /** Some servers answer a number with a text and the reverse, and clients take it. */
  #answer(from: Sender, id: IdText): Asked | undefined {
    return this.#closed(from, id) ?? this.#closed(from, flippedId(id));
  }

  #closed(from: Sender, id: IdText): Asked | undefined {
    return this.#open.answer(from, id) ?? (this.#listens.answer(from, id) && STREAM);
  }

  #answered({ method, params }: Asked, answer: Message): void {
    this.lists.answered({ method, params }, answer);
    if (!OPENING.has(method) && !method.endsWith('/list')) this.#isProven = true;
    if (answer.kind !== 'result') return;
    switch (method) {
      case 'initialize':
        this.#handshake = {
          params,
          version: textIn(answer.result, 'protocolVersion'),
        };
        break;
      case 'logging/setLevel':
        this.#logLevel = params;
        break;
      case 'resources/subscribe':
        this.#subscribed.set(uriIn(params), params ?? '{}');
        break;
      case 'resources/unsubscribe':
        this.#subscribed.delete(uriIn(params));
        break;
      default:
    }
  }

  /** A side calls off what it asked; a server ends a stream of its client that way. */
  #cancelled(by: Sender, { params }: { readonly params: unknown }): void {
    const id = JSON.stringify(isObject(params) ? params['requestId'] : undefined) as IdText | undefined;
    if (id === undefined) return;
    // Nobody waits for it any more, and it may never be answered.
    if (this.#listens.answer('server', id) === undefined) this.#open.answer(peerOf(by), id);
  }
}

function uriIn(params: string | undefined): string {
  return textIn(params === undefined ? undefined : JSON.parse(params), 'uri') ?? '';
}

function envelopeOf({ params }: RequestReading): string | undefined {
  const meta = metaOf(params) ?? {};
  if (!(META_KEYS.protocolVersion in meta)) return undefined;
  const { protocolVersion, clientInfo, clientCapabilities } = META_KEYS;
  return JSON.stringify(
    Object.fromEntries([protocolVersion, clientInfo, clientCapabilities].map((key) => [key, meta[key]])),
  );
}
