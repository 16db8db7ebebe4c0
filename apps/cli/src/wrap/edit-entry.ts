import { lineStart } from './line-start.ts';
import type { EntrySpots, ListSpot } from './entry-spots.ts';
import type { Span, Splice } from './splice.ts';

/** What an entry is to start, as words of its file: what stands first in `args`, up to what is kept of them. */
export interface EntryEdit {
  /** The value of `command` as it is to be written. */
  readonly command: string;
  /** How many items at the beginning of `args` go away. */
  readonly drop: number;
  /** What comes in their place, each as it is to be written. */
  readonly words: readonly string[];
}

/** The splices that change `command` and the beginning of `args`, and nothing else. */
export function entrySplices(text: string, { command, args, gap }: EntrySpots, edit: EntryEdit): readonly Splice[] {
  const splices: Splice[] = [{ ...command.value, text: edit.command }];
  if (args === undefined) {
    if (edit.words.length > 0) splices.push({ start: gap.at, end: gap.at, text: `${gap.lead}${list(edit.words)}` });
  } else splices.push(argsSplice(text, args, edit));
  return splices;
}

function argsSplice(text: string, { value, items, isNull }: ListSpot, { drop, words }: EntryEdit): Splice {
  const [first, second] = items;
  if (isNull) return { ...value, text: list(words) };
  if (first === undefined) return { start: value.start + 1, end: value.start + 1, text: words.join(', ') };
  const separator = separatorOf(text, first, second);
  const kept = items[drop];
  if (kept !== undefined)
    return { start: first.start, end: kept.start, text: words.map((word) => word + separator).join('') };
  // A comma may stand behind the last item, so where none is left the list is made anew.
  if (words.length === 0) return { ...value, text: '[]' };
  return { start: first.start, end: items.at(-1)?.end ?? first.end, text: words.join(separator) };
}

/** What stands between two items: a line break where the first item has a line of its own. */
function separatorOf(text: string, first: Span, second: Span | undefined): string {
  const own = lineStart(text, first.start);
  if (own !== undefined) return `,${own.newline}${own.indent}`;
  const between = second === undefined ? ', ' : text.slice(first.end, second.start);
  return /^,[ \t]*$/.test(between) ? between : ', ';
}

function list(words: readonly string[]): string {
  return `[${words.join(', ')}]`;
}

/** A word as JSON and TOML both write it. */
export function quoted(word: string): string {
  return JSON.stringify(word).replaceAll('\u007f', '\\u007f');
}
