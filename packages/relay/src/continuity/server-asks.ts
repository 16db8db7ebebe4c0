import { type IdText, type Message, memberText } from '@mcp-dbg/wire';

import { notificationText, withMember } from '../message-text.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { InFlight } from './client-memory.ts';

/**
 * Keeps apart what several processes of one server ask their client. An answer to a process that is gone is dropped; an
 * id that a dead process used, and that the client may still answer, is another when a new process uses it.
 */
export class ServerAsks {
  /** Ids of dead processes that the client has not answered. */
  readonly #dead = new Set<IdText>();
  /** The ids that the client knows in place of those that the process uses. */
  readonly #renamed = new Map<IdText, IdText>();
  readonly #nextId: () => IdText;

  constructor(nextId: () => IdText) {
    this.#nextId = nextId;
  }

  /** The process is gone: calls off what it asked the client, for the client to stop what it does about it. */
  abandon(asked: readonly InFlight[]): readonly RelayFrame[] {
    this.#renamed.clear();
    return asked.map(({ request }) => {
      this.#dead.add(request.id);
      const params = `{"requestId":${request.id},"reason":"The server's process ended"}`;
      return RelayFrame.ours('server', notificationText('notifications/cancelled', params));
    });
  }

  /** A frame of the server as the client may see it: with another id where its own is taken. */
  toClient(frame: RelayFrame): RelayFrame {
    if (this.#dead.size === 0 && this.#renamed.size === 0) return frame;
    const message = only(frame);
    if (message?.kind === 'request' && this.#dead.has(message.id)) {
      const id = this.#nextId();
      this.#renamed.set(id, message.id);
      return withText(frame, withMember(message.text, [], 'id', id));
    }
    if (message?.kind !== 'notification' || message.method !== 'notifications/cancelled') return frame;
    const id = [...this.#renamed].find(([, own]) => own === requestIdOf(message.text))?.[0];
    return id === undefined ? frame : withText(frame, withMember(message.text, ['params'], 'requestId', id));
  }

  /** A frame of the client as the process is to get it; undefined where it answers a process that is gone. */
  toServer(frame: RelayFrame): RelayFrame | undefined {
    const message = only(frame);
    if (message?.kind !== 'result' && message?.kind !== 'error') return frame;
    if (this.#dead.delete(message.id)) return undefined;
    const own = this.#renamed.get(message.id);
    if (own === undefined) return frame;
    this.#renamed.delete(message.id);
    return withText(frame, withMember(message.text, [], 'id', own));
  }
}

function only(frame: RelayFrame): Message | undefined {
  const { messages } = frame;
  return messages.length === 1 ? messages[0] : undefined;
}

function withText(frame: RelayFrame, text: string | undefined): RelayFrame {
  return text === undefined ? frame : RelayFrame.ours(frame.from, text);
}

function requestIdOf(text: string): IdText | undefined {
  const params = memberText(text, 'params');
  return params === undefined ? undefined : memberText(params, 'requestId');
}
