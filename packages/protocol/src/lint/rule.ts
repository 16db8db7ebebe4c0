import { LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, type Version } from '../eras.ts';
import type { Level } from './finding.ts';

/** A sentence of the specification, or of experience, that a conversation can be checked against. */
export interface Rule {
  /** What must hold, in a sentence. */
  readonly title: string;
  readonly level: Level;
  /**
   * For what would be told again and again: once for each side of a connection and each subject of a breach, or once for
   * each frame.
   */
  readonly once?: 'side' | 'frame';
  /** The versions in which it holds. With all of them it is also checked where the version is not known. */
  readonly versions: readonly Version[];
  /**
   * The page that says so, below `specification/VERSION/`, such as `basic/lifecycle`; undefined for what no page says.
   * Where eras say it on different pages, one for each.
   */
  readonly spec?: string | { readonly legacy: string; readonly modern: string };
  /** What to do about a breach, in a sentence. */
  readonly fix: string;
  /** How clients hide or distort a breach, where that was seen. */
  readonly clients?: string;
}

/** Rules by their id, such as `stdio/not-json`. */
export type Rules<Id extends string = string> = Readonly<Record<Id, Rule>>;

/** Every version, and also where none is known. */
export const ALL: readonly Version[] = VERSIONS;
export const LEGACY: readonly Version[] = LEGACY_VERSIONS;
export const MODERN: readonly Version[] = MODERN_VERSIONS;

/** The versions from `first` on. */
export function since(first: Version): readonly Version[] {
  return VERSIONS.slice(VERSIONS.indexOf(first));
}

/** The legacy versions from `first` on. */
export function legacySince(first: Version): readonly Version[] {
  return since(first).filter((version) => LEGACY.includes(version));
}

/** The address of the page that a rule comes from, as `version` has it; the newest of the rule's own where it is unknown. */
export function specPage({ spec, versions }: Rule, version: Version | undefined): string | undefined {
  if (spec === undefined) return undefined;
  const ours = version !== undefined && versions.includes(version) ? version : versions.at(-1);
  if (ours === undefined) return undefined;
  const page = typeof spec === 'string' ? spec : MODERN.includes(ours) ? spec.modern : spec.legacy;
  return `https://modelcontextprotocol.io/specification/${ours}/${page}`;
}
