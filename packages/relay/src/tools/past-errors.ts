/** Something that went wrong, for a model that mends its server. Its texts are plain and bounded. */
export interface PastError {
  readonly kind: 'crash' | 'lost' | 'rpc-error' | 'tool-error' | 'noise';
  /** Wall time, milliseconds since 1970. */
  readonly atMs: number;
  readonly message: string;
  /** What else is known of it, as `mcpdbg_last_errors` tells it. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** Errors of one kind that are kept: many of one kind must not push out the others. */
const MAX_OF_KIND = 50;

/** The latest errors of each kind. */
export class PastErrors {
  readonly #kept = new Map<PastError['kind'], PastError[]>();
  #total = 0;

  /** How many there were, forgotten ones included. */
  get total(): number {
    return this.#total;
  }

  add(error: PastError): void {
    this.#total++;
    const ofKind = this.#kept.get(error.kind) ?? [];
    ofKind.push(error);
    if (ofKind.length > MAX_OF_KIND) ofKind.shift();
    this.#kept.set(error.kind, ofKind);
  }

  /** The newest first. */
  newest(limit: number): readonly PastError[] {
    const all = [...this.#kept.values()].flat();
    return all
      .toReversed()
      .toSorted((a, b) => b.atMs - a.atMs)
      .slice(0, limit);
  }
}
