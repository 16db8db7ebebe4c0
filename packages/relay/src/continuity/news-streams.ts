import { META_KEYS, metaOf } from '@mcp-dbg/protocol';
import { ExchangeTracker, type IdText, type RequestReading, type Sender } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';
import { detached } from '../message-text.ts';
import { openBound } from '../open-bound.ts';
import type { RelayFrame } from '../relay-frame.ts';
import { newsIn } from './known-lists.ts';
import { repeatable } from './repeatable.ts';

/** The request that opens a stream of news. */
export const LISTEN = 'subscriptions/listen';

/** A stream of news that a modern client opened: it has no answer as long as it lives. */
export interface Listen {
  readonly id: IdText;
  /** The frame that opened it; undefined where that said something else, too. */
  readonly frame: RelayFrame | undefined;
  /** What of lists it is about, as the lists that are known name it. */
  readonly news: readonly string[];
  /** True once the client was told that the server listens. */
  isAcknowledged: boolean;
}

/** The streams of news that a client has open: they outlive a process. Pure. */
export class NewsStreams {
  readonly #open: ExchangeTracker<Listen>;

  /** `note` says in the record that there are too many; `onForgotten` takes the ids of those that are not opened again. */
  constructor(note: (text: string) => void, onForgotten: (id: IdText) => void) {
    this.#open = new ExchangeTracker(
      openBound({
        note,
        price: 'such streams of news are not opened again where a server ends',
        sizeOf: ({ id, frame }) => id.length + (frame?.bytes.length ?? 0),
        onForgotten: (forgotten) => {
          for (const { id } of forgotten) onForgotten(id);
        },
      }),
    );
  }

  get all(): readonly Listen[] {
    return this.#open.open;
  }

  find(id: IdText): Listen | undefined {
    return this.#open.find('client', id);
  }

  /** Takes the request for one, in its frame. Asked again of another process it stays the stream that the client knows. */
  ask({ id: text, params }: RequestReading, frame: RelayFrame): void {
    const id = detached(text);
    const news = newsIn(isObject(params) ? params['notifications'] : undefined);
    const isAcknowledged = this.answer('server', id)?.isAcknowledged ?? false;
    this.#open.ask('client', id, { id, frame: repeatable(frame), news, isAcknowledged });
  }

  /** Takes that one ends; undefined where there is none of this id, or it is not for this peer to answer. */
  answer(from: Sender, id: IdText): Listen | undefined {
    return this.#open.answer(from, id);
  }

  /** Takes that the client is told of the server that listens. */
  acknowledged(params: unknown): void {
    const listen = this.find(JSON.stringify(metaOf(params)?.[META_KEYS.subscriptionId]));
    if (listen !== undefined) listen.isAcknowledged = true;
  }
}
