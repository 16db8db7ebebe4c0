/** A copy of some bytes. Not `slice`, which gives a view where the bytes are a Buffer of Node's. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}
