import type { IdText, Sender } from '@mcp-dbg/wire';

import type { FaultEvent, NoteEvent } from './relay-event.ts';
import type { RelayFrame } from './relay-frame.ts';

/**
 * One station between the client and the server. Every frame of both directions comes by, and the stage decides what
 * goes on: the frame, another, several, none, or any of that later. The stages of a relay stand in a row:
 * `client ⇄ faults ⇄ hold ⇄ tools ⇄ server`.
 */
export interface Stage {
  fromClient(frame: RelayFrame): void;
  fromServer(frame: RelayFrame): void;
  /** No frame of this sender comes any more: what is held of it is let go now. */
  ended?(sender: Sender): void;
  /**
   * The server's process writes no more: what is held of it is let go now, and so stands before that end on record. Another
   * process may take its place.
   */
  flush?(): void;
  /**
   * The server's process is gone, what waited for it was answered, and another takes its place. `answer` is for what waits
   * for it all the same, since a stage took the answer away. What is passed on now is on record before the end of the process.
   */
  died?(answer: AnswerLost): void;
  /** Gives up timers and all that is held; nothing is passed on any more. */
  close?(): void;
}

/** Makes the answer to a request of the client's which the server's process can give no more. */
export type AnswerLost = (request: { readonly id: IdText; readonly method: string }) => RelayFrame;

/** What a stage is given: the way to both peers, and what can be done beside passing frames on. */
export interface StageContext {
  /** Passes a frame on towards the server. */
  toServer(frame: RelayFrame): void;
  /** Passes a frame on towards the client. */
  toClient(frame: RelayFrame): void;
  /** Records what was done on purpose, before what it led to is passed on. */
  record(event: FaultEvent | NoteEvent): void;
  /** Records a frame of the client's that goes no further, such as a request that the stage answers itself. */
  show(frame: RelayFrame): void;
  /**
   * Tells that the stage holds so many more bytes of a sender (fewer, where negative). Past a limit that sender is not
   * read any more, so nothing that must go on may wait for its next frame.
   */
  holds(from: Sender, bytes: number): void;
  readonly server: ServerControl;
}

/** What a stage can do to the server's process. */
export interface ServerControl {
  /** The process in use; undefined while there is none. */
  readonly pid: number | undefined;
  /** Sends the process group a signal. `as` is the code with which it then seems to have exited by itself. */
  kill(signal: NodeJS.Signals, as?: { readonly code: number }): void;
  /** Closes one direction: `server` for the end of the server's output, `client` for the end of its input. */
  endOf(sender: Sender): void;
  /** Writes so many bytes of lines as if the server had written them to its stderr, no faster than they are read. */
  floodStderr(bytes: number): void;
  /** From now on the server is not told that the client ended, nor given the signals to end (SIGKILL still comes). */
  ignoreShutdown(): void;
  /** Ends the process in good order and starts it again, where the relay can; resolves when the new one can be used. */
  restart(reason: string): Promise<void>;
}

/** What can be done to the server from outside the row of stages. */
export interface RunningServer extends ServerControl {
  /** Records something that we have to say. */
  note(text: string): void;
}

/** Makes a stage of a relay. */
export type MakeStage = (context: StageContext) => Stage;
