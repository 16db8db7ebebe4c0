import type { IdText, Sender } from '@mcp-dbg/wire';

import type { Cause } from './paired.ts';

/** How many ids are remembered. */
const MAX_ANSWERED = 256;

interface Answered {
  asker: Sender;
  id: IdText;
  n: number;
  method: string | undefined;
  version: string | undefined;
}

/** The ids that were answered or given up last, so that an answer that comes once more finds what it belongs to. */
export class AnsweredIds {
  readonly #ring: Answered[] = [];
  #next = 0;

  add(asker: Sender, id: IdText, { n, method, version }: Cause): void {
    const oldest = this.#ring[this.#next];
    if (oldest === undefined) this.#ring[this.#next] = { asker, id, n, method, version };
    else {
      // Used again, as this is done for every answer.
      oldest.asker = asker;
      oldest.id = id;
      oldest.n = n;
      oldest.method = method;
      oldest.version = version;
    }
    this.#next = (this.#next + 1) % MAX_ANSWERED;
  }

  /** The exchange that had an id; the newest where it was used again. */
  find(asker: Sender, id: IdText): Cause | undefined {
    const { length } = this.#ring;
    for (let back = 1; back <= length; back++) {
      const each = this.#ring[(this.#next - back + length) % length];
      if (each?.asker === asker && each.id === id) return { n: each.n, method: each.method, version: each.version };
    }
    return undefined;
  }

  clear(): void {
    this.#ring.length = 0;
    this.#next = 0;
  }
}
