/**
 * The most bytes of an original that one record holds. A byte takes up to six characters of a header: with what else
 * stands in it that stays below the limit of 1 MiB.
 */
const MAX_PART_BYTES = 128 * 1024;

/** An original frame in parts that fit into a record each, cut between two characters; one part, unless it is long. */
export function originalParts(original: Uint8Array): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  do {
    const most = start + MAX_PART_BYTES;
    const end = most >= original.length ? original.length : characterStart(original, most);
    parts.push(original.subarray(start, end));
    start = end;
  } while (start < original.length);
  return parts;
}

/** Where the character starts that the byte at `at` belongs to; none has more than four bytes. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > at - 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
