import type { ConnectionEnd } from './server-events.ts';

/** A connection's end in words, such as `exit code 3; stderr: KeyError: 'city'`. Server text is in it, unescaped. */
export function describeEnd({ code, signal, closed, why, stderr }: ConnectionEnd): string {
  if (why !== undefined) return why;
  return `${howItEnded(code, signal, closed)}; ${stderr === undefined ? 'no stderr' : `stderr: ${stderr}`}`;
}

/** `exit code 3`, `signal SIGKILL`, or which pipe it closed while it lived. */
export function howItEnded(code: number | null, signal: string | null, closed: 'stdin' | 'stdout' = 'stdout'): string {
  if (signal !== null) return `signal ${signal}`;
  return code === null ? `it closed its ${closed}` : `exit code ${code}`;
}
