import type { Span } from './splice.ts';

/** Where the two members of an entry stand that a wrap changes, in the text of its file. */
export interface EntrySpots {
  readonly command: MemberSpot;
  /** Absent where the entry has none. */
  readonly args: ListSpot | undefined;
  /** Where `args` goes if there is none. */
  readonly gap: Gap;
}

/** A member: its key and its value as they are written. */
export interface MemberSpot {
  readonly key: Span;
  readonly value: Span;
}

/** A member that holds a list. */
export interface ListSpot extends MemberSpot {
  /** Its items in order; none where the value is null instead of a list. */
  readonly items: readonly Span[];
  readonly isNull: boolean;
}

/** A place for a member that is not there, and all that stands before its value: `, "args": `. */
export interface Gap {
  readonly at: number;
  readonly lead: string;
}

/** The names on the way from the root of a file to one entry. */
export type EntryPath = readonly string[];

/** The spots of an entry, or why it is not certain which they are. */
export type Located =
  | { readonly kind: 'spots'; readonly spots: EntrySpots }
  | { readonly kind: 'uncertain'; readonly why: string };
