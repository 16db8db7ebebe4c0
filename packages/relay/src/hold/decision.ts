import type { Sender } from '@mcp-dbg/wire';

/**
 * What a person decides about a held frame. Texts are sent as they are given, valid or not: JSON is joined to one line, of
 * anything else each line is a frame.
 */
export type Decision =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'edit'; readonly text: string }
  /** Answers a request in place of its peer, which never sees it. See {@link replyText} for what the text may be. */
  | { readonly kind: 'reply'; readonly text: string };

/**
 * What became of a held frame. `accepted`: it was passed on as it was, since somebody said so; `timeout`, since nobody
 * did in time; `ended`, since its sender ended or nothing can be held any more. `closed`: the relay ended, and it was
 * passed on to nobody.
 */
export type HoldEnd = 'accepted' | 'dropped' | 'edited' | 'answered' | 'timeout' | 'ended' | 'closed';

/** A frame that waits for a decision. */
export interface HeldFrame {
  /** Counts what was held from 1. */
  readonly number: number;
  readonly from: Sender;
  readonly bytes: Uint8Array;
  /** True where the bytes are ours already: another stage made or changed them. */
  readonly isOurs: boolean;
  /** What it is, in the words of the log. */
  readonly what: FrameSummary;
  /** When it goes on by itself, in milliseconds of the clock that the desk was given. */
  readonly dueMs: number;
}

/** What a frame is, in the words of the log. */
export interface FrameSummary {
  readonly kind: 'request' | 'notification' | 'response' | 'batch' | 'noise' | 'piece';
  /** The id of a request, or of what an answer answers, as JSON text that keeps its digits. */
  readonly id: string | undefined;
  /** The method, of an answer that of its request. */
  readonly method: string | undefined;
  readonly tool: string | undefined;
  /** How it went, of an answer. */
  readonly status: 'ok' | 'tool-error' | 'error' | 'cancelled' | 'orphan' | undefined;
}

/** What happens at a desk, for whoever watches. */
export type HoldEvent =
  /** A frame came by that is not held, or what was added; where it waits behind a held one, it is told when it goes on. */
  | {
      readonly kind: 'passed';
      readonly from: Sender;
      readonly bytes: Uint8Array;
      readonly isOurs: boolean;
      readonly what: FrameSummary;
    }
  | { readonly kind: 'held'; readonly held: HeldFrame }
  | {
      readonly kind: 'settled';
      readonly number: number;
      readonly how: HoldEnd;
      /** How long it was held, in milliseconds. */
      readonly ms: number;
    }
  /** Nothing is held any more, for this reason. */
  | { readonly kind: 'off'; readonly reason: string };
