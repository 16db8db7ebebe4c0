import { META_KEYS, metaOf } from '@mcp-dbg/protocol';

import { isObject } from '../json-object.ts';
import { notificationText } from '../message-text.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { ServerEnd } from '../server-end.ts';
import { ClientMemory, type InFlight } from './client-memory.ts';
import { type EndCause, lostAnswer } from './lost-answer.ts';
import { OwnRequests } from './own-requests.ts';
import { ServerAsks } from './server-asks.ts';

/** What becomes of a frame between a client and one of several processes of its server. */
export type Ruling =
  /** It goes on; `why` says what was changed of it. */
  | { readonly kind: 'pass'; readonly frame: RelayFrame; readonly why?: string }
  /** The server does not get it. */
  | { readonly kind: 'drop'; readonly why: string }
  /** It is for us, not for the client; `act` is what it leads to. */
  | { readonly kind: 'keep'; readonly why: string; readonly act?: () => void };

/** What a dead process leaves to be done. */
export interface Legacy {
  /** What the client is told. */
  readonly toClient: readonly RelayFrame[];
  /** What is asked again of the next process. */
  readonly again: readonly RelayFrame[];
  /** The methods of the requests that were answered in the server's place. */
  readonly answered: readonly string[];
  /** True where the process had answered something else than its handshake and lists. */
  readonly isProven: boolean;
}

/** Keeps what a client and the processes of its server believe of each other in step. Pure: it passes nothing on itself. */
export class Continuity {
  readonly memory: ClientMemory;
  readonly own: OwnRequests;
  readonly #asks: ServerAsks;
  #hasLost = false;

  /**
   * `mark` stands in the ids of our own requests: something that no client would think of. `note` says in the record what
   * is too much to be kept in mind.
   */
  constructor(mark: string, note: (text: string) => void) {
    this.memory = new ClientMemory(note);
    this.own = new OwnRequests(mark);
    this.#asks = new ServerAsks(() => this.own.nextId(), note);
  }

  /** What becomes of a frame of the client. What cannot be judged goes on as it is. */
  fromClient(frame: RelayFrame): Ruling {
    return judged(frame, () => this.#judgeClient(frame));
  }

  /** What becomes of a frame of the server. What cannot be judged goes on as it is. */
  fromServer(frame: RelayFrame): Ruling {
    return judged(frame, () => this.#judgeServer(frame));
  }

  /** Takes note of a frame that the server's process was given. */
  sent(frame: RelayFrame): void {
    judged(frame, () => {
      this.memory.sent(frame);
      return { kind: 'pass', frame };
    });
  }

  #judgeClient(frame: RelayFrame): Ruling {
    const passed = this.#asks.toServer(frame);
    if (passed === undefined) {
      return { kind: 'drop', why: 'An answer to a process of the server that is gone was not passed on' };
    }
    const id = calledOff(frame);
    if (id !== undefined && this.#hasLost && !this.memory.mayWaitFor(id)) {
      return { kind: 'drop', why: 'It calls off what no process of the server has' };
    }
    return { kind: 'pass', frame: passed };
  }

  #judgeServer(frame: RelayFrame): Ruling {
    const answered = this.own.take(frame);
    if (answered !== undefined) return { kind: 'keep', why: 'it answers a request of ours', act: answered };
    if (this.#isKnownNews(frame)) return { kind: 'keep', why: 'the client knows it' };
    const passed = this.#asks.toClient(frame);
    this.memory.received(passed);
    if (passed === frame) return { kind: 'pass', frame };
    return { kind: 'pass', frame: passed, why: 'The id of the next frame was one that the client still has' };
  }

  /**
   * The process is gone. What opens a connection is asked again, where that makes sense; all else that waited is answered
   * now, and what the server asked is called off.
   */
  lose(end: ServerEnd, cause: EndCause, asksAgain: boolean): Legacy {
    this.#hasLost = true;
    const { inFlight, asked, isProven } = this.memory;
    const isAskedAgain = ({ frame }: InFlight): boolean => asksAgain && frame !== undefined;
    const lost = inFlight.filter((each) => !isAskedAgain(each));
    const answers = lost.map((each) => lostAnswer(each, end, cause, asksAgain));
    const legacy: Legacy = {
      toClient: [...answers, ...this.#asks.abandon(asked)],
      again: inFlight.filter((each) => isAskedAgain(each)).flatMap((each) => this.#again(each)),
      answered: lost.map(({ method }) => method),
      isProven,
    };
    this.memory.forget();
    this.own.forget();
    return legacy;
  }

  /** What opens a connection, and what the client said at once behind it. */
  #again({ frame, method }: InFlight): readonly RelayFrame[] {
    if (frame === undefined) return [];
    if (method !== 'initialize' || !this.memory.isConfirmed) return [frame];
    return [frame, RelayFrame.ours('client', notificationText('notifications/initialized'))];
  }

  /** True for what tells a client once more that a stream of its own is open. */
  #isKnownNews(frame: RelayFrame): boolean {
    const [message] = frame.messages;
    if (message?.kind !== 'notification' || message.method !== 'notifications/subscriptions/acknowledged') return false;
    const id = JSON.stringify(metaOf(message.params)?.[META_KEYS.subscriptionId]);
    return this.memory.isAcknowledged(id);
  }
}

/** What a peer writes can be too deep to be looked into; that must never end the connection. */
function judged(frame: RelayFrame, judge: () => Ruling): Ruling {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'pass', frame, why: `What it says could not be looked into: ${error.message}` };
  }
}

/** The id of the request that a frame calls off; undefined where it says something else, or something beside that. */
export function calledOff(frame: RelayFrame): string | undefined {
  const [message] = frame.messages;
  if (frame.messages.length !== 1 || message?.kind !== 'notification' || message.method !== 'notifications/cancelled')
    return undefined;
  const id = isObject(message.params) ? message.params['requestId'] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? JSON.stringify(id) : undefined;
}
