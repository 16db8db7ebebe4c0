import type { Version } from '../eras.ts';

/**
 * What a value has to be, as one of our tables says it. Objects are open: members that the table does not name are
 * legal, as in MCP. No shape holds itself, so the tables, and never a peer, decide how deep a check goes.
 */
export type Shape =
  | { readonly kind: 'anything' }
  | { readonly kind: 'text' }
  | { readonly kind: 'truth' }
  | { readonly kind: 'nothing' }
  | NumberShape
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | ObjectShape
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  | ChoiceShape
  | HoldingShape;

export interface NumberShape {
  readonly kind: 'number';
  readonly isWhole: boolean;
  /** The least and the greatest number that will do; either may be infinite. */
  readonly from: number;
  readonly to: number;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly members: Slots;
}

/** An object of one of several shapes, told apart by the text in one of its members. */
export interface ChoiceShape {
  readonly kind: 'choice';
  readonly by: string;
  readonly cases: Slots;
  /** The case that an object without that member is. */
  readonly absent: string | undefined;
  /** What an object has to be whose text is none of the cases; undefined where there must not be one. */
  readonly other: Slot | undefined;
}

/** An object of one of several shapes, told apart by which of these members it has. */
export interface HoldingShape {
  readonly kind: 'holding';
  readonly cases: Slots;
  /** What an object has to be that has none of them; undefined where it must have one. */
  readonly otherwise: Slot | undefined;
}

/** One place for a value: what stands there, revision by revision. In a revision that is left out, nothing does. */
export interface Slot {
  readonly kind: 'slot';
  readonly at: ReadonlyMap<Version, { readonly shape: Shape; readonly isRequired: boolean }>;
}

/** Places by name: the members of an object, or the cases of a choice. */
export type Slots = ReadonlyMap<string, Slot>;
