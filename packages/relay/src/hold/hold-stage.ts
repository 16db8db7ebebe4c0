import { type Sender, peerOf } from '@mcp-dbg/wire';

import { type LiveExchange, LiveTraffic } from '../live/live-traffic.ts';
import type { RelayFrame } from '../relay-frame.ts';
import type { Stage, StageContext } from '../stage.ts';
import type { Decision, FrameSummary, HeldFrame, HoldEnd, HoldEvent } from './decision.ts';
import { summaryOf } from './frame-summary.ts';
import { heldNote, settledNote } from './hold-notes.ts';
import type { HoldOptions } from './hold-options.ts';
import { WaitingLine } from './waiting-line.ts';

/** Milliseconds by which a frame may go on too early, along with one that is due. */
const TOGETHER_MS = 50;

/** Handshakes: before they are over a peer may not understand anything else. */
const HANDSHAKE: ReadonlySet<string> = new Set(['initialize', 'notifications/initialized']);

/** A frame that waits: held itself, or behind one that is. */
interface Item {
  readonly frame: RelayFrame;
  readonly what: FrameSummary;
  readonly exchanges: readonly number[];
  readonly isBarrier: boolean;
  readonly waitsForAll: boolean;
  /** Undefined where it only waits for others. */
  readonly held: HeldFrame | undefined;
  readonly sinceMs: number;
  isSettled: boolean;
  how: HoldEnd;
  /** What is sent where it is not passed on itself. */
  sent: readonly RelayFrame[];
}

type HeldItem = Item & { readonly held: HeldFrame };

const BY_DECISION: Readonly<Record<Decision['kind'], HoldEnd>> = {
  accept: 'accepted',
  drop: 'dropped',
  edit: 'edited',
  reply: 'answered',
};

/** The stage of a {@link HoldDesk}. */
export class HoldStage implements Stage {
  readonly #options: Required<HoldOptions>;
  readonly #context: StageContext;
  readonly #tell: (event: HoldEvent) => void;
  readonly #traffic: LiveTraffic;
  readonly #lines: Readonly<Record<Sender, WaitingLine<Item>>> = {
    client: new WaitingLine(),
    server: new WaitingLine(),
  };
  /** What is held and not settled, by number, in the order in which it came: so is it due, too. */
  readonly #held = new Map<number, HeldItem>();
  #number = 0;
  #callOff: (() => void) | undefined;
  #isOff = false;
  /** Why nothing is held, until that is on record. */
  #offReason: string | undefined;

  constructor(options: Required<HoldOptions>, context: StageContext, tell: (event: HoldEvent) => void) {
    this.#options = options;
    this.#context = context;
    this.#tell = tell;
    this.#traffic = new LiveTraffic(options.clock);
  }

  fromClient(frame: RelayFrame): void {
    this.#take(frame);
  }

  fromServer(frame: RelayFrame): void {
    this.#take(frame);
  }

  flush(): void {
    this.#settleAll('server', 'ended');
  }

  ended(sender: Sender): void {
    this.#settleAll(sender, 'ended');
  }

  close(): void {
    this.#callOff?.();
    this.#isOff = true;
    this.#held.clear();
    for (const sender of ['client', 'server'] as const) {
      const { items } = this.#lines[sender];
      for (const item of items) {
        item.isSettled = true;
        item.how = 'closed';
      }
      this.#letGo(sender, items);
    }
  }

  get held(): readonly HeldFrame[] {
    return Array.from(this.#held.values(), ({ held }) => held);
  }

  /** What is held under this number; undefined where it has gone on, or was decided. */
  heldAs(number: number): { readonly held: HeldFrame; readonly frame: RelayFrame } | undefined {
    return this.#held.get(number);
  }

  /** Gives the number of the held frame that this one still waits for, if it does. */
  settle(number: number, kind: Decision['kind'], sent: readonly RelayFrame[]): number | undefined {
    const item = this.#held.get(number);
    if (item === undefined) return undefined;
    const line = this.#lines[item.frame.from];
    this.#settleAs(item, BY_DECISION[kind]);
    item.sent = sent;
    if (kind === 'drop' || kind === 'reply') dropCancellation(line.related(item));
    this.#letGo(item.frame.from, [item]);
    return line.blockerOf(item, ({ held, isSettled }) => held !== undefined && !isSettled)?.held?.number;
  }

  acceptAll(): number {
    const count = this.#held.size;
    this.#settleAll('client', 'accepted');
    this.#settleAll('server', 'accepted');
    return count;
  }

  add(frames: readonly RelayFrame[]): void {
    const [first] = frames;
    if (first === undefined) return;
    const to = peerOf(first.from);
    this.#context.record({ kind: 'note', from: first.from, text: `added for the ${to}, by hand` });
    for (const frame of frames) this.#passOn(frame, summaryOf(frame, this.#traffic.see(frame)));
  }

  giveUp(reason: string): void {
    if (this.#isOff) return;
    this.#isOff = true;
    this.#offReason = reason;
    this.#settleAll('client', 'ended');
    this.#settleAll('server', 'ended');
    this.#tell({ kind: 'off', reason });
  }

  #take(frame: RelayFrame): void {
    this.#sayWhyOff();
    const seen = this.#traffic.see(frame);
    const what = summaryOf(frame, seen);
    const line = this.#lines[frame.from];
    const isHeld = !this.#isOff && this.#matches(seen);
    const exchanges = exchangesOf(seen);
    // A line that has no end, or none yet, must not come between others.
    const waitsForAll = frame.isPiece || !frame.endsLine;
    if (!isHeld && !line.blocks({ exchanges, waitsForAll })) {
      this.#passOn(frame, what);
      return;
    }
    const sinceMs = this.#options.clock.now();
    const held = isHeld ? this.#hold(frame, what, sinceMs) : undefined;
    const isBarrier = isHeld && what.method !== undefined && HANDSHAKE.has(what.method);
    const waits = { frame, what, exchanges, isBarrier, waitsForAll, sinceMs };
    const item = { ...waits, isSettled: !isHeld, how: 'accepted', sent: [] } as const;
    this.#context.holds(frame.from, frame.bytes.length);
    if (held === undefined) {
      line.add({ ...item, held });
      return;
    }
    const heldItem = { ...item, held };
    line.add(heldItem);
    this.#held.set(held.number, heldItem);
    const text = heldNote(held, this.#options.holdMs);
    this.#context.record({ kind: 'note', from: frame.from, text });
    this.#tell({ kind: 'held', held });
    this.#wind();
  }

  /** With the next frame: before the first there is no record yet. */
  #sayWhyOff(): void {
    if (this.#offReason === undefined) return;
    this.#context.record({ kind: 'note', text: `nothing is held: ${this.#offReason}` });
    this.#offReason = undefined;
  }

  #matches(seen: readonly LiveExchange[]): boolean {
    return seen.some(({ subject }) => this.#options.filters.some((filter) => filter.matches(subject)));
  }

  #hold({ from, bytes, by }: RelayFrame, what: FrameSummary, sinceMs: number): HeldFrame {
    const dueMs = sinceMs + this.#options.holdMs;
    return { number: ++this.#number, from, bytes, isOurs: by !== undefined, what, dueMs };
  }

  /** Settles what is due by then; the first that came is due first. */
  #settleAll(sender: Sender, how: HoldEnd, dueMs = Infinity): void {
    const settled: Item[] = [];
    for (const item of this.#held.values()) {
      if (item.held.dueMs > dueMs) break;
      if (item.frame.from !== sender) continue;
      this.#settleAs(item, how);
      settled.push(item);
    }
    this.#letGo(sender, settled);
  }

  #settleAs(item: HeldItem, how: HoldEnd): void {
    this.#held.delete(item.held.number);
    item.isSettled = true;
    item.how = how;
  }

  #letGo(sender: Sender, settled: readonly Item[]): void {
    for (const item of this.#lines[sender].take(settled)) {
      this.#context.holds(sender, -item.frame.bytes.length);
      this.#settled(item);
    }
  }

  /** Does to a frame what was decided, and says so. */
  #settled({ frame, what, held, sinceMs, how, sent }: Item): void {
    const ms = Math.round(this.#options.clock.now() - sinceMs);
    const { from } = frame;
    const isPassedOn = how === 'accepted' || how === 'timeout' || how === 'ended';
    const text = settledNote({ number: held?.number, what, how, ms });
    this.#context.record({ kind: 'note', from, text, ...(!isPassedOn && { original: frame.bytes }) });
    if (isPassedOn) this.#send(frame);
    for (const each of sent) this.#send(each);
    if (how === 'answered') for (const each of sent) this.#traffic.see(each);
    if (held !== undefined) this.#tell({ kind: 'settled', number: held.number, how, ms });
    else if (isPassedOn) this.#tell({ kind: 'passed', from, bytes: frame.bytes, isOurs: frame.by !== undefined, what });
  }

  #passOn(frame: RelayFrame, what: FrameSummary): void {
    const { from, bytes, by } = frame;
    this.#send(frame);
    this.#tell({ kind: 'passed', from, bytes, isOurs: by !== undefined, what });
  }

  #send(frame: RelayFrame): void {
    if (frame.from === 'client') this.#context.toServer(frame);
    else this.#context.toClient(frame);
  }

  /** One timer for all. It is left to run where what it was for is settled by then. */
  #wind(): void {
    if (this.#callOff !== undefined) return;
    const { clock } = this.#options;
    const [next] = this.#held.values();
    if (next === undefined) return;
    const { dueMs } = next.held;
    this.#callOff = clock.after(Math.max(0, dueMs - clock.now()), () => {
      this.#callOff = undefined;
      // Of a flood, many go on together.
      const untilMs = Math.max(clock.now(), dueMs) + TOGETHER_MS;
      this.#settleAll('client', 'timeout', untilMs);
      this.#settleAll('server', 'timeout', untilMs);
      this.#wind();
    });
  }
}

/** The exchanges that a frame belongs to, by the numbers of their first frames. */
function exchangesOf(seen: readonly LiveExchange[]): readonly number[] {
  return [...new Set(seen.flatMap(({ exchange: { n, of } }) => (of === undefined ? [n] : [n, of])))];
}

/** A request that never reaches its peer is not called off there either. */
function dropCancellation(related: readonly Item[]): void {
  for (const item of related)
    if (item.held === undefined && item.what.method === 'notifications/cancelled') item.how = 'dropped';
}
