import { type Sender, peerOf } from './frame.ts';
import type { IdText } from './reading.ts';

/**
 * Pairs answers with requests. Both peers number their own requests (MCP ≤ 2025-11-25 lets the server ask too), so
 * the asker is part of the key, and so is the id's JSON type. What is kept for a request is the caller's choice.
 */
export class ExchangeTracker<Asked> {
  readonly #open = new Map<string, Asked[]>();

  /** Notes a request. A second one with the same id waits behind the first. */
  ask(asker: Sender, id: IdText, asked: Asked): void {
    const key = keyOf(asker, id);
    const waiting = this.#open.get(key);
    if (waiting) waiting.push(asked);
    else this.#open.set(key, [asked]);
  }

  /** Takes what was kept for the request that an answer from `from` closes; undefined for an orphan. */
  answer(from: Sender, id: IdText): Asked | undefined {
    const key = keyOf(peerOf(from), id);
    const waiting = this.#open.get(key);
    const asked = waiting?.shift();
    if (waiting?.length === 0) this.#open.delete(key);
    return asked;
  }

  /** What was kept for the oldest open request with this id, which stays open. */
  find(asker: Sender, id: IdText): Asked | undefined {
    return this.#open.get(keyOf(asker, id))?.[0];
  }

  /** Everything still unanswered, in order of asking within one id. */
  get open(): readonly Asked[] {
    return [...this.#open.values()].flat();
  }

  /** Gives up every open request and returns what was kept for them. */
  clear(): readonly Asked[] {
    const lost = this.open;
    this.#open.clear();
    return lost;
  }
}

function keyOf(asker: Sender, id: IdText): string {
  return `${asker} ${id}`;
}
