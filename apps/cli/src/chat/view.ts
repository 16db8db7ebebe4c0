import type { LoopEvent, ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';

/** Shows a chat. What it is told it shows at once, in order. */
export interface View {
  /** Whether the raw JSON-RPC is shown. */
  verbose: boolean;
  /** `sighting` tells of a frame what it is. */
  server(event: ServerEvent, sighting: Sighting | undefined): void;
  /** `isByHand` where a person made the call and wants to see all of its result. */
  loop(event: LoopEvent, isByHand?: boolean): void;
  /** A query goes to the model now. */
  asked(): void;
  /** Shows what a command of the chat found out. */
  found(text: string): void;
  /** A sentence of ours to the person. */
  say(text: string): void;
  /** A sentence of ours about something that went wrong. */
  warn(text: string): void;
  /** Told when the program starts to wait, and for what; undefined when it no longer does. */
  waiting(what: string | undefined): void;
}
