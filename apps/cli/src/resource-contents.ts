import { isObject } from './schema/resolve-schema.ts';

/** One of the contents of a resource (server/resources, "Resource Contents"). */
export interface ResourceContents {
  /** As the server says; may be anything, or empty. */
  readonly uri: string;
  readonly mimeType: string;
  readonly body: string | Uint8Array;
  /** True where the bytes are what could be read of a text that is not base64. */
  readonly isDamaged: boolean;
}

/** Reads a result of `resources/read`; undefined for one that holds no contents. What is neither text nor blob is empty. */
export function resourceContents(result: unknown): readonly ResourceContents[] | undefined {
  if (!isObject(result) || !Array.isArray(result['contents'])) return undefined;
  return result['contents'].filter(isObject).map(({ uri, mimeType, text, blob }) => ({
    uri: typeof uri === 'string' ? uri : '',
    mimeType: typeof mimeType === 'string' ? mimeType : '',
    ...(typeof text !== 'string' && typeof blob === 'string'
      ? { body: Buffer.from(blob, 'base64'), isDamaged: !isBase64(blob) }
      : { body: typeof text === 'string' ? text : '', isDamaged: false }),
  }));
}

/** Node reads anything as base64 and leaves out what is none. White space within is forgiven. */
function isBase64(text: string): boolean {
  const plain = text.replaceAll(/\s/g, '');
  return plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}
