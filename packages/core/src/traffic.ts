import { type Frame, type IdText, type Message, readFrame } from '@mcp-dbg/wire';

import { type Finding, LenientReader } from './lenient-reader.ts';
import { type Asked, OpenRequests } from './open-requests.ts';
import type { ConnectionEvent, ServerEvent } from './server-events.ts';

/** Gets every message of a server, and the request of ours that it answers. */
export type Receiver = (message: Message, answered: Asked | undefined) => void;

export interface TrafficOptions {
  readonly onEvent: (event: ServerEvent) => void;
  readonly ofLines: boolean;
}

/**
 * What the frames of one link mean, whatever carries them: each is told as an event, the messages of the server are
 * handed on, and every answer finds the request of ours that it belongs to. Knows JSON-RPC and nothing of MCP.
 */
export class Traffic {
  readonly #server: string;
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #reader: LenientReader;
  readonly #requests = new OpenRequests();
  #receive: Receiver | undefined;

  /** `ofLines` is true where frames are cut out of a stream at its newlines, and not sent one by one. */
  constructor(server: string, { onEvent, ofLines }: TrafficOptions) {
    this.#server = server;
    this.#reader = new LenientReader({ ofLines });
    this.#onEvent = onEvent;
  }

  /** Hands every message of the server to `receive` from now on, and to nobody else. Gives the way to stop that. */
  onMessage(receive: Receiver): () => void {
    this.#receive = receive;
    return () => {
      if (this.#receive === receive) this.#receive = undefined;
    };
  }

  /** Takes a frame that we write. */
  sent(frame: Frame): void {
    const reading = readFrame(frame.bytes);
    if (reading.kind === 'request') this.#requests.ask(reading);
    this.tell({ type: 'frame', frame, reading });
  }

  /**
   * Takes a frame of the server, and hands its messages on. `answers` is the request in whose answer it came, where that
   * is known: an error without an id is meant for it.
   */
  received(frame: Frame, answers?: IdText): void {
    const reading = readFrame(frame.bytes);
    this.tell({ type: 'frame', frame, reading });
    for (const { message, finding } of this.#reader.read(frame, reading)) {
      if (finding !== undefined) this.#find(frame, finding);
      this.#deliver(addressed(message, answers), frame);
    }
  }

  /** Takes a frame of the server that is to be seen and no more. */
  shown(frame: Frame): void {
    this.tell({ type: 'frame', frame, reading: readFrame(frame.bytes) });
  }

  /** True while a request of ours is not answered. */
  awaits(id: IdText): boolean {
    return this.#requests.has(id);
  }

  /** Forgets a request of ours that nobody waits for any more. */
  forget(id: IdText): void {
    this.#requests.forget(id);
  }

  /** What somebody waits for, in order of asking: a tool's name for a tool call, else the method. */
  get inFlight(): readonly string[] {
    return this.#requests.waiting.map(({ label }) => label);
  }

  tell(event: ConnectionEvent): void {
    this.#onEvent({ server: this.#server, ...event });
  }

  /** Tells what is wrong with a frame. Bytes that are not the server's own are no fault of it. */
  #find({ n, by }: Frame, finding: Finding): void {
    if (by === undefined) this.tell({ type: 'finding', n, ...finding });
  }

  #deliver(message: Message, frame: Frame): void {
    if (message.kind === 'request' && this.#requests.isEcho(message)) {
      const text = `The server sent our own request ${message.method} back; is it an MCP server?`;
      this.#find(frame, { rule: 'json-rpc/echo', message: text });
      return;
    }
    const isAnswer = message.kind === 'result' || message.kind === 'error';
    const { asked, finding } = isAnswer ? this.#requests.answer(message) : {};
    if (finding !== undefined) this.#find(frame, finding);
    this.#receive?.(message, asked);
  }
}

function addressed(message: Message, answers: IdText | undefined): Message {
  return message.kind === 'error' && message.id === 'null' && answers !== undefined
    ? { ...message, id: answers }
    : message;
}
