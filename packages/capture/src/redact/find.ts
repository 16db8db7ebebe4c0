import { fromByteText } from './byte-text.ts';

/** One secret in a text. */
export interface Find {
  /** Where it starts in the text. */
  readonly start: number;
  /** Where it ends (exclusive). */
  readonly end: number;
  readonly kind: string;
  /** The secret itself without any escaping, so that equal ones are equal however they were written. */
  readonly secret: string;
  /** The path of keys that leads to it. */
  readonly where: string;
  /** What has to stand on both sides of the placeholder: a quote where it takes the place of a number. */
  readonly quote: string;
}

/** What stands in place of a secret, as one-byte characters of its UTF-8. */
const PLACEHOLDER = /\u00c2\u00abredacted:[\w:.-]{1,80}:[0-9a-f]{4,64}\u00c2\u00bb/g;

/** Stands for each character of a placeholder while a text is searched: a character that is no byte. */
export const FILLER = '\ue000';

/** Whether the text is a placeholder, or what {@link withoutPlaceholders} left of it, and nothing else. */
export function isPlaceholder(text: string): boolean {
  return text !== '' && withoutPlaceholders(text).replaceAll(FILLER, '') === '';
}

/** The text with something of the same length in the place of every placeholder, whose words are our own. */
export function withoutPlaceholders(text: string): string {
  return text.includes('\u00c2\u00abredacted:')
    ? text.replaceAll(PLACEHOLDER, (found) => FILLER.repeat(found.length))
    : text;
}

/**
 * Puts finds in order and joins those that overlap, so that nothing between the first start and the last end stays.
 * What lies inside of a placeholder was found in our own words, and is dropped.
 */
export function joinFinds(text: string, finds: readonly Find[]): readonly Find[] {
  if (finds.length === 0) return finds;
  const joined: Find[] = [];
  for (const find of finds.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (last === undefined || find.start >= last.end) joined.push(find);
    else if (find.end > last.end) joined[joined.length - 1] = widen(text, last, last.start, find.end);
  }
  return text.includes('\u00c2\u00abredacted:') ? besidePlaceholders(text, joined) : joined;
}

/**
 * Puts something else, as one-byte characters, in the place of each find.
 * @param text What was searched, as it was: it comes back where nothing was found.
 * @param bytes The same as one-byte characters.
 */
export function replaceFinds(text: string, bytes: string, finds: readonly Find[], put: (find: Find) => string): string {
  if (finds.length === 0) return text;
  let out = '';
  let at = 0;
  for (const find of finds) {
    out += bytes.slice(at, find.start) + put(find);
    at = find.end;
  }
  return fromByteText(out + bytes.slice(at));
}

function besidePlaceholders(text: string, finds: readonly Find[]): readonly Find[] {
  const kept: Find[] = [];
  const placeholders = [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let next = 0;
  for (const find of finds) {
    while ((placeholders[next]?.end ?? Infinity) <= find.start) next++;
    let { start, end } = find;
    let isInside = false;
    for (let at = next; (placeholders[at]?.start ?? Infinity) < end; at++) {
      const placeholder = placeholders[at] ?? find;
      isInside ||= placeholder.start <= start && placeholder.end >= end;
      start = Math.min(start, placeholder.start);
      end = Math.max(end, placeholder.end);
    }
    const before = kept.at(-1);
    if (isInside) continue;
    if (before !== undefined && start < before.end) kept[kept.length - 1] = widen(text, before, before.start, end);
    else kept.push(start === find.start && end === find.end ? find : widen(text, find, start, end));
  }
  return kept;
}

function widen(text: string, find: Find, start: number, end: number): Find {
  return { ...find, start, end, secret: text.slice(start, end) };
}
