import type { ConnectionEnd } from './server-events.ts';

/** A connection's end in words, such as `exit code 3; stderr: KeyError: 'city'`. Server text is in it, unescaped. */
export function describeEnd({ code, signal, stderr }: ConnectionEnd): string {
  return `${howItEnded(code, signal)}; ${stderr === undefined ? 'no stderr' : `stderr: ${stderr}`}`;
}

/** `exit code 3`, `signal SIGKILL`, or that it closed its stdout while it lived. */
export function howItEnded(code: number | null, signal: string | null): string {
  if (signal !== null) return `signal ${signal}`;
  return code === null ? 'it closed its stdout' : `exit code ${code}`;
}
