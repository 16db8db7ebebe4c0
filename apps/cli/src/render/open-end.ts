/** Code units of an unfinished character that are waited for at most. */
const MAX_OPEN = 256;

/** Half of a line end or of a surrogate pair, or an emoji that may be joined to another, with all that it is joined of. */
const OPEN =
  /(?:(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]*\u200d)*\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]*(?:\u200d[\ud800-\udbff]?)?|[\r\ud800-\udbff])$/u;

/** Where the end of a text begins that may become another character with what comes next; its length where none does. */
export function openEnd(text: string): number {
  const [open = ''] = OPEN.exec(text.slice(-MAX_OPEN)) ?? [];
  return open.length < MAX_OPEN ? text.length - open.length : text.length;
}
