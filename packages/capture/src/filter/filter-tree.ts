import type { FilterKeyName } from './filter-keys.ts';
import type { FilterSide } from './filter-subject.ts';

/** What a filter says, as plain values: equal trees mean the same. */
export type FilterTree =
  /** The empty filter, which matches everything. */
  { readonly kind: 'all' } | FilterNode;

export type FilterNode =
  | { readonly kind: 'and' | 'or'; /** Two or more. */ readonly terms: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly term: FilterNode }
  | FilterTerm;

export type FilterTerm = WordTerm | RegexTerm | KeyTerm | PathTerm;

interface Sided {
  /** The side that the term is restricted to by `req.` or `res.`. */
  readonly side: FilterSide | undefined;
}

/** A piece of text, as in `forecast` or `"no such tool"`. */
export interface WordTerm extends Sided {
  readonly kind: 'word';
  readonly text: string;
}

/** A regular expression, as in `/time(d )?out/i`. */
export interface RegexTerm extends Sided, FilterRegex {
  readonly kind: 'regex';
}

/** A key with its values, one of which has to fit, as in `method:tools/*,prompts/*`. */
export interface KeyTerm extends Sided {
  readonly kind: 'key';
  readonly key: FilterKeyName;
  readonly values: readonly FilterValue[];
}

/** A comparison of what stands in the message, as in `params.arguments.city=Paris`. */
export interface PathTerm extends Sided {
  readonly kind: 'path';
  readonly head: PathHead;
  readonly steps: readonly PathStep[];
  readonly op: PathOp;
  readonly value: FilterValue | ({ readonly kind: 'regex' } & FilterRegex);
}

export interface FilterRegex {
  /** As it was written, between the slashes. */
  readonly source: string;
  readonly ignoreCase: boolean;
}

/** A value as it was written. */
export interface FilterValue {
  readonly kind: 'text';
  readonly text: string;
  /** It stood in quotes: `*` and digits stand for themselves. */
  readonly isQuoted: boolean;
}

/** Where a path starts: a member of the message, or the whole of it. */
type PathHead = (typeof PATH_HEADS)[number];

export const PATH_HEADS = ['params', 'result', 'error', 'msg'] as const;

/** One step into a value: to the member or item of that name, or to every one. */
export type PathStep = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'any' };

export type PathOp = (typeof PATH_OPS)[number];

/** Those that begin as another does come first, as a reader tries them. */
export const PATH_OPS = ['!=', '>=', '<=', '=', '>', '<', '~'] as const;
