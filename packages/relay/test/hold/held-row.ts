import { type Decision, HoldDesk, type HoldEvent, liveFilter } from '@mcp-dbg/relay/hold';
import { type FaultEvent, type NoteEvent, RelayFrame, type Stage, type StageContext } from '@mcp-dbg/relay';
import type { Sender } from '@mcp-dbg/wire';

import { IDLE_SERVER } from '../idle-server.ts';

/** What came out of the stage towards one peer. */
interface Passed {
  /** Whose frame it is. */
  readonly from: Sender;
  readonly text: string;
  readonly by: string | undefined;
}

/** A stage between two peers that only remember, and a clock that a test moves. */
export class HeldRow {
  readonly desk: HoldDesk;
  readonly passed: Passed[] = [];
  readonly recorded: (FaultEvent | NoteEvent)[] = [];
  readonly events: HoldEvent[] = [];
  /** Bytes that the stage says it holds. */
  readonly held: Record<Sender, number> = { client: 0, server: 0 };
  readonly #stage: Stage;
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(filters: readonly string[], holdMs = 1000) {
    this.desk = new HoldDesk({
      filters: filters.map(liveFilter),
      holdMs,
      clock: {
        now: () => this.#nowMs,
        wallTime: () => '2026-11-20T20:40:00.000Z',
        after: (ms, run) => {
          const timer = { atMs: this.#nowMs + ms, run };
          this.#timers.push(timer);
          return () => void (this.#timers = this.#timers.filter((each) => each !== timer));
        },
      },
    });
    this.desk.watch((event) => this.events.push(event));
    const pass = (frame: RelayFrame): void =>
      void this.passed.push({ from: frame.from, text: new TextDecoder().decode(frame.bytes), by: frame.by });
    const context: StageContext = {
      toServer: pass,
      toClient: pass,
      record: (event) => void this.recorded.push(event),
      show: () => {},
      holds: (from, bytes) => void (this.held[from] += bytes),
      server: IDLE_SERVER,
    };
    this.#stage = this.desk.stage(context);
  }

  /** Lets a peer say something; an object is written as JSON, and a newline follows it. */
  says(from: Sender, what: object | string, as: { readonly isPiece?: boolean } = {}): void {
    const text = typeof what === 'string' ? what : `${JSON.stringify(what)}\n`;
    const frame = new RelayFrame(from, new TextEncoder().encode(text), as);
    if (from === 'client') this.#stage.fromClient(frame);
    else this.#stage.fromServer(frame);
  }

  ends(sender: Sender): void {
    this.#stage.ended?.(sender);
  }

  closes(): void {
    this.#stage.close?.();
  }

  /** Decides on the frame that was held as the one of this number. */
  decide(number: number, decision: Decision): ReturnType<HoldDesk['decide']> {
    return this.desk.decide(number, decision);
  }

  /** Lets time pass; what is due by then happens. */
  wait(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.run();
    }
    this.#nowMs = untilMs;
  }

  get timers(): number {
    return this.#timers.length;
  }

  /** The texts that reached the peer of a sender, without their newlines. */
  reached(from: Sender): readonly string[] {
    return this.passed.filter((each) => each.from === from).map(({ text }) => text.trimEnd());
  }
}

/** A message of each kind. */
export const request = (id: number | string, method = 'tools/call', params: object = {}): object => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});
export const result = (id: number | string, value: object = {}): object => ({ jsonrpc: '2.0', id, result: value });
export const notification = (method: string, params: object = {}): object => ({ jsonrpc: '2.0', method, params });
