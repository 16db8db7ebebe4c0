/** Bytes that are sure to fit into a string (512 MiB in V8); of a longer line, a filter looks at no more. */
const MAX_BYTES = 0x1fff_ffe8;

const utf8 = new TextDecoder();

/** The text of a line, with what is not UTF-8 replaced. */
export function lenientText(bytes: Uint8Array): string {
  return utf8.decode(bytes.length > MAX_BYTES ? bytes.subarray(0, MAX_BYTES) : bytes);
}
