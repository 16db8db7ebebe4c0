import type { Placed } from '@mcp-dbg/protocol';
import type { Frame } from '@mcp-dbg/wire';

/** Where the bytes of frames are. */
export interface FrameBytes<F extends Placed> {
  /** Bytes of a frame as it crossed the wire, newline included. */
  sizeOf(frame: F): number;
  /** The bytes themselves, without the newline. */
  bytesOf(frame: F): Uint8Array;
}

/** Of frames that hold their bytes. */
export const wholeBytes: FrameBytes<Frame> = {
  sizeOf: ({ bytes, terminated }) => bytes.length + (terminated ? 1 : 0),
  bytesOf: ({ bytes }) => bytes,
};
