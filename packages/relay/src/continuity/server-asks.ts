import { type IdText, type Message, flippedId, memberText } from '@mcp-dbg/wire';

import { notificationText, withMember } from '../message-text.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { InFlight } from './client-memory.ts';

/** Ids of called-off requests that are remembered of one process. */
const MAX_CALLED_OFF = 1000;

/**
 * Keeps apart what several processes of one server ask their client. An answer to a process that is gone is dropped; an
 * id that a dead process used, and that the client may still answer, is another when a new process uses it.
 */
export class ServerAsks {
  /** Ids of dead processes that the client has not answered. */
  readonly #dead = new Set<IdText>();
  /** What the process called off, which the client may answer nevertheless. */
  readonly #calledOff = new Set<IdText>();
  /** The ids that the client knows in place of those that the process uses. */
  readonly #renamed = new Map<IdText, IdText>();
  readonly #nextId: () => IdText;

  constructor(nextId: () => IdText) {
    this.#nextId = nextId;
  }

  /** The process is gone: calls off what it asked the client, for the client to stop what it does about it. */
  abandon(asked: readonly InFlight[]): readonly RelayFrame[] {
    this.#renamed.clear();
    for (const id of this.#calledOff) this.#dead.add(id);
    this.#calledOff.clear();
    return asked.map(({ request }) => {
      this.#dead.add(request.id);
      const params = `{"requestId":${request.id},"reason":"The server's process ended"}`;
      return RelayFrame.ours('server', notificationText('notifications/cancelled', params));
    });
  }

  /** A frame of the server as the client may see it: with another id where its own is taken. */
  toClient(frame: RelayFrame): RelayFrame {
    return changed(frame, (message) => this.#toClient(message)) ?? frame;
  }

  /** A frame of the client as the process is to get it; undefined where it answers a process that is gone. */
  toServer(frame: RelayFrame): RelayFrame | undefined {
    return changed(frame, (message) => this.#toServer(message));
  }

  #toClient(message: Message): string | undefined {
    const { text } = message;
    // A client may answer with the other type of an id, so that one is taken too.
    if (message.kind === 'request' && (this.#dead.has(message.id) || this.#dead.has(flippedId(message.id)))) {
      const id = this.#nextId();
      this.#renamed.set(id, message.id);
      return withMember(text, [], 'id', id);
    }
    if (message.kind !== 'notification' || message.method !== 'notifications/cancelled') return text;
    const own = requestIdOf(text);
    const id = [...this.#renamed].find(([, each]) => each === own)?.[0];
    this.#callOff(id ?? own);
    return id === undefined ? text : withMember(text, ['params'], 'requestId', id);
  }

  #toServer(message: Message): string | undefined {
    if (message.kind !== 'result' && message.kind !== 'error') return message.text;
    const { id, text } = message;
    if (take(this.#dead, id)) return undefined;
    take(this.#calledOff, id);
    const own = this.#renamed.get(id);
    if (own === undefined) return text;
    this.#renamed.delete(id);
    return withMember(text, [], 'id', own);
  }

  #callOff(id: IdText | undefined): void {
    if (id === undefined) return;
    this.#calledOff.add(id);
    const [oldest] = this.#calledOff;
    if (oldest !== undefined && this.#calledOff.size > MAX_CALLED_OFF) this.#calledOff.delete(oldest);
  }
}

/** Takes an id out, whichever of the two JSON types it has there. */
function take(ids: Set<IdText>, id: IdText): boolean {
  return ids.delete(id) || ids.delete(flippedId(id));
}

/**
 * A frame with other texts of its messages, those left out that have none: the same frame where nothing is another,
 * undefined where nothing is left.
 */
function changed(frame: RelayFrame, textFor: (message: Message) => string | undefined): RelayFrame | undefined {
  if (frame.messages.length === 0) return frame;
  const { reading } = frame;
  const items = reading.kind === 'batch' ? reading.items : frame.messages;
  const texts = items.map((item) => (item.kind === 'not-json-rpc' ? item.text : textFor(item)));
  if (texts.every((text, index) => text === items[index]?.text)) return frame;
  const left = texts.filter((text) => text !== undefined);
  if (left.length === 0) return undefined;
  return RelayFrame.ours(frame.from, reading.kind === 'batch' ? `[${left.join(',')}]` : left.join(''), frame.passage);
}

function requestIdOf(text: string): IdText | undefined {
  const params = memberText(text, 'params');
  return params === undefined ? undefined : memberText(params, 'requestId');
}
