import { isUtf8 } from 'node:buffer';

/**
 * The most bytes of an original that one record holds. A byte takes up to six characters of a header: with what else
 * stands in it that stays below the limit of 1 MiB.
 */
const MAX_ORIGINAL_BYTES = 128 * 1024;

/** The most characters of a text that stands in a record alone, and beside an original. */
const MAX_TEXT_LENGTH = 64 * 1024;
const MAX_TEXT_BESIDE_ORIGINAL = 8 * 1024;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields of the records that an event becomes: of one, as a rule. Texts are cut to their limits, and the original
 * frame of a fault or a note goes on in further records where it is long.
 */
export function originalFields(event: Fields): readonly Fields[] {
  const { original, ...fields } = event;
  if (!(original instanceof Uint8Array)) return [cut(fields, MAX_TEXT_LENGTH)];
  const told = cut(fields, MAX_TEXT_BESIDE_ORIGINAL);
  return partsOf(original).map((part, index, { length }) => ({
    ...told,
    ...part,
    ...(index < length - 1 && { more: true }),
  }));
}

function cut(fields: Fields, length: number): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, length) : value]),
  );
}

/** Texts where all of it is UTF-8, cut between two characters, else Base64. */
function partsOf(original: Uint8Array): readonly Fields[] {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.length);
  const isText = isUtf8(bytes);
  const parts: Fields[] = [];
  let start = 0;
  do {
    const end = isText ? characterStart(bytes, start + MAX_ORIGINAL_BYTES) : start + MAX_ORIGINAL_BYTES;
    const part = bytes.subarray(start, end);
    parts.push(isText ? { original: part.toString('utf8') } : { originalBase64: part.toString('base64') });
    start = end;
  } while (start < bytes.length);
  return parts;
}

/** Where the character starts that the byte at `at` belongs to. */
function characterStart(bytes: Uint8Array, at: number): number {
  let start = Math.min(at, bytes.length);
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
