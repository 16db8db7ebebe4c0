import { ExchangeTracker, type IdText, type Message } from '@mcp-dbg/wire';

import { detached } from '../message-text.ts';
import { openBound } from '../open-bound.ts';
import type { RelayFrame } from '../relay-frame.ts';

/** A request of the client that is not answered. */
export interface UnansweredRequest {
  readonly id: IdText;
  readonly method: string;
}

interface Open extends UnansweredRequest {
  /** True where no answer is to come by itself, though the server may have given one. */
  isLost: boolean;
}

/** What the client waits for, by the lines that it has got: an answer that a fault took or spoiled is none. */
export class Unanswered {
  /** Of each id the request that was asked last. */
  readonly #open: ExchangeTracker<Open>;
  /** The frames of the line that was begun and has no end yet, each with what it says. */
  #line: (readonly Message[])[] = [];

  /** `note` says in the record that there was too much to remember. */
  constructor(note: (text: string) => void) {
    const price = 'where a fault took their answers they are not answered when the server ends';
    this.#open = new ExchangeTracker(openBound({ note, price, sizeOf: ({ id, method }) => id.length + method.length }));
  }

  /** Takes a frame as a peer wrote it, and what became of it. */
  take(frame: RelayFrame, became: readonly RelayFrame[]): void {
    const left = became.flatMap(({ messages }) => messages);
    for (const message of frame.messages) {
      if (frame.from === 'client' && message.kind === 'request') {
        const isLost = !left.some((each) => isAbout(each, message.id));
        const id = detached(message.id);
        this.forget(id);
        this.#open.ask('client', id, { id, method: message.method, isLost });
      } else if (frame.from === 'server' && isAnswer(message) && !left.some((each) => isAbout(each, message.id)))
        this.#lose(message.id);
    }
  }

  /** The client does not wait for it any more. */
  forget(id: string): void {
    this.#open.answer('server', id);
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
      if (line.length === 1) this.forget(message.id);
      else this.#lose(message.id);
    }
  }

  /** Takes out the requests to which no answer will come. */
  takeLost(): readonly UnansweredRequest[] {
    const lost = this.#open.open.filter(({ isLost }) => isLost);
    for (const { id } of lost) this.forget(id);
    return lost;
  }

  #lose(id: IdText): void {
    const open = this.#open.find('client', id);
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
