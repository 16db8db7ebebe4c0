import { parse } from 'smol-toml';

import type { Span } from './splice.ts';

/** A `key = value` of a TOML text. */
export interface Assignment {
  /** Names of the table that it stands in, and those of its own dotted key. */
  readonly path: readonly string[];
  /** The key as it is written, and the last part of it. */
  readonly key: Span;
  readonly lastPart: Span;
  readonly value: Span;
  /** The items of a list; absent for any other value. */
  readonly items?: readonly Span[];
  /** True within the braces of an inline table. */
  readonly isInline: boolean;
}

/**
 * All assignments of a TOML text that can be parsed, those of inline tables too, in order: the parser does not tell
 * where they stand. A text that cannot be parsed may be read wrongly, but always to its end.
 */
export function assignmentsIn(text: string): readonly Assignment[] {
  return new TomlScan(text).all();
}

const BARE_KEY = /[\w-]+/y;
const SPACES = /[ \t]+/y;
const BLANKS_OR_COMMENT = /[ \t\r\n]+|#[^\r\n]*/y;
const BARE_VALUE = /[^,\]}#\r\n]+/y;

class TomlScan {
  readonly #text: string;
  readonly #found: Assignment[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly Assignment[] {
    let table: readonly string[] = [];
    for (this.#skipTrivia(); this.#at < this.#text.length; this.#skipTrivia()) {
      const start = this.#at;
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#assignment(table, false);
      // What no TOML has must not hold us up.
      if (this.#at === start) this.#at++;
    }
    return this.#found;
  }

  #header(): readonly string[] {
    this.#at += this.#text[this.#at + 1] === '[' ? 2 : 1;
    const { names } = this.#key();
    for (let closing = 0; this.#text[this.#at] === ']' && closing < 2; closing++) this.#at++;
    return names;
  }

  #assignment(table: readonly string[], isInline: boolean): void {
    const { names, key, lastPart } = this.#key();
    if (this.#text[this.#at] === '=') this.#at++;
    this.#take(SPACES);
    const path = [...table, ...names];
    const start = this.#at;
    const items = this.#value(path);
    const value = { start, end: this.#at };
    this.#found.push({ path, key, lastPart, value, isInline, ...(items !== undefined && { items }) });
  }

  /** Reads a dotted key and the spaces behind it. */
  #key(): { readonly names: readonly string[]; readonly key: Span; readonly lastPart: Span } {
    this.#take(SPACES);
    const start = this.#at;
    const names: string[] = [];
    let lastPart: Span = { start, end: start };
    for (;;) {
      this.#take(SPACES);
      const from = this.#at;
      const part = this.#string() ?? this.#take(BARE_KEY) ?? '';
      names.push(nameOf(part));
      lastPart = { start: from, end: this.#at };
      this.#take(SPACES);
      if (this.#text[this.#at] !== '.') return { names, key: { start, end: lastPart.end }, lastPart };
      this.#at++;
    }
  }

  /** Reads a value; the items of a list. */
  #value(path: readonly string[]): readonly Span[] | undefined {
    switch (this.#text[this.#at]) {
      case '"':
      case "'":
        this.#string();
        return undefined;
      case '[':
        return this.#list(path);
      case '{':
        this.#inside('}', () => this.#assignment(path, true));
        return undefined;
      default: {
        const bare = this.#take(BARE_VALUE) ?? '';
        this.#at -= bare.length - bare.trimEnd().length;
        return undefined;
      }
    }
  }

  #list(path: readonly string[]): readonly Span[] {
    const items: Span[] = [];
    this.#inside(']', () => {
      const start = this.#at;
      // Tables in a list are none of an entry's; the empty name keeps them apart.
      this.#value([...path, '']);
      items.push({ start, end: this.#at });
    });
    return items;
  }

  /** Reads what stands between brackets, apart by commas. */
  #inside(closing: string, read: () => void): void {
    this.#at++;
    for (this.#skipTrivia(); this.#at < this.#text.length; this.#skipTrivia()) {
      const start = this.#at;
      if (this.#text[this.#at] === closing) {
        this.#at++;
        return;
      }
      if (this.#text[this.#at] === ',') this.#at++;
      else read();
      if (this.#at === start) this.#at++;
    }
  }

  /** Takes a string of any kind; undefined where there is none. */
  #string(): string | undefined {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") return undefined;
    const start = this.#at;
    const fence = this.#text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
    let end = this.#text.indexOf(fence, start + fence.length);
    while (end !== -1 && quote === '"' && this.#isEscaped(end)) end = this.#text.indexOf(fence, end + 1);
    end = end === -1 ? this.#text.length : end + fence.length;
    // One or two quotes may stand directly before the three that end it.
    if (fence !== quote) for (let more = 0; more < 2 && this.#text[end] === quote; more++) end++;
    this.#at = end;
    return this.#text.slice(start, end);
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.#text[at - 1 - backslashes] === '\\') backslashes++;
    return backslashes % 2 === 1;
  }

  #skipTrivia(): void {
    while (this.#take(BLANKS_OR_COMMENT) !== undefined);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0];
    this.#at += taken?.length ?? 0;
    return taken;
  }
}

/** The name that a part of a key stands for. */
function nameOf(part: string): string {
  if (!part.includes('\\') || part.startsWith("'")) return /^["']/.test(part) ? part.slice(1, -1) : part;
  try {
    const { name } = parse(`name = ${part}`);
    return typeof name === 'string' ? name : part;
  } catch {
    return part;
  }
}
