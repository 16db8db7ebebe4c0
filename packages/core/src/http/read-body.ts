/** A body as far as it came. */
export interface ReadBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Why it is not whole: it was cut, or is longer than it may be. */
  readonly failure: Error | undefined;
}

/** Reads a body to its end, or up to so many bytes. Never throws: what came before a cut is worth seeing. */
export async function readBody({ body }: Response, maxBytes: number): Promise<ReadBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const coming: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? [];
  try {
    for await (const chunk of coming) {
      chunks.push(chunk);
      size += chunk.length;
      // Leaving the loop lets go of the connection.
      if (size > maxBytes) throw new Error(`it is longer than ${Math.round(maxBytes / 1024)} kB`);
    }
    return { bytes: Buffer.concat(chunks), failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    return { bytes: Buffer.concat(chunks), failure };
  }
}
