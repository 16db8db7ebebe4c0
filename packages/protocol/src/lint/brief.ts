/** Characters of what a peer wrote that a message repeats. */
const MAX_LENGTH = 80;

/** A value from the wire as part of a sentence: short, and never called upon, whatever it holds. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value;
  if (value === undefined) return 'nothing';
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'an object';
}
