/** A search backwards through lines, newest first, as in a shell: what matches now, and how to look further. */
export class ReverseSearch {
  readonly #lines: readonly string[];
  #query = '';
  #at = -1;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get query(): string {
    return this.#query;
  }

  /** The line that matches; undefined where nothing was typed yet, or nothing matches. */
  get match(): string | undefined {
    return this.#at === -1 ? undefined : this.#lines[this.#at];
  }

  type(text: string): void {
    this.#query += text;
    this.#find(Math.max(0, this.#at));
  }

  /** Takes the last character back. */
  erase(): void {
    this.#query = Array.from(this.#query).slice(0, -1).join('');
    this.#find(0);
  }

  /** Looks for an older line that matches; the same again where there is none. */
  older(): void {
    const before = this.#at;
    this.#find(this.#at + 1);
    if (this.#at === -1) this.#at = before;
  }

  #find(from: number): void {
    const query = this.#query.toLowerCase();
    this.#at =
      query === '' ? -1 : this.#lines.findIndex((line, at) => at >= from && line.toLowerCase().includes(query));
  }
}
