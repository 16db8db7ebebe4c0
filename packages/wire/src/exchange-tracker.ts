import { type Sender, peerOf } from './frame.ts';
import type { IdText } from './reading.ts';

/** The open requests of one side. */
interface Side<Asked> {
  /** The oldest of each id. */
  readonly first: Map<IdText, Asked>;
  /** Those that repeat the id of an open one, which peers must not do and some do. */
  readonly behind: Map<IdText, Asked[]>;
}

/**
 * Pairs answers with requests. Both peers number their own requests (MCP ≤ 2025-11-25 lets the server ask too), so
 * the asker is part of the key, and so is the id's JSON type. What is kept for a request is the caller's choice.
 */
export class ExchangeTracker<Asked> {
  readonly #sides: Readonly<Record<Sender, Side<Asked>>> = { client: side(), server: side() };

  /** Notes a request. A second one with the same id waits behind the first. */
  ask(asker: Sender, id: IdText, asked: Asked): void {
    const { first, behind } = this.#sides[asker];
    if (!first.has(id)) {
      first.set(id, asked);
      return;
    }
    const waiting = behind.get(id);
    if (waiting === undefined) behind.set(id, [asked]);
    else waiting.push(asked);
  }

  /** Takes what was kept for the request that an answer from `from` closes; undefined for an orphan. */
  answer(from: Sender, id: IdText): Asked | undefined {
    const { first, behind } = this.#sides[peerOf(from)];
    const asked = first.get(id);
    if (asked === undefined) return undefined;
    const waiting = behind.size === 0 ? undefined : behind.get(id);
    const next = waiting?.shift();
    if (waiting?.length === 0) behind.delete(id);
    if (next === undefined) first.delete(id);
    else first.set(id, next);
    return asked;
  }

  /** What was kept for the oldest open request with this id, which stays open. */
  find(asker: Sender, id: IdText): Asked | undefined {
    return this.#sides[asker].first.get(id);
  }

  /** Everything still unanswered, in order of asking within one id. */
  get open(): readonly Asked[] {
    return Object.values(this.#sides).flatMap(({ first, behind }) =>
      [...first].flatMap(([id, asked]) => [asked, ...(behind.get(id) ?? [])]),
    );
  }

  /** Gives up the older half of the ids that one side has open, and returns what was kept for them. */
  forgetHalf(asker: Sender): readonly Asked[] {
    const { first, behind } = this.#sides[asker];
    const forgotten: Asked[] = [];
    let left = Math.ceil(first.size / 2);
    for (const [id, asked] of first) {
      if (left-- <= 0) break;
      forgotten.push(asked, ...(behind.get(id) ?? []));
      first.delete(id);
      behind.delete(id);
    }
    return forgotten;
  }

  /** Gives up every open request and returns what was kept for them. */
  clear(): readonly Asked[] {
    const lost = this.open;
    for (const { first, behind } of Object.values(this.#sides)) {
      first.clear();
      behind.clear();
    }
    return lost;
  }
}

function side<Asked>(): Side<Asked> {
  return { first: new Map(), behind: new Map() };
}
