/** Starts something and waits for it, but no longer than until the signal is aborted; then throws the signal's reason. */
export async function orAborted<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await start();
  signal.throwIfAborted();
  // A signal of its own: Node warns when many listen to one.
  const own = AbortSignal.any([signal]);
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    own.addEventListener('abort', () => reject(own.reason as Error), { signal: over.signal });
  });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    over.abort();
  }
}
