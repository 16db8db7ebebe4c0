/** Members that one scan tells of at most; the line of an object with more is read whole. */
export const MAX_MEMBERS = 96;

/** Numbers that the table has for each member: its depth, and start and end of key and value in the memory. */
export const ENTRY_SIZE = 5;

/**
 * Finds the members of an object, and of the objects that are its members, without reading what is nested deeper.
 *
 * `scan` gives how many there are; then the table has them in the order of the text. It gives -1 where it is not
 * certain that the bytes are one JSON object and nothing else: where they do not start with a brace, strings or
 * brackets do not come out even exactly at the end, a control character is there, outside of strings something that
 * JSON has no use for (`NaN`, a word, another quote), a key is written with a backslash, or there are more than
 * {@link MAX_MEMBERS}. It never gives -1 for other objects in valid JSON, and then the table is right; of bytes that
 * are no JSON but pass all this, such as a comma too many, it tells what stands there.
 */
export interface MemberScan {
  /** Where the bytes have to be. The first of them is for the table, and the last 64 are never part of a line. */
  readonly memory: Uint8Array;
  /** The first byte of the memory that can be part of a line. */
  readonly first: number;
  readonly table: Int32Array;
  scan(from: number, to: number): number;
}

/** Makes a scan with room for so many bytes of lines. */
export type MakeMemberScan = (bytes: number) => MemberScan;
