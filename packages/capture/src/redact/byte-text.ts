const CHUNK = 8192;

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text of one character for each, 0 to 255, so that an index into the text is one into the bytes. */
export function byteText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += charsOf(bytes.subarray(at, at + CHUNK));
  return text;
}

/** Ten times as fast as spreading the bytes over arguments. */
function charsOf(bytes: ArrayLike<number>): string {
  return String.fromCharCode.apply(undefined, bytes as number[]);
}

/** The bytes of such a text. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** Text as the one-byte characters of its UTF-8. */
export function toByteText(text: string): string {
  return isAscii(text) ? text : byteText(encoder.encode(text));
}

/** What one-byte characters say in UTF-8; where they are none, the characters themselves. */
export function fromByteText(text: string): string {
  if (isAscii(text)) return text;
  try {
    return strict.decode(bytesOf(text));
  } catch {
    return text;
  }
}

export function isAscii(text: string): boolean {
  return !/[^\0-\u007f]/.test(text);
}
