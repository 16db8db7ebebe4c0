import { ExchangeTracker, type Frame, type IdText, type Sender, peerOf } from '@mcp-dbg/wire';

import type { Asked } from './check.ts';
import { MAX_QUOTE } from './finding.ts';
import { MAX_REMEMBERED } from './shortened.ts';

/** Requests of one side that are remembered, also after their answers: about 7 MB. */
const MAX_KNOWN = 20_000;

/** Requests of one side that wait, and their bytes, that are held: of a peer that never answers the oldest are given up. */
const MAX_WAITING = 16_384;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

const NO_BYTES = new Uint8Array();

/** A request that waits, with the bytes of its frame; what it holds as values is a multiple of that. */
interface Waiting {
  readonly asked: Asked;
  readonly bytes: number;
}

/** What one side asked. */
interface Side {
  /** The latest request of each id. */
  readonly byId: Map<IdText, Asked>;
  /** The requests that wait, and those whose answer is looked at: they still hold what they said. */
  readonly held: Set<Asked>;
  /** True once one was forgotten that had no answer. */
  lostSome: boolean;
}

/** The requests of a connection: those that wait with what they hold, the others by id, method and time. */
export class PastRequests {
  readonly #waiting = new ExchangeTracker<Waiting>({
    most: MAX_WAITING,
    mostSize: MAX_WAITING_BYTES,
    sizeOf: ({ bytes }) => bytes,
    onForgotten: (forgotten, from) => this.#giveUp(forgotten, this.#sides[from]),
  });
  readonly #sides: Readonly<Record<Sender, Side>> = { client: side(), server: side() };
  #forgot = false;

  /** True once a request was forgotten: then an id that is not known says nothing. */
  get forgot(): boolean {
    return this.#forgot;
  }

  /** The latest request of a side with this id, whether it waits or not. */
  latest(from: Sender, id: IdText): Asked | undefined {
    return this.#sides[from].byId.get(id);
  }

  /** The request of a side with this id that waits longest. */
  waiting(from: Sender, id: IdText): Asked | undefined {
    return this.#waiting.find(from, id)?.asked;
  }

  /** All requests of a side that wait. */
  allWaiting(from: Sender): readonly Asked[] {
    return [...this.#sides[from].held];
  }

  /** Takes a request. */
  keep(asked: Asked, bytes: number): void {
    const { from, id } = asked;
    const asker = this.#sides[from];
    asker.held.add(asked);
    this.#waiting.ask(from, id, { asked, bytes });
    this.#remember(asked, asker);
  }

  /** The request that an answer closes, which does not wait any more; it is to be settled once it was looked at. */
  take(from: Sender, id: IdText): Asked | undefined {
    return this.#waiting.answer(from, id)?.asked;
  }

  /** Takes that a request was answered, and drops what it held. */
  settle(asked: Asked, { n, us, endUs }: Frame, becameTask: boolean): void {
    asked.answered = { n, us, endUs };
    asked.becameTask = becameTask;
    this.#release(asked);
  }

  /** True where an answer from `from` that closes nothing may be to a request that was forgotten. */
  mayBeOld(from: Sender, id: IdText): boolean {
    const asker = this.#sides[peerOf(from)];
    const latest = asker.byId.get(id);
    return asker.lostSome || (latest !== undefined && latest.answered === undefined);
  }

  /** Gives up every request that waits, and tells which they are. */
  clear(): readonly Asked[] {
    for (const asker of Object.values(this.#sides)) asker.held.clear();
    return this.#waiting.clear().map(({ asked }) => asked);
  }

  #remember(asked: Asked, { byId, held }: Side): void {
    if (asked.id.length > MAX_REMEMBERED) {
      this.#forgot = true;
      return;
    }
    byId.delete(asked.id);
    byId.set(asked.id, asked);
    const oldest = byId.size > MAX_KNOWN ? byId.values().next().value : undefined;
    if (oldest === undefined) return;
    byId.delete(oldest.id);
    this.#forgot = true;
    if (oldest.answered === undefined && !held.has(oldest)) this.#sides[oldest.from].lostSome = true;
  }

  #giveUp(forgotten: readonly Waiting[], asker: Side): void {
    for (const { asked } of forgotten) {
      this.#release(asked);
      // One that is still known by its id is found by it.
      if (asker.byId.get(asked.id) !== asked) asker.lostSome = true;
    }
  }

  #release(asked: Asked): void {
    this.#sides[asked.from].held.delete(asked);
    asked.params = undefined;
    asked.frame = { ...asked.frame, bytes: NO_BYTES };
  }
}

/** A frame with no more of its bytes than a quote needs, and none of those that were read along with it. */
export function headOf(frame: Frame): Frame {
  return { ...frame, bytes: new Uint8Array(frame.bytes.subarray(0, MAX_QUOTE * 4)) };
}

function side(): Side {
  return { byId: new Map(), held: new Set(), lostSome: false };
}
