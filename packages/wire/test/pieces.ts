import fc from 'fast-check';

/** Encodes text as it would cross the wire. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Cuts bytes at the given places. */
export function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

/** Bytes in which newlines, carriage returns and broken UTF-8 are common. */
export const wireBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.constantFrom(utf8('\n'), utf8('\r\n'), utf8('\n\n'), utf8('\u{2028}'), utf8('{"jsonrpc":"2.0"}'), utf8('é🙂')),
      fc.uint8Array({ maxLength: 8 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part))));

export const places: fc.Arbitrary<number[]> = fc.array(fc.nat());
