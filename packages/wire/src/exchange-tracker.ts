import { type Sender, peerOf } from './frame.ts';
import type { IdText } from './reading.ts';

/** How much an {@link ExchangeTracker} keeps of each side: there are peers that never answer. */
export interface TrackerBound<Asked> {
  /** Requests that may be open; past that the older half of the ids is forgotten. */
  readonly most: number;
  /** What all of them may amount to, by `sizeOf`, past which the same happens; a single one may be larger. */
  readonly mostSize?: number;
  readonly sizeOf?: (asked: Asked) => number;
  /** Is given what was kept for the requests that were forgotten. */
  readonly onForgotten?: (forgotten: readonly Asked[], asker: Sender) => void;
}

/** The open requests of one side. */
interface Side<Asked> {
  /** The oldest of each id. */
  readonly first: Map<IdText, Asked>;
  /** Those that repeat the id of an open one, which peers must not do and some do. */
  readonly behind: Map<IdText, Asked[]>;
  count: number;
  size: number;
}

/**
 * Pairs answers with requests. Both peers number their own requests (MCP ≤ 2025-11-25 lets the server ask too), so
 * the asker is part of the key, and so is the id's JSON type. What is kept for a request is the caller's choice.
 */
export class ExchangeTracker<Asked> {
  readonly #sides: Readonly<Record<Sender, Side<Asked>>> = { client: side(), server: side() };
  readonly #bound: TrackerBound<Asked>;

  /** Without a bound, whatever is asked is kept until it is answered. */
  constructor(bound: TrackerBound<Asked> = { most: Infinity }) {
    this.#bound = bound;
  }

  /** Notes a request. A second one with the same id waits behind the first. */
  ask(asker: Sender, id: IdText, asked: Asked): void {
    const { first, behind } = this.#sides[asker];
    const waiting = behind.get(id);
    if (!first.has(id)) first.set(id, asked);
    else if (waiting === undefined) behind.set(id, [asked]);
    else waiting.push(asked);
    this.#count(asker, asked, 1);
    this.#keepWithin(asker);
  }

  /** Takes what was kept for the request that an answer from `from` closes; undefined for an orphan. */
  answer(from: Sender, id: IdText): Asked | undefined {
    const asker = peerOf(from);
    const { first, behind } = this.#sides[asker];
    const asked = first.get(id);
    if (asked === undefined) return undefined;
    const waiting = behind.size === 0 ? undefined : behind.get(id);
    const next = waiting?.shift();
    if (waiting?.length === 0) behind.delete(id);
    if (next === undefined) first.delete(id);
    else first.set(id, next);
    this.#count(asker, asked, -1);
    return asked;
  }

  /** What was kept for the oldest open request with this id, which stays open. */
  find(asker: Sender, id: IdText): Asked | undefined {
    return this.#sides[asker].first.get(id);
  }

  /** How many requests one side has open. */
  openOf(asker: Sender): number {
    return this.#sides[asker].count;
  }

  /** Everything still unanswered, in order of asking within one id. */
  get open(): readonly Asked[] {
    return Object.values(this.#sides).flatMap(({ first, behind }) =>
      [...first].flatMap(([id, asked]) => [asked, ...(behind.get(id) ?? [])]),
    );
  }

  /** Gives up every open request and returns what was kept for them. */
  clear(): readonly Asked[] {
    const lost = this.open;
    for (const each of Object.values(this.#sides)) {
      each.first.clear();
      each.behind.clear();
      each.count = 0;
      each.size = 0;
    }
    return lost;
  }

  #count(asker: Sender, asked: Asked, by: 1 | -1): void {
    const asking = this.#sides[asker];
    asking.count += by;
    asking.size += by * (this.#bound.sizeOf?.(asked) ?? 0);
  }

  #keepWithin(asker: Sender): void {
    const { most, mostSize = Infinity, onForgotten } = this.#bound;
    const asking = this.#sides[asker];
    while (asking.count > 1 && (asking.count > most || asking.size > mostSize)) {
      const forgotten = this.#forgetHalf(asking);
      for (const asked of forgotten) this.#count(asker, asked, -1);
      onForgotten?.(forgotten, asker);
    }
  }

  #forgetHalf({ first, behind }: Side<Asked>): readonly Asked[] {
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
}

function side<Asked>(): Side<Asked> {
  return { first: new Map(), behind: new Map(), count: 0, size: 0 };
}
