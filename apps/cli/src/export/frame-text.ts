const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text where they are UTF-8, else in base64. */
export type FrameText =
  | { readonly text: string; readonly base64?: undefined }
  | { readonly text?: undefined; readonly base64: string };

/** The text of a line, exactly. Throws where it is longer than a string can be; see {@link withinStringLimit}. */
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
    if (!isTooLong(error)) throw error;
    return instead();
  }
}

/** The engine has one error for it, and Node another. */
function isTooLong(error: unknown): boolean {
  return (
    error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG')
  );
}

/** The beginning of a line. */
export interface Head {
  readonly text: string;
  readonly isCut: boolean;
}

/** The first `max` UTF-16 units of a line, of which no more is read than they need; bytes that are not UTF-8 are replaced. */
export function headOf(bytes: Uint8Array, max: number): Head {
  // A unit has three bytes at most; a character that is cut in the middle is left out.
  const some = bytes.subarray(0, max * 3);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(some, { stream: some.length < bytes.length });
  if (some.length === bytes.length && text.length <= max) return { text, isCut: false };
  return { text: text.slice(0, max).replace(/[\ud800-\udbff]$/, ''), isCut: true };
}
