/** Resolves after so many milliseconds. Nobody is kept running for it. */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
