/** Characters of a peer's text that a sentence shows at most. */
const MAX_SHOWN = 60;

/** Characters of an id, a token or a name from which on it is not remembered: they are short, and many are kept. */
export const MAX_REMEMBERED = 1000;

/** What a peer wrote, as a sentence names it: cut where it is long. */
export function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

/**
 * What a peer sent where a text or a number belongs, as a sentence names it. Never looks into objects: they may be of
 * any depth, and have members that break what turns values into text.
 */
export function named(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** The same text in memory of its own: a part of a longer text holds all of that for as long as it lives. */
export function copyOf(text: string): string {
  // Engines copy shorter parts anyhow.
  const copy: unknown = text.length < 13 ? text : JSON.parse(JSON.stringify(text));
  return typeof copy === 'string' ? copy : text;
}
