import { RelayFrame } from '../relay-frame.ts';

/**
 * A frame that can be said again by itself: without the bytes that were read along with it, and without the way in which it
 * was written, which was for the process that is gone. Undefined where it says something else, too.
 */
export function repeatable({ from, bytes, by, messages }: RelayFrame): RelayFrame | undefined {
  return messages.length === 1 ? new RelayFrame(from, new Uint8Array(bytes), { by }) : undefined;
}
