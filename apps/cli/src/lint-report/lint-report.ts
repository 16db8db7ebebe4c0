import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { type Finding, LEVELS, type Level, type Rule } from '@mcp-dbg/protocol/lint';

/** The mildest level that makes the command fail; `none` lets it never fail. */
export type FailOn = Level | 'none';

/** What a check of one capture came to. */
export interface LintReport {
  /** The capture's path as it was named, or `-`. */
  readonly capture: string;
  /** The capture as a URI, relative where it lies in the current folder; undefined for standard input. */
  readonly uri: string | undefined;
  readonly frames: number;
  /** Every rule that was checked, by its id. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly findings: readonly CaptureFinding[];
  /** By rule, how many findings there were in the whole capture beyond the first thousand of each connection. */
  readonly more: ReadonlyMap<string, number>;
  readonly failOn: FailOn;
}

/** How many findings there are of each level. */
export function countsOf(findings: readonly Pick<Finding, 'level'>[]): Readonly<Record<Level, number>> {
  const count = (wanted: Level): number => findings.filter(({ level }) => level === wanted).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** True for a level that makes the command fail. */
export function failsOn(failOn: FailOn, level: Level): boolean {
  return failOn !== 'none' && LEVELS.indexOf(level) <= LEVELS.indexOf(failOn);
}

/** The findings of each rule, the worst levels first, then in order of their first frames. */
export function byRule<F extends Finding>(findings: readonly F[]): readonly (readonly [string, readonly F[]])[] {
  const groups = new Map<string, F[]>();
  for (const level of LEVELS) {
    for (const finding of findings) {
      if (finding.level !== level) continue;
      const group = groups.get(finding.rule);
      if (group === undefined) groups.set(finding.rule, [finding]);
      else group.push(finding);
    }
  }
  return [...groups];
}
