import type { Sender } from '@mcp-dbg/wire';

import type { RelayFrame } from './relay-frame.ts';
import type { AnswerLost, MakeStage, ServerControl, Stage } from './stage.ts';
import type { FaultEvent, NoteEvent } from './relay-event.ts';

/** Bytes of one sender that may be held between the peers before it is not read any more. */
const MAX_HELD: number = 16 * 1024 * 1024;

/** What stands at both ends of a row, and beside it. */
export interface RowEnds {
  readonly toClient: (frame: RelayFrame) => void;
  readonly toServer: (frame: RelayFrame) => void;
  readonly record: (event: FaultEvent | NoteEvent) => void;
  readonly show: (frame: RelayFrame) => void;
  /** Told when so much of a sender is held that it is not to be read any more, and when it is again. */
  readonly onHeld: (from: Sender, isFull: boolean) => void;
  readonly server: ServerControl;
}

/** The stages between a client and a server, from the client's side on, each wired to its neighbours. */
export class StageRow {
  readonly #stages: readonly Stage[];
  readonly #ends: RowEnds;
  readonly #held: Record<Sender, number> = { client: 0, server: 0 };

  constructor(makes: readonly MakeStage[], ends: RowEnds) {
    this.#ends = ends;
    const stages: Stage[] = [];
    const { record, show, server } = ends;
    for (const [index, make] of makes.entries()) {
      stages.push(
        make({
          toClient: (frame) => this.#toClient(frame, stages[index - 1]),
          toServer: (frame) => this.#toServer(frame, stages[index + 1]),
          record,
          show,
          holds: (from, bytes) => this.holds(from, bytes),
          server,
        }),
      );
    }
    this.#stages = stages;
  }

  /** Takes a frame of the client. */
  fromClient(frame: RelayFrame): void {
    this.#toServer(frame, this.#stages[0]);
  }

  /** Takes a frame of the server. */
  fromServer(frame: RelayFrame): void {
    this.#toClient(frame, this.#stages.at(-1));
  }

  /** Tells that so many more bytes of a sender wait somewhere; fewer, where negative. */
  holds(from: Sender, bytes: number): void {
    const before = this.#held[from];
    this.#held[from] = before + bytes;
    const isFull = before + bytes > MAX_HELD;
    if (isFull !== before > MAX_HELD) this.#ends.onHeld(from, isFull);
  }

  /** No frame of this sender comes any more: the stages let go of what they hold, those that its frames reach first first. */
  ended(sender: Sender): void {
    for (const stage of this.#along(sender)) stage.ended?.(sender);
  }

  /** The server's process writes no more: what is held of it goes on. */
  flush(): void {
    for (const stage of this.#along('server')) stage.flush?.();
  }

  /** The server's process is gone, and another takes its place. */
  died(answer: AnswerLost): void {
    for (const stage of this.#along('server')) {
      // What waited for it was answered, and that may be held.
      stage.flush?.();
      stage.died?.(answer);
    }
  }

  close(): void {
    for (const stage of this.#stages) stage.close?.();
  }

  #along(sender: Sender): readonly Stage[] {
    return sender === 'client' ? this.#stages : this.#stages.toReversed();
  }

  #toClient(frame: RelayFrame, next: Stage | undefined): void {
    if (next === undefined) this.#ends.toClient(frame);
    else next.fromServer(frame);
  }

  #toServer(frame: RelayFrame, next: Stage | undefined): void {
    if (next === undefined) this.#ends.toServer(frame);
    else next.fromClient(frame);
  }
}
