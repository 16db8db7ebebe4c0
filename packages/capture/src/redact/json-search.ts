import { methodNamed } from '@mcp-dbg/protocol';

import type { Candidates } from './candidates.ts';
import { type Find, isPlaceholder } from './find.ts';
import { findInText } from './find-in-text.ts';
import { namedFind } from './find-named-values.ts';
import { endOfString, intoEscaped, isSpace, unescapeJson } from './json-escapes.ts';
import { type NamedValue, holdsSecret } from './holds-secret.ts';
import { itemKind, saidBy } from './json-items.ts';
import { type Frame, type JsonPlace, nameOfLeaf } from './json-place.ts';
import type { Rules } from './rules.ts';
import { secretKind } from './secret-names.ts';

const SCALAR = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const MAX_CLEAN_KEYS = 1000;
const MAX_CLEAN_LENGTH = 64;

/** Finds the secrets of what a string of JSON says. */
export type SearchInside = (said: string, where: string) => readonly Find[];

/** Reads one JSON value, and finds the secrets in it; in no order, since a name can come behind its value. */
export class JsonSearch {
  readonly finds: Find[] = [];
  readonly #text: string;
  readonly #candidates: Candidates;
  readonly #rules: Rules;
  readonly #inside: SearchInside;
  readonly #place: JsonPlace;
  #at: number;

  /** The candidates of the text: where it has none, its strings are not looked into. */
  constructor(text: string, at: number, candidates: Candidates, place: JsonPlace, rules: Rules, inside: SearchInside) {
    this.#text = text;
    this.#at = at;
    this.#candidates = candidates;
    this.#place = place;
    this.#rules = rules;
    this.#inside = inside;
  }

  /** How far it has read. */
  get at(): number {
    return this.#at;
  }

  /** Reads the value and the space behind it. False where this is no JSON; what was found before holds all the same. */
  run(): boolean {
    do if (!this.#takeValue() || !this.#takeEnds()) return false;
    while (this.#place.depth > 0);
    this.#skipSpace();
    return true;
  }

  /** Takes a scalar, or goes into a container as far as its first value or its end. */
  #takeValue(): boolean {
    for (;;) {
      this.#skipSpace();
      const char = this.#text[this.#at];
      if (char === '"') return this.#takeString();
      if (char !== '{' && char !== '[') return this.#takeScalar();
      if (!this.#place.enter(char === '{')) return false;
      this.#at++;
      this.#skipSpace();
      if (this.#text[this.#at] === (char === '{' ? '}' : ']')) return true;
      if (char === '{' && !this.#takeKey()) return false;
    }
  }

  /** Leaves what ends here, and goes on to the next value if there is one. */
  #takeEnds(): boolean {
    for (let frame = this.#place.frame; frame !== undefined; frame = this.#place.frame) {
      this.#skipSpace();
      const char = this.#text[this.#at++];
      if (char === ',') {
        frame.index++;
        return !frame.isObject || this.#takeKey();
      }
      if (char !== (frame.isObject ? '}' : ']')) return false;
      this.#place.leave();
    }
    return true;
  }

  #takeKey(): boolean {
    this.#skipSpace();
    const start = this.#at;
    if (this.#text[start] !== '"') return false;
    const end = endOfString(this.#text, start);
    if (end === -1) return false;
    const content = this.#text.slice(start + 1, end - 1);
    const isSecret = this.#searchKey(start + 1, end - 1, content);
    // A key that holds a secret must not show it in a path.
    this.#place.nextKey(unescapeJson(content), isSecret);
    this.#at = end;
    this.#skipSpace();
    return this.#text[this.#at++] === ':';
  }

  #searchKey(start: number, end: number, content: string): boolean {
    const { cleanKeys } = this.#rules;
    if (!this.#candidates.isIn(start, end) || cleanKeys.has(content)) return false;
    const before = this.finds.length;
    this.#searchContent(start, end, 'key');
    if (this.finds.length > before) return true;
    if (content.length <= MAX_CLEAN_LENGTH && cleanKeys.size < MAX_CLEAN_KEYS) cleanKeys.add(content);
    return false;
  }

  #takeString(): boolean {
    const start = this.#at;
    const end = endOfString(this.#text, start);
    if (end === -1) return false;
    this.#at = end;
    const { frame } = this.#place;
    const kind = frame && this.#secretKind(frame, start, end, true);
    if (kind !== undefined) this.#hideString(start, end, kind);
    else if (frame?.key === 'requestState') this.#searchState(start, end);
    else if (!this.#place.isMessageMember('method') || methodNamed(saidBy(this.#text, start, end)) === undefined)
      this.#searchContent(start + 1, end - 1);
    return true;
  }

  #takeScalar(): boolean {
    SCALAR.lastIndex = this.#at;
    const scalar = SCALAR.exec(this.#text)?.[0];
    if (scalar === undefined) return false;
    const start = this.#at;
    this.#at += scalar.length;
    const { frame } = this.#place;
    if (scalar === 'null' || this.#place.isMessageMember('id')) return true;
    const kind = frame && this.#secretKind(frame, start, this.#at, false);
    if (kind !== undefined) this.#hideScalar(start, this.#at, kind);
    else if (/\d/.test(scalar)) this.#searchNumber(start, scalar);
    return true;
  }

  /** What the names that lead to a value make of it; remembers it where the name may still come. */
  #secretKind(frame: Frame, start: number, end: number, isString: boolean): string | undefined {
    const name = nameOfLeaf(frame, isString || /\d/.test(this.#text.charAt(end - 1)));
    if (name !== undefined && holdsSecret(name, this.#valueAt(frame, start, end, isString))) return name.kind;
    if (frame.isObject) return this.#pairKind(frame, start, end, isString);
    return itemKind(frame, { text: this.#text, start, end, isString });
  }

  #valueAt(frame: Frame, start: number, end: number, isText: boolean): NamedValue {
    const text = isText ? this.#text.slice(start + 1, end - 1) : this.#text.slice(start, end);
    return { text, isText, isListed: !frame.isObject };
  }

  /** In `{"name":"API_KEY","value":"…"}` the two can come in any order. */
  #pairKind(frame: Frame, start: number, end: number, isString: boolean): string | undefined {
    if (frame.key === 'value') {
      frame.value = { start, end };
      return frame.named;
    }
    if (isString && (frame.key === 'name' || frame.key === 'key')) {
      frame.named = secretKind(saidBy(this.#text, start, end));
      if (frame.named !== undefined && frame.value !== undefined) {
        frame.shown = 'value';
        this.#hideValue(frame.value, frame.named);
      }
    }
    return undefined;
  }

  #hideValue({ start, end }: { readonly start: number; readonly end: number }, kind: string): void {
    if (this.#text[start] === '"') this.#hideString(start, end, kind);
    else if (this.#text.slice(start, end) !== 'null') this.#hideScalar(start, end, kind);
  }

  #hideString(start: number, end: number, kind: string): void {
    const find = namedFind(
      this.#text,
      { start: start + 1, end: end - 1, quote: '', escaped: 1 },
      kind,
      this.#place.path,
    );
    if (find !== undefined) this.finds.push(find);
  }

  #hideScalar(start: number, end: number, kind: string): void {
    this.finds.push({ start, end, kind, secret: this.#text.slice(start, end), where: this.#place.path, quote: '"' });
  }

  /** A state that the client has to give back as it is: changed as a whole, and only if a secret shows in it. */
  #searchState(start: number, end: number): void {
    const content = unescapeJson(this.#text.slice(start + 1, end - 1));
    if (!isPlaceholder(content) && this.#inside(content, '').length > 0) {
      this.finds.push({
        start: start + 1,
        end: end - 1,
        kind: 'request-state',
        secret: content,
        where: this.#place.path,
        quote: '',
      });
    }
  }

  #searchContent(start: number, end: number, where?: string): void {
    if (!this.#candidates.isIn(start, end)) return;
    const content = this.#text.slice(start, end);
    const said = unescapeJson(content);
    const finds = this.#inside(said, where ?? this.#place.path);
    for (const find of said === content ? finds : intoEscaped(content, finds)) {
      this.finds.push({ ...find, start: find.start + start, end: find.end + start });
    }
  }

  /** A number that is a known secret, or in which one stands, goes as a whole. */
  #searchNumber(start: number, number: string): void {
    if (!this.#rules.hasNumbers) return;
    const [found] = findInText(number, this.#rules, this.#place.path);
    if (found !== undefined) {
      this.finds.push({ ...found, start, end: start + number.length, secret: number, quote: '"' });
    }
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
  }
}
