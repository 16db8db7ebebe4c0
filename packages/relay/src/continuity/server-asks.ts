import { ExchangeTracker, type IdText, type Message, flippedId, memberText } from '@mcp-dbg/wire';

import { changedFrame } from '../changed-frame.ts';
import { detached, notificationText, withMember } from '../message-text.ts';
import { openBound } from '../open-bound.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { InFlight } from './client-memory.ts';

/**
 * Keeps apart what several processes of one server ask their client. An answer to a process that is gone is dropped; an
 * id that a dead process used, and that the client may still answer, is another when a new process uses it.
 */
export class ServerAsks {
  /** Ids of dead processes that the client has not answered. */
  readonly #dead: ExchangeTracker<IdText>;
  /** What the process called off, which the client may answer nevertheless. */
  readonly #calledOff: ExchangeTracker<IdText>;
  /** By the ids that the client knows, those that the process uses in place of them. */
  readonly #renamed: ExchangeTracker<IdText>;
  /** The ids that the client knows, by those that the process uses; it may call off what is answered already. */
  readonly #known = new Map<IdText, IdText>();
  readonly #nextId: () => IdText;

  /** `note` says in the record that there was too much to remember. */
  constructor(nextId: () => IdText, note: (text: string) => void) {
    this.#nextId = nextId;
    const price =
      'a late answer may be passed on to a process that did not ask for it, or under an id that it does not know';
    const bound = openBound<IdText>({ note, price, sizeOf: (id) => id.length });
    this.#dead = new ExchangeTracker(bound);
    this.#calledOff = new ExchangeTracker(bound);
    this.#renamed = new ExchangeTracker({
      ...bound,
      onForgotten: (ids, asker) => {
        for (const id of ids) this.#known.delete(id);
        bound.onForgotten?.(ids, asker);
      },
    });
  }

  /** The process is gone: calls off what it asked the client, for the client to stop what it does about it. */
  abandon(asked: readonly InFlight[]): readonly RelayFrame[] {
    this.#renamed.clear();
    this.#known.clear();
    for (const id of this.#calledOff.clear()) add(this.#dead, id);
    return asked.map(({ id }) => {
      add(this.#dead, id);
      const params = `{"requestId":${id},"reason":"The server's process ended"}`;
      return RelayFrame.ours('server', notificationText('notifications/cancelled', params));
    });
  }

  /** A frame of the server as the client may see it: with another id where its own is taken. */
  toClient(frame: RelayFrame): RelayFrame {
    return changedFrame(frame, (message) => this.#toClient(message)) ?? frame;
  }

  /** A frame of the client as the process is to get it; undefined where it answers a process that is gone. */
  toServer(frame: RelayFrame): RelayFrame | undefined {
    return changedFrame(frame, (message) => this.#toServer(message));
  }

  #toClient(message: Message): string | undefined {
    const { text } = message;
    // A client may answer with the other type of an id, so that one is taken too.
    if (message.kind === 'request' && (has(this.#dead, message.id) || has(this.#dead, flippedId(message.id)))) {
      const id = this.#nextId();
      const own = detached(message.id);
      this.#renamed.ask('server', id, own);
      this.#known.set(own, id);
      return withMember(text, [], 'id', id);
    }
    if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return text;
    const own = requestIdOf(text);
    const id = own === undefined ? undefined : this.#known.get(own);
    const calledOff = id ?? own;
    if (calledOff !== undefined) add(this.#calledOff, detached(calledOff));
    return id === undefined ? text : withMember(text, ['params'], 'requestId', id);
  }

  #toServer(message: Message): string | undefined {
    if (message.kind !== 'result' && message.kind !== 'error') return message.text;
    const { id, text } = message;
    if (take(this.#dead, id)) return undefined;
    take(this.#calledOff, id);
    const own = this.#renamed.answer('client', id);
    return own === undefined ? text : withMember(text, [], 'id', own);
  }
}

function has(ids: ExchangeTracker<IdText>, id: IdText): boolean {
  return ids.find('server', id) !== undefined;
}

/** Adds an id where it is not in there. */
function add(ids: ExchangeTracker<IdText>, id: IdText): void {
  if (!has(ids, id)) ids.ask('server', id, id);
}

/** Takes an id out, whichever of the two JSON types it has there. */
function take(ids: ExchangeTracker<IdText>, id: IdText): boolean {
  return (ids.answer('client', id) ?? ids.answer('client', flippedId(id))) !== undefined;
}

function requestIdOf(text: string): IdText | undefined {
  const params = memberText(text, 'params');
  return params === undefined ? undefined : memberText(params, 'requestId');
}
