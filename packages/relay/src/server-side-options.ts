import type { Observer, ServerCommand } from '@mcp-dbg/proxy';

import type { RelayEvent } from './relay-event.ts';
import type { RelayFrame } from './relay-frame.ts';
import type { AnswerLost } from './stage.ts';

/** What the server's side of a relay is given. */
export interface ServerSideOptions {
  readonly command: ServerCommand;
  /** Makes the observers of one process. */
  readonly observe: () => readonly Observer<RelayEvent>[];
  /** Whether another process is started when one ends. */
  readonly restarts: boolean;
  readonly toClient: (frame: RelayFrame) => void;
  readonly onStderr: (bytes: Uint8Array) => boolean;
  /** Whether frames of the server are wanted now. */
  readonly wants: () => boolean;
  /** The process takes more after it had taken no more. */
  readonly onDrain: () => void;
  readonly onFull: () => void;
  /** So many more bytes of the client's wait here (fewer, where negative). */
  readonly holds: (bytes: number) => void;
  /** Says what happens, in a sentence. */
  readonly tell: (sentence: string) => void;
  /** A process has ended its output, which is not on record yet. */
  readonly onOutputEnd: () => void;
  /** The last process has ended, which is not on record yet: what is still held of the server can stand before that. */
  readonly onLast: () => void;
  /** A process has ended, what waited for it was answered, and another takes its place. */
  readonly onDied: (answer: AnswerLost) => void;
}
