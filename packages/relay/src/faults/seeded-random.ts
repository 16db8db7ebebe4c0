/** The largest seed. */
export const MAX_SEED: number = 2 ** 32 - 1;

/** Gives numbers from 0 up to 1 that look like chance and are the same for the same seed. */
export type Random = () => number;

/** Makes the chance of one rule, so that a rule more or less does not change what the others do. */
export function seededRandom(seed: number, rule: number): Random {
  // The generator known as mulberry32: 32 bits of state are plenty for choosing frames.
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(rule + 1, 0x9e3779b9)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
