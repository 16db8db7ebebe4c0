import type { Exchange, Placed } from '@mcp-dbg/protocol';

import type { ExchangeEntry, StderrEntry } from '../entry.ts';
import type { FrameBytes } from '../frame-bytes.ts';
import type { EventRecord, Named, ReadingListener } from '../reading/capture-reading.ts';
import { exchangeEntry, stderrEntry } from '../reading/entry-listener.ts';
import { CallCounts } from './call-counts.ts';
import { OwnFrames } from './own-frames.ts';
import type { OpenCall, ServerExit, StatsDocument } from './stats-document.ts';
import { ToolLists } from './tool-lists.ts';

const MAX_OPEN_CALLS = 100;
const MAX_EXITS = 100;
const MAX_NAMES = 500;

/** What of a capture is counted, and where the bytes of frames are. */
export interface Counted<F extends Placed> extends FrameBytes<F> {
  /** Which exchanges and lines count; all where it is left out. Asked when nothing changes them any more. */
  counts?(entry: ExchangeEntry<F> | StderrEntry): boolean;
  /** A capture begins that was opened then (ISO 8601). */
  opened?(at: string): void;
}

/** Counts what a reading of a capture tells. Memory is bounded, whatever was captured. */
export class CaptureStats<F extends Placed> implements ReadingListener<F> {
  readonly #counted: Counted<F>;
  readonly #methods = new CallCounts();
  readonly #tools = new CallCounts();
  readonly #servers = new CallCounts();
  readonly #lists = new ToolLists();
  readonly #notifications = new Map<string | undefined, number>();
  /** Of the capture that is read. */
  readonly #startsOf = new Map<string | undefined, number>();
  readonly #noise = { lines: 0, bytes: 0 };
  readonly #stderr = { lines: 0, bytes: 0 };
  readonly #faults = new Map<string | undefined, number>();
  readonly #own = new OwnFrames();
  readonly #gaps = { count: 0, bytes: 0 };
  readonly #torn = { count: 0, bytes: 0 };
  readonly #open: OpenCall[] = [];
  readonly #exits: ServerExit[] = [];
  #openCount = 0;
  #ownCount = 0;
  #exchanges = 0;
  #batches = 0;
  #orphans = 0;
  #starts = 0;
  #restarts = 0;
  /** Microseconds of the captures that ended. */
  #us = 0;

  constructor(counted: Counted<F>) {
    this.#counted = counted;
  }

  exchange(exchange: Exchange<F>, of: Named): void {
    const { n, status, kind, answer } = exchange;
    if (status === 'pending') {
      if (answer === undefined) this.#own.begins(exchange, of.number);
      return;
    }
    const isSaid = kind === 'notification' || kind === 'batch';
    const isOwn = isSaid && status === undefined ? this.#own.begins(exchange, of.number) : this.#own.ends(n);
    if (!this.#counts(exchange, of)) return;
    if (isOwn) {
      this.#ownCount++;
      return;
    }
    switch (kind) {
      case 'request':
      case 'batch':
        this.#end(exchange, of);
        return;
      case 'notification':
        countUp(this.#notifications, exchange.method);
        return;
      case 'response':
        this.#orphans++;
        return;
      case 'noise':
        this.#noise.lines++;
        this.#noise.bytes += this.#counted.sizeOf(exchange.frame);
    }
  }

  /** An exchange that is not waited for any more although nothing became of it. */
  pending(exchange: Exchange<F>, of: Named): void {
    if (!this.#counts(exchange, of)) return;
    if (this.#own.ends(exchange.n)) this.#ownCount++;
    else this.#end(exchange, of);
  }

  stderr(us: number, bytes: Uint8Array, terminated: boolean, of: Named): void {
    if (this.#counted.counts?.(stderrEntry(us, bytes, terminated, of)) === false) return;
    this.#stderr.lines++;
    this.#stderr.bytes += bytes.length + (terminated ? 1 : 0);
  }

  event(us: number, event: EventRecord, of: Named | undefined): void {
    if (event.t === 'open') {
      this.#counted.opened?.(event.at);
      // Another capture in the same file is another run: its first start is none over again.
      this.#startsOf.clear();
      this.#own.clear();
    }
    if (event.t === 'spawn' || event.t === 'connect') this.#start(of?.server);
    if (event.t === 'fault') countUp(this.#faults, event.action);
    if (event.t === 'fault' || event.t === 'note') this.#own.done(event);
    if (event.t === 'gap') {
      this.#gaps.count++;
      for (const { bytes } of event.missed) this.#gaps.bytes += bytes;
    }
    if (event.t === 'torn') {
      this.#torn.count++;
      this.#torn.bytes += event.bytes;
    }
    if (event.t === 'exit' && this.#exits.length < MAX_EXITS) {
      const { conn, code, signal } = event;
      this.#exits.push({ us, conn, server: of?.server, code, signal });
    }
  }

  settled(): void {}

  finished(us: number): void {
    this.#us += us;
  }

  /** What was counted, when the capture came to its end; so many frames were in it. */
  document(frames: number): StatsDocument {
    return {
      duration: this.#us / 1000,
      frames,
      exchanges: this.#exchanges,
      batches: this.#batches,
      methods: this.#methods.stats,
      tools: this.#tools.stats,
      servers: this.#servers.stats,
      notifications: byCount(this.#notifications).map(([method, count]) => ({ method, count })),
      noise: this.#noise,
      orphans: this.#orphans,
      stderr: this.#stderr,
      unanswered: { count: this.#openCount, first: this.#open },
      starts: this.#starts,
      restarts: this.#restarts,
      exits: this.#exits,
      own: this.#ownCount,
      faults: byCount(this.#faults).map(([action, count]) => ({ action, count })),
      gaps: this.#gaps,
      torn: this.#torn,
      context: this.#lists.costs,
    };
  }

  #counts(exchange: Exchange<F>, of: Named): boolean {
    return this.#counted.counts?.(exchangeEntry(exchange, of)) ?? true;
  }

  #end(exchange: Exchange<F>, { number: conn, server }: Named): void {
    const { kind, method, tool, frame, answer, status } = exchange;
    // A late answer to what was called off is no second call.
    if (status === 'cancelled' && answer !== undefined) return;
    // A subscription is answered when it ends, which may be never: nobody was left waiting.
    const isOpenStream = method === 'subscriptions/listen' && status === 'lost';
    if ((status === 'lost' || status === 'pending') && method !== 'subscriptions/listen')
      this.#leave(exchange, conn, server, status);
    if (kind === 'batch') {
      this.#batches++;
      return;
    }
    this.#exchanges++;
    const answerBytes = answer === undefined ? 0 : this.#counted.sizeOf(answer);
    const counted: Exchange<F> = isOpenStream ? { ...exchange, status: 'pending' } : exchange;
    const call = { exchange: counted, requestBytes: this.#counted.sizeOf(frame), answerBytes };
    this.#methods.add(method, call);
    if (tool !== undefined) this.#tools.add(tool, call);
    this.#servers.add(server, call);
    if (method !== 'tools/list' || status !== 'ok' || answer === undefined) return;
    this.#lists.add(server, this.#counted.bytesOf(frame), this.#counted.bytesOf(answer));
  }

  #leave(
    { n, us, id, method, tool }: Exchange<F>,
    conn: number,
    server: string | undefined,
    status: OpenCall['status'],
  ): void {
    this.#openCount++;
    if (this.#open.length < MAX_OPEN_CALLS) this.#open.push({ n, us, conn, server, id, method, tool, status });
  }

  #start(server: string | undefined): void {
    this.#starts++;
    const known = this.#startsOf.get(server);
    const key = known === undefined && this.#startsOf.size >= MAX_NAMES ? undefined : server;
    const before = known ?? this.#startsOf.get(key) ?? 0;
    if (before > 0) this.#restarts++;
    this.#startsOf.set(key, before + 1);
  }
}

/** Counts one more of a name; past the limit of names the others are counted together, under `undefined`. */
function countUp(counts: Map<string | undefined, number>, name: string | undefined): void {
  const known = counts.get(name);
  const key = known === undefined && counts.size >= MAX_NAMES ? undefined : name;
  counts.set(key, (known ?? counts.get(key) ?? 0) + 1);
}

function byCount(counts: ReadonlyMap<string | undefined, number>): readonly (readonly [string | undefined, number])[] {
  return [...counts].toSorted(([, one], [, other]) => other - one);
}
