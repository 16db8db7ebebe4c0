const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text where they are UTF-8, else in base64. */
export type FrameText =
  | { readonly text: string; readonly base64?: undefined }
  | { readonly text?: undefined; readonly base64: string };

/** The text of a line, exactly. Throws a RangeError where it is longer than a string can be. */
export function frameText(bytes: Uint8Array): FrameText {
  try {
    return { text: utf8.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw new RangeError('the line is too long to be text', { cause: error });
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
  }
}

/** Makes a text, or another in its place where it would be longer than a string can be (512 MB in Node). */
export function withinStringLimit(make: () => string, instead: () => string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return instead();
    throw error;
  }
}

/** The beginning of a line. */
export interface Head {
  readonly text: string;
  readonly isCut: boolean;
}

/** The first characters of a line, of which no more is read than they need; bytes that are not UTF-8 are replaced. */
export function headOf(bytes: Uint8Array, max: number): Head {
  // A character has four bytes at most; what is cut in the middle of one is left out.
  const some = bytes.subarray(0, max * 4);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(some, { stream: some.length < bytes.length });
  const characters = Array.from(text);
  if (some.length === bytes.length && characters.length <= max) return { text, isCut: false };
  return { text: characters.slice(0, max).join(''), isCut: true };
}
