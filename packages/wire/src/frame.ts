/** Who put bytes on the wire. A server's stderr is not part of the wire; captures keep it beside these two. */
export type Sender = 'client' | 'server';

/** The other end of the wire. */
export function peerOf(sender: Sender): Sender {
  return sender === 'client' ? 'server' : 'client';
}

/** One line as it crossed the wire. `bytes` is the truth; everything else is a reading of it. */
export interface Frame {
  /** Counts the frames of one connection from 1, in order of first byte, both senders together. */
  readonly n: number;
  readonly from: Sender;
  /** Microseconds on the observer's clock when the first byte was seen. */
  readonly us: number;
  /** Microseconds on the same clock when the last byte was seen. */
  readonly endUs: number;
  /** The line without its newline; a carriage return before the newline is kept. */
  readonly bytes: Uint8Array;
  /** False when the stream ended before the newline came. */
  readonly terminated: boolean;
  /** Whose bytes they are, or some of them, where they are not the sender's own: who originated or changed them. */
  readonly by?: string | undefined;
}
