import type { IdText, Message } from '@mcp-dbg/wire';

import { requestText } from '../message-text.ts';
import { RelayFrame } from '../relay-frame.ts';

type Answered = (answer: Message) => void;

/** What we ask a server's process ourselves. Its answers are not for the client. */
export class OwnRequests {
  readonly #open = new Map<IdText, Answered>();
  readonly #mark: string;
  #last = 0;

  /** `mark` stands in every id: something that no client would think of. */
  constructor(mark: string) {
    this.#mark = mark;
  }

  /** Makes a request with an id that nobody used before. `params` is the text of a JSON object. */
  ask(method: string, params: string | undefined, answered: Answered): RelayFrame {
    const id = this.nextId();
    this.#open.set(id, answered);
    return RelayFrame.ours('client', requestText(id, method, params));
  }

  nextId(): IdText {
    return JSON.stringify(`mcp-dbg-${this.#mark}-${++this.#last}`);
  }

  /** What is to be done with a frame of the server that answers a request of ours; undefined where it does not. */
  take(frame: RelayFrame): (() => void) | undefined {
    const { messages } = frame;
    const [message] = messages;
    if (messages.length !== 1 || message === undefined) return undefined;
    if (message.kind !== 'result' && message.kind !== 'error') return undefined;
    const answered = this.#open.get(message.id);
    this.#open.delete(message.id);
    return answered && (() => answered(message));
  }

  /** The process is gone: nothing is answered any more. */
  forget(): void {
    this.#open.clear();
  }
}
