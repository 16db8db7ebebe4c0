import { byteText, bytesOf } from '../redact/byte-text.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** What a header says of an original frame, or of a part of one: its text, or where it is not UTF-8, its Base64. */
export function originalFields(
  original: Uint8Array,
): { readonly original: string } | { readonly originalBase64: string } {
  try {
    return { original: utf8.decode(original) };
  } catch {
    return { originalBase64: btoa(byteText(original)) };
  }
}

/** The original frame that a header holds, or the part of one; undefined where it holds none that can be read. */
export function originalIn({ original, originalBase64 }: Readonly<Record<string, unknown>>): Uint8Array | undefined {
  if (typeof original === 'string') return encoder.encode(original);
  if (typeof originalBase64 !== 'string') return undefined;
  try {
    return bytesOf(atob(originalBase64));
  } catch {
    return undefined;
  }
}
