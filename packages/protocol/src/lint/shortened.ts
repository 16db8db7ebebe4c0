/** Characters of a peer's text that a sentence shows at most. */
const MAX_SHOWN = 60;

/** What a peer wrote, as a sentence names it: cut where it is long. */
export function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}
