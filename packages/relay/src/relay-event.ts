import type { ProcessEvent } from '@mcp-dbg/proxy';
import type { Sender } from '@mcp-dbg/wire';

/** A fault was put into the traffic on purpose. What is passed on in place of the original follows as reads. */
export interface FaultEvent {
  readonly kind: 'fault';
  /** Whose frame it was done to, or who seems to have done it. */
  readonly from: Sender;
  /** What was done, such as `delay=2s`. */
  readonly action: string;
  /** The rule that fired, as it was given. */
  readonly rule: string;
  /** The frame as it came, with its newline; absent where the firing has none. */
  readonly original?: Uint8Array;
}

/** Something that we have to say about the traffic, and the frame it is about where that was not passed on as it came. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly text: string;
  readonly from?: Sender;
  readonly original?: Uint8Array;
}

/** What happens to one server process behind a relay, and what the relay does to its traffic. */
export type RelayEvent = ProcessEvent | FaultEvent | NoteEvent;
