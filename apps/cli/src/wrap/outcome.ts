import type { Place } from './places.ts';
import type { capturesOf } from './proxy-words.ts';

/** What became of an entry. */
export interface Outcome {
  readonly place: Place;
  readonly change: 'wrapped' | 'rewrapped' | 'unwrapped' | 'already-wrapped' | 'not-wrapped';
  /** What it starts afterwards. */
  readonly argv: readonly string[];
  /** Where it is recorded afterwards; undefined where it is not. */
  readonly captures: ReturnType<typeof capturesOf>;
  /** The options of its proxy afterwards, and before; undefined where it has none. */
  readonly options: readonly string[] | undefined;
  readonly optionsBefore: readonly string[] | undefined;
}

/** True where the entry was changed to start the proxy. */
export function isWrap({ change }: Outcome): boolean {
  return change === 'wrapped' || change === 'rewrapped';
}
