/** What is asked of a frame itself, and only now and then. */
export interface FrameReader<F> {
  /** How many bytes are held for it. */
  sizeOf(frame: F): number;
  /** What all rounds of the call that this request makes have in common; undefined where there are none. */
  callOf(frame: F): string | undefined;
}
