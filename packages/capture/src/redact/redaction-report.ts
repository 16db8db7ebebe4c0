/** What was replaced in one place, and never the secret itself. */
export interface Replaced {
  /** What kind of secret: a name such as `api-key`, a shape such as `jwt`, `env:NAME` or `pattern`. */
  readonly kind: string;
  /** The path of keys that leads to it, or `text`. Raw: keys are a peer's own words. */
  readonly where: string;
  readonly count: number;
}

/** A peer chooses its keys, and so how many places there are; what goes beyond is counted together. */
const MAX_PLACES = 10_000;
const ELSEWHERE = '…';

/** Counts what was replaced by kind and place. */
export class RedactionReport {
  readonly #rows = new Map<string, { readonly kind: string; readonly where: string; count: number }>();

  add(kind: string, where: string): void {
    const known = this.#rows.get(keyOf(kind, where));
    if (known !== undefined) known.count++;
    else if (this.#rows.size < MAX_PLACES || where === ELSEWHERE)
      this.#rows.set(keyOf(kind, where), { kind, where, count: 1 });
    else this.add(kind, ELSEWHERE);
  }

  /** In order of first sight. */
  get rows(): readonly Replaced[] {
    return Array.from(this.#rows.values(), (row) => ({ ...row }));
  }
}

function keyOf(kind: string, where: string): string {
  return `${kind}\n${where}`;
}
