import { frameText } from '../export/frame-text.ts';
import type { CrashFrame } from './crash-report.ts';
import type { KeptFrame } from './kept-traffic.ts';

/** Frames that a report holds at most, bytes of each, and bytes of all of them as they are written. */
const MAX_FRAMES = 50;
const MAX_FRAME = 64 * 1024;
const MAX_ALL = 1024 * 1024;

/** Takes frames into a report, as long as there is room: the first ones taken have it. */
export class CrashFrames {
  readonly #endUs: number;
  #left = MAX_ALL;

  /** The end of the process, in microseconds on the clock of the frames. */
  constructor(endUs: number) {
    this.#endUs = endUs;
  }

  /** The last frames that there is room for, in order. */
  lastOf(frames: readonly KeptFrame[]): readonly CrashFrame[] {
    const taken: CrashFrame[] = [];
    for (const frame of frames.slice(-MAX_FRAMES).toReversed()) {
      const one = this.take(frame);
      if (one === undefined) break;
      taken.push(one);
    }
    return taken.toReversed();
  }

  /** One frame; undefined where there is no room for it. */
  take({ n, from, by, endUs, bytes, size }: KeptFrame): CrashFrame | undefined {
    const kept = beginning(bytes);
    const { text = null, base64 } = frameText(kept);
    const written = JSON.stringify(text ?? base64).length;
    if (written > this.#left) return undefined;
    this.#left -= written;
    const msBeforeEnd = Math.max(0, this.#endUs - endUs) / 1000;
    const rest = { raw: text, ...(base64 !== undefined && { rawBase64: base64 }) };
    return { n, from, by: by ?? null, msBeforeEnd, bytes: size, isCut: kept.length < size, ...rest };
  }
}

/** As much of a line as a report holds, without a character that is cut in the middle. */
function beginning(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= MAX_FRAME) return bytes;
  let end = MAX_FRAME;
  // The bytes of a character behind its first begin with the bits 10.
  while (end > MAX_FRAME - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
