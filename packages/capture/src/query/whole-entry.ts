import type { Entry } from '../entry.ts';
import type { Spot } from '../scan/spot.ts';
import type { Spots } from '../scan/spots.ts';

/** The entry with its frames. */
export function wholeEntry(entry: Entry<Spot>, spots: Spots): Entry {
  if (entry.kind !== 'exchange') return entry;
  const { frame, answer } = entry.exchange;
  const exchange = {
    ...entry.exchange,
    frame: spots.frameOf(frame),
    answer: answer === undefined ? undefined : spots.frameOf(answer),
  };
  return { ...entry, exchange };
}
