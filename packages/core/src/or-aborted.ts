/** Starts something and waits for it, but no longer than until the signal is aborted; then throws the signal's reason. */
export async function orAborted<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await start();
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
  });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    over.abort();
  }
}
