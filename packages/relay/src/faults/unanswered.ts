import type { IdText, Message } from '@mcp-dbg/wire';

import type { RelayFrame } from '../relay-frame.ts';

/** A request of the client that is not answered. */
export interface UnansweredRequest {
  readonly id: IdText;
  readonly method: string;
}

/** What the client waits for, by the lines that it has got: an answer that a fault took or spoiled is none. */
export class Unanswered {
  /** In order of asking; `isLost` where no answer is to come by itself, though the server may have given one. */
  readonly #open = new Map<IdText, { readonly method: string; isLost: boolean }>();
  /** The frames of the line that was begun and has no end yet, each with what it says. */
  #line: (readonly Message[])[] = [];

  /** Takes a frame as a peer wrote it, and what became of it. */
  take(frame: RelayFrame, became: readonly RelayFrame[]): void {
    const left = became.flatMap(({ messages }) => messages);
    for (const message of frame.messages) {
      if (frame.from === 'client' && message.kind === 'request') {
        const isLost = !left.some((each) => isAbout(each, message.id));
        this.#open.set(message.id, { method: message.method, isLost });
      } else if (frame.from === 'server' && isAnswer(message) && !left.some((each) => isAbout(each, message.id)))
        this.#lose(message.id);
    }
  }

  /** The client does not wait for it any more. */
  forget(id: string): void {
    this.#open.delete(id);
  }

  /** Takes what is passed on to the client. */
  passed(frame: RelayFrame): void {
    if (frame.passage?.isOnOwnLine === true) this.lineEnded();
    this.#line.push(frame.messages);
    if (frame.endsLine) this.lineEnded();
  }

  /** The line that the client got has its end. */
  lineEnded(): void {
    const line = this.#line;
    this.#line = [];
    for (const message of line.flat()) {
      if (!isAnswer(message)) continue;
      // Of what stands on one line with something else, the client can read nothing.
      if (line.length === 1) this.#open.delete(message.id);
      else this.#lose(message.id);
    }
  }

  /** Takes out the requests to which no answer will come. */
  takeLost(): readonly UnansweredRequest[] {
    const lost = [...this.#open].filter(([, { isLost }]) => isLost).map(([id, { method }]) => ({ id, method }));
    for (const { id } of lost) this.#open.delete(id);
    return lost;
  }

  #lose(id: IdText): void {
    const open = this.#open.get(id);
    if (open !== undefined) open.isLost = true;
  }
}

function isAnswer(message: Message): message is Extract<Message, { readonly kind: 'result' | 'error' }> {
  return message.kind === 'result' || message.kind === 'error';
}

/** True for the request itself and for an answer to it. */
function isAbout(message: Message, id: IdText): boolean {
  return message.kind !== 'notification' && message.id === id;
}
