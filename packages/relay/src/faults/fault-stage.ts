import type { Message, Sender } from '@mcp-dbg/wire';

import { calledOff } from '../continuity/continuity.ts';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { LiveTraffic } from '../live/live-traffic.ts';
import { RelayFrame } from '../relay-frame.ts';
import type { AnswerLost, MakeStage, Stage, StageContext } from '../stage.ts';
import { withId } from './change-frame.ts';
import type { FaultRule } from './fault-rule.ts';
import { type Effect, type Flight, untouched } from './flight.ts';
import { IdTricks } from './id-tricks.ts';
import { Lane, type Parcel } from './lane.ts';
import { LiveRule } from './live-rule.ts';
import { type Sight, sightOf } from './sight.ts';
import { Unanswered } from './unanswered.ts';

const LF = 0x0a;
/** How much is written to stderr at once, in bytes. */
const FLOOD_PIECE = 64 * 1024;
const FLOOD_LINE = 'A fault rule of mcp-dbg floods stderr with lines such as this one.\n';

export interface FaultStageOptions {
  /** Decides all that is left to chance: a whole number from 0 to {@link MAX_SEED}. */
  readonly seed: number;
  /** The name of the server, which filters can ask for. */
  readonly server?: string | undefined;
  /** The real time, unless given. */
  readonly clock?: Clock;
}

/**
 * Puts faults into the traffic as rules say. Every firing is recorded with the frame as it came before anything of it is
 * passed on. What the seed and the traffic are decides all that happens. The rules go on counting where several stages are
 * made, one after another.
 */
export function faultStage(rules: readonly FaultRule[], options: FaultStageOptions): MakeStage {
  const live = rules.map((rule, index) => new LiveRule(rule, options.seed, index));
  const start = `Faults are made on purpose, seed ${options.seed}: ${rules.map((rule) => rule.text).join(' | ')}`;
  return (context) => new FaultStage(live, { ...options, start }, context);
}

class FaultStage implements Stage {
  readonly #rules: readonly LiveRule[];
  readonly #clock: Clock;
  readonly #context: StageContext;
  readonly #live: LiveTraffic;
  readonly #ids: IdTricks;
  readonly #lanes: Readonly<Record<Sender, Lane>>;
  /** What is said once, before the first frame. */
  #start: string | undefined;
  /** What waits for its time after a frame. */
  readonly #waiting = new Set<() => void>();
  /** The process that ignores its end. */
  #hanging: number | undefined;
  readonly #unanswered = new Unanswered();

  constructor(
    rules: readonly LiveRule[],
    options: FaultStageOptions & { readonly start: string },
    context: StageContext,
  ) {
    const { clock = SYSTEM_CLOCK, server, start } = options;
    this.#start = start;
    this.#rules = rules;
    this.#clock = clock;
    this.#context = context;
    this.#live = new LiveTraffic(clock, server);
    this.#ids = new IdTricks(this.#live);
    this.#lanes = {
      client: new Lane({
        pass: (frame) => context.toServer(frame),
        holds: (bytes) => context.holds('client', bytes),
        clock,
      }),
      server: new Lane({
        pass: (frame) => this.#toClient(frame),
        holds: (bytes) => context.holds('server', bytes),
        clock,
      }),
    };
  }

  fromClient(frame: RelayFrame): void {
    this.#take(frame);
  }

  fromServer(frame: RelayFrame): void {
    this.#take(frame);
  }

  ended(sender: Sender): void {
    this.#lanes[sender].end();
  }

  flush(): void {
    this.#lanes.server.flush();
  }

  /** Ends the line that was begun, and answers what the client waits for and no process has to answer any more. */
  died(answer: AnswerLost): void {
    const { server } = this.#lanes;
    server.send(parcelOf({ ...NOTHING, frames: [LINE_END] }, undefined));
    for (const lost of this.#unanswered.takeLost())
      server.send(this.#onOwnLine(parcelOf({ ...NOTHING, frames: [answer(lost)] }, undefined)));
  }

  close(): void {
    for (const stop of this.#waiting) stop();
    this.#waiting.clear();
    this.#lanes.client.close();
    this.#lanes.server.close();
  }

  #take(frame: RelayFrame): void {
    if (this.#start !== undefined) this.#context.record({ kind: 'note', text: this.#start });
    this.#start = undefined;
    if (frame.isPiece) {
      this.#lanes[frame.from].send(parcelOf(untouched(frame), undefined));
      return;
    }
    const sight = sightOf(frame, this.#live);
    let flight = this.#settled(frame);
    // What mcp-dbg itself says, of a crash for example, is to be relied on.
    const rules = frame.by === undefined ? this.#rules : [];
    let afterMs = 0;
    let reordering: LiveRule | undefined;
    for (const each of rules) {
      if (flight.frames.length === 0) break;
      const fired = each.fire(flight, {
        frame,
        sight,
        live: this.#live,
        ids: this.#ids,
        isHanging: this.#context.server.pid === undefined || this.#context.server.pid === this.#hanging,
      });
      if (fired === undefined) continue;
      const { rule } = each;
      this.#context.record({
        kind: 'fault',
        from: frame.from,
        action: fired.done,
        rule: rule.text,
        original: frame.bytes,
      });
      ({ flight } = fired);
      afterMs = rule.afterMs ?? afterMs;
      if (flight.reorder !== undefined) reordering ??= each;
    }
    const [message] = frame.messages;
    if (message !== undefined) this.#ids.answered(frame.from, message);
    if (frame.by === undefined) this.#unanswered.take(frame, flight.frames);
    const off = frame.from === 'client' ? calledOff(frame) : undefined;
    if (off !== undefined) this.#unanswered.forget(off);
    this.#dispatch(flight, sight, afterMs, reordering, frame.by !== undefined && frame.from === 'server');
  }

  #toClient(frame: RelayFrame): void {
    if (frame === LINE_END && !this.#unanswered.isMidLine) return;
    this.#context.toClient(frame);
    this.#unanswered.passed(frame);
  }

  /** What mcp-dbg itself says to the client is to be read whatever stands before it. */
  #onOwnLine(parcel: Parcel): Parcel {
    const onPassing = (): void => {
      this.#toClient(LINE_END);
      parcel.onPassing();
    };
    return { ...parcel, onPassing };
  }

  /** The frame under the id that it has to take because another answer has its own. */
  #settled(frame: RelayFrame): Flight {
    const flight = untouched(frame);
    const message = onlyMessage(frame);
    const owed = message && this.#ids.settle(frame.from, message);
    if (message === undefined || owed === undefined) return flight;
    const { rule, token } = owed;
    this.#context.record({ kind: 'fault', from: frame.from, action: 'id=swap', rule, original: frame.bytes });
    return { ...flight, frames: [withId(frame, message, token)] };
  }

  #dispatch(flight: Flight, sight: Sight, afterMs: number, reordering: LiveRule | undefined, isOurs: boolean): void {
    const lane = this.#lanes[flight.from];
    // A server that is killed at a request is killed before it has it: else a quick one would answer yet.
    const isFirst = ({ kind }: Effect): boolean =>
      (kind === 'kill' || kind === 'exit') && afterMs === 0 && sight.side === 'req' && flight.from === 'client';
    const [first, then] = [flight.effects.filter(isFirst), flight.effects.filter((effect) => !isFirst(effect))];
    const made = parcelOf(flight, keyOf(sight), {
      onPassing: () => this.#after(first, 0),
      onPassed: () => this.#after(then, afterMs),
    });
    const parcel = isOurs ? this.#onOwnLine(made) : made;
    if (flight.stall !== undefined) lane.stall(flight.stall.ms);
    if (flight.frames.length === 0) this.#after(flight.effects, afterMs);
    else if (flight.reorder === undefined || reordering === undefined) lane.send(parcel);
    else lane.gather(reordering, flight.reorder, parcel);
  }

  #after(effects: readonly Effect[], ms: number): void {
    if (effects.length === 0) return;
    const { pid } = this.#context.server;
    // What was meant for one process must not hit the next.
    const run = (): void => {
      if (this.#context.server.pid === pid) effects.forEach((effect) => this.#cause(effect));
    };
    if (ms === 0) {
      run();
      return;
    }
    const stop = this.#clock.after(ms, () => {
      this.#waiting.delete(stop);
      run();
    });
    this.#waiting.add(stop);
  }

  #cause(effect: Effect): void {
    const { server } = this.#context;
    switch (effect.kind) {
      case 'kill':
        server.kill(effect.signal);
        break;
      case 'exit':
        server.kill('SIGKILL', { code: effect.code });
        break;
      case 'eof':
        server.endOf(effect.of);
        break;
      case 'hang-exit':
        this.#hanging = server.pid;
        server.ignoreShutdown();
        break;
      case 'stderr-flood':
        for (let left = effect.bytes; left > 0; left -= FLOOD_PIECE) server.stderr(flood(Math.min(left, FLOOD_PIECE)));
        break;
      case 'tell':
        this.#lanes.server.send(parcelOf({ ...NOTHING, frames: effect.frames }, undefined));
        break;
    }
  }
}

/** Ends a line of the server's that was begun and will not be finished; passed on only where there is one. */
const LINE_END = new RelayFrame('server', Uint8Array.of(LF), { by: 'mcp-dbg', isPiece: true });

const NOTHING: Omit<Flight, 'frames'> = {
  from: 'server',
  delayMs: 0,
  pace: undefined,
  stall: undefined,
  reorder: undefined,
  effects: [],
};

function parcelOf(
  { frames, delayMs, pace }: Flight,
  key: number | undefined,
  { onPassing, onPassed }: Pick<Parcel, 'onPassing' | 'onPassed'> = { onPassing: () => {}, onPassed: () => {} },
): Parcel {
  return { frames, key, delayMs, pace, onPassing, onPassed };
}

/** What belongs together: a request, its answer, and what is said meanwhile of it. */
function keyOf({ exchange }: Sight): number {
  return exchange.of ?? exchange.n;
}

function onlyMessage(frame: RelayFrame): Message | undefined {
  return frame.reading.kind === 'batch' ? undefined : frame.messages[0];
}

function flood(bytes: number): Uint8Array {
  const text = FLOOD_LINE.repeat(Math.ceil(bytes / FLOOD_LINE.length)).slice(0, bytes - 1);
  return new TextEncoder().encode(`${text}\n`);
}
