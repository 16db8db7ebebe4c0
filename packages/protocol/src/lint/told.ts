import type { Place, Report } from './check.ts';

/** Breaches of one family that are remembered; a peer with more has told enough. */
const MAX_TOLD = 2000;

/** Characters of a word that tell it from others; some are names that a peer chose. */
const MAX_WORD = 200;

/** Remembers what was told, so that a habit is told once and not with every frame. */
export class Told {
  readonly #told = new Set<string>();

  /** True the first time for these words, and no more once too much was told. */
  isNew(...about: readonly string[]): boolean {
    const key = about.map((word) => word.slice(0, MAX_WORD)).join('\n');
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return false;
    this.#told.add(key);
    return true;
  }
}

/** As a report, but what a side does again and again is told once. `about` is what tells two breaches of a rule apart. */
export type ReportOnce<Id extends string> = (rule: Id, place: Place, message: string, about?: string) => void;

/** A report that tells each breach once for each side and version: a rule that does not hold in one may hold in another. */
export function toldOnce<Id extends string>(report: Report<Id>): ReportOnce<Id> {
  const told = new Told();
  return (rule, place, message, about = '') => {
    const { frame, from = frame?.from ?? '', version = '' } = place;
    if (told.isNew(rule, from, version, about)) report(rule, place, message);
  };
}
