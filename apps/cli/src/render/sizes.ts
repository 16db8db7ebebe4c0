/** A number of bytes, such as `216 B`, `14.2 kB`, `11.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Milliseconds, such as `0.4 ms`, `12 ms`, `2.31 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Microseconds since the start, such as `12.345s`. */
export function formatTime(us: number): string {
  return `${(us / 1_000_000).toFixed(3)}s`;
}

/** Milliseconds in whole seconds, such as `3 s`, `2 m 05 s`: a wait that goes on. */
export function formatSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}
