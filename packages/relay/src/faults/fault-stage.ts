import type { Message, Sender } from '@mcp-dbg/wire';

import { calledOff } from '../continuity/continuity.ts';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { LiveTraffic } from '../live/live-traffic.ts';
import type { Passage, RelayFrame } from '../relay-frame.ts';
import type { AnswerLost, MakeStage, Stage, StageContext } from '../stage.ts';
import { withId } from './change-frame.ts';
import type { FaultRule } from './fault-rule.ts';
import { type Effect, type Flight, untouched } from './flight.ts';
import { IdTricks } from './id-tricks.ts';
import { Lane, type Parcel } from './lane.ts';
import { LiveRule } from './live-rule.ts';
import { type Sight, sightOf } from './sight.ts';
import { Unanswered } from './unanswered.ts';

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
  readonly #unanswered: Unanswered;

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
    const note = (text: string): void => context.record({ kind: 'note', text });
    this.#ids = new IdTricks(this.#live, note);
    this.#unanswered = new Unanswered(note);
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

  /** Answers what the client waits for and no process has to answer any more. */
  died(answer: AnswerLost): void {
    // Nothing more comes of the line that was begun: it is ended.
    this.#unanswered.lineEnded();
    for (const lost of this.#unanswered.takeLost())
      this.#lanes.server.send({ ...ALONE, frames: [answer(lost)], passage: () => ({ isOnOwnLine: true }) });
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
      this.#lanes[frame.from].send({ ...ALONE, frames: [frame] });
      return;
    }
    const sight = sightOf(frame, this.#live);
    let flight = this.#settled(frame);
    // What mcp-dbg itself says, of a crash for example, is to be relied on.
    const rules = frame.isMade ? [] : this.#rules;
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
    if (!frame.isMade) this.#unanswered.take(frame, flight.frames);
    const off = frame.from === 'client' ? calledOff(frame) : undefined;
    if (off !== undefined) this.#unanswered.forget(off);
    this.#dispatch(flight, sight, afterMs, reordering, frame.isMade && frame.from === 'server');
  }

  #toClient(frame: RelayFrame): void {
    this.#context.toClient(frame);
    this.#unanswered.passed(frame);
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
    const { frames, delayMs, pace } = flight;
    const isPlain = pace === undefined && flight.effects.length === 0 && !isOurs;
    const passage = (): Passage => {
      const { pid } = this.#context.server;
      // What mcp-dbg itself says to the client is to be read whatever stands before it.
      return {
        pace,
        isOnOwnLine: isOurs,
        onBegin: () => this.#after(first, 0, pid),
        onEnd: () => this.#after(then, afterMs, pid),
      };
    };
    const parcel: Parcel = { frames, delayMs, key: keyOf(sight), ...(!isPlain && { passage }) };
    if (flight.stall !== undefined) lane.stall(flight.stall.ms);
    if (frames.length === 0) this.#after(flight.effects, afterMs, this.#context.server.pid);
    else if (flight.reorder === undefined || reordering === undefined) lane.send(parcel);
    else lane.gather(reordering, flight.reorder, parcel);
  }

  #after(effects: readonly Effect[], ms: number, pid: number | undefined): void {
    if (effects.length === 0) return;
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
        server.floodStderr(effect.bytes);
        break;
      case 'tell':
        this.#lanes.server.send({ ...ALONE, frames: effect.frames });
        break;
    }
  }
}

/** What no rule is asked about. */
const ALONE: Omit<Parcel, 'frames'> = { key: undefined, delayMs: 0 };

/** What belongs together: a request, its answer, and what is said meanwhile of it. */
function keyOf({ exchange }: Sight): number {
  return exchange.of ?? exchange.n;
}

function onlyMessage(frame: RelayFrame): Message | undefined {
  return frame.reading.kind === 'batch' ? undefined : frame.messages[0];
}
