import type { Find } from './find.ts';
import { toByteText } from './byte-text.ts';

/** One escape: a pair of surrogates, a single unit, or one character behind the backslash. */
const ESCAPE = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^]|$)/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Where the string that starts at `from` with a quote ends (exclusive); -1 where it does not. Takes one pass. */
export function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    if (backslashesBefore(text, quote) % 2 === 0) return quote + 1;
  }
  return -1;
}

/** Whether it is the code of a character that JSON may have between its values. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** How many backslashes stand right before this place. */
export function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charCodeAt(at - 1 - count) === 0x5c) count++;
  return count;
}

/** What the content of a JSON string says, as one-byte characters like the content itself. Lenient and total. */
export function unescapeJson(content: string): string {
  return content.includes('\\') ? content.replaceAll(ESCAPE, unescapeOne) : content;
}

/** Moves finds in what {@link unescapeJson} gave back into the content, in one pass over both; they must be in order. */
export function intoEscaped(content: string, finds: readonly Find[]): readonly Find[] {
  if (finds.length === 0) return finds;
  const place = new EscapedPlace(content);
  return finds.map((find) => {
    const start = place.startOf(find.start);
    return { ...find, start, end: place.endOf(find.end), quote: JSON.stringify(find.quote).slice(1, -1) };
  });
}

/** Walks over the escapes of a content; places must be asked for in order. */
class EscapedPlace {
  readonly #escapes: Iterator<RegExpExecArray, unknown>;
  /** Up to which place both texts are known to run in step: `raw` of the content says `said`. */
  #raw = 0;
  #said = 0;
  /** The next escape, and where it and what it says end. */
  #next: { readonly raw: number; readonly rawEnd: number; readonly size: number } | undefined;

  constructor(content: string) {
    this.#escapes = content.matchAll(ESCAPE);
    this.#take();
  }

  startOf(said: number): number {
    this.#skipTo(said);
    const next = this.#next;
    // Inside of what an escape says: its start.
    return next === undefined ? this.#raw + said - this.#said : Math.min(next.raw, this.#raw + said - this.#said);
  }

  endOf(said: number): number {
    this.#skipTo(said);
    const next = this.#next;
    const raw = this.#raw + said - this.#said;
    return next !== undefined && raw > next.raw ? next.rawEnd : raw;
  }

  #skipTo(said: number): void {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      const end = this.#said + next.raw - this.#raw + next.size;
      if (end > said) return;
      this.#raw = next.rawEnd;
      this.#said = end;
      this.#take();
    }
  }

  #take(): void {
    const next = this.#escapes.next();
    if (next.done === true) {
      this.#next = undefined;
      return;
    }
    const { index, 0: escape } = next.value;
    this.#next = { raw: index, rawEnd: index + escape.length, size: unescapeOne(escape).length };
  }
}

function unescapeOne(escape: string): string {
  if (escape.length > 2) return toByteText(JSON.parse(`"${escape}"`) as string);
  const char = escape.slice(1);
  return SHORT[char] ?? char;
}
