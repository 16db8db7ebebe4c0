import type { Place, Report } from './check.ts';

/** Things that are remembered as told; a peer that finds more ways to break a rule is not told of further ones. */
const MAX_TOLD = 10_000;

/** As a report, but what a side does again and again is told once. `about` is what tells two breaches of a rule apart. */
export type ReportOnce<Id extends string> = (rule: Id, place: Place, message: string, about?: string) => void;

export function toldOnce<Id extends string>(report: Report<Id>): ReportOnce<Id> {
  const told = new Set<string>();
  return (rule, place, message, about = '') => {
    const { frame, from = frame?.from ?? '', version = '' } = place;
    // A rule that does not hold in one version may hold in another.
    const key = `${rule} ${from} ${version} ${about}`;
    if (told.has(key) || told.size >= MAX_TOLD) return;
    told.add(key);
    report(rule, place, message);
  };
}
