// Long because it is one switch over all actions.
import { type Message, peerOf } from '@mcp-dbg/wire';

import type { LiveTraffic } from '../live/live-traffic.ts';
import { RelayFrame } from '../relay-frame.ts';
import { copied, corrupted, glued, inflated, truncated, withBom, withCrlf, withId } from './change-frame.ts';
import type { FaultAction, FaultRule } from './fault-rule.ts';
import type { Effect, Flight } from './flight.ts';
import type { IdTricks } from './id-tricks.ts';
import { listChanged } from './list-changed.ts';
import { discoverRefusal, errorAnswer, toolErrorAnswer } from './made-answers.ts';
import type { Random } from './seeded-random.ts';
import type { Sight } from './sight.ts';

/** How often a second what a bandwidth allows is passed on, in milliseconds. */
const BANDWIDTH_STEP_MS = 50;

/** Where an action is done: to which frame, by which rule, and what else there is to know. */
export interface Scene {
  readonly rule: FaultRule;
  /** The frame as it came. */
  readonly frame: RelayFrame;
  readonly sight: Sight;
  readonly live: LiveTraffic;
  readonly ids: IdTricks;
  readonly random: Random;
  /** Whether the server in use ignores its end already, or there is none. */
  readonly isHanging: boolean;
}

/** What an action made of a flight. */
export interface Acted {
  readonly flight: Flight;
  /** The action as it was done: of what can vary, what it was this time. */
  readonly done: FaultAction;
}

/** Whether an action can be done to a frame at all: an error needs a request to answer, an id a message that has one. */
export function fits(action: FaultAction, scene: Scene): boolean {
  const { sight, frame, rule } = scene;
  const message = messageOf(frame);
  switch (action.kind) {
    case 'error':
      return isAnswerable(sight, message, rule);
    case 'toolerror':
      return sight.exchange.method === 'tools/call' && isAnswerable(sight, message, rule);
    case 'era':
      return message?.kind === 'request' && message.method === 'server/discover';
    case 'id':
      return message !== undefined && scene.ids.choose(action.how, sight, message) !== undefined;
    case 'listchanged':
      return listChanged(sight, scene.live).length > 0;
    case 'hang-exit':
      return !scene.isHanging;
    case 'delay':
    case 'stall':
    case 'drip':
    case 'bandwidth':
    case 'drop':
    case 'dup':
    case 'reorder':
    case 'corrupt':
    case 'truncate':
    case 'glue':
    case 'crlf':
    case 'blank':
    case 'bom':
    case 'noise':
    case 'big':
    case 'kill':
    case 'exit':
    case 'eof':
    case 'stderr-flood':
      return true;
  }
}

/** Does one action to what is to become of a frame. */
export function act(action: FaultAction, flight: Flight, scene: Scene): Acted {
  const done = (change: Partial<Flight>): Acted => ({ flight: { ...flight, ...change }, done: action });
  const each = (change: (frame: RelayFrame) => RelayFrame): Acted => done({ frames: flight.frames.map(change) });
  const before = (frame: RelayFrame): Acted =>
    done({ frames: flight.frames.length === 0 ? [] : [frame, ...flight.frames] });
  const then = (effect: Effect): Acted => done({ effects: [...flight.effects, effect] });
  const { random } = scene;
  switch (action.kind) {
    case 'delay': {
      const { ms, jitterMs } = action;
      const now = jitterMs === 0 ? ms : Math.round(ms + (random() * 2 - 1) * jitterMs);
      const change = { delayMs: flight.delayMs + now };
      return { flight: { ...flight, ...change }, done: { kind: 'delay', ms: now, jitterMs: 0 } };
    }
    case 'stall':
      return done({ stall: { ms: action.ms } });
    case 'drip':
      return done({ pace: { bytes: action.bytes, everyMs: action.everyMs, isRate: false } });
    case 'bandwidth': {
      const bytes = Math.max(1, Math.round((action.bytesPerSecond * BANDWIDTH_STEP_MS) / 1000));
      return done({ pace: { bytes, everyMs: (bytes * 1000) / action.bytesPerSecond, isRate: true } });
    }
    case 'drop':
      return done({ frames: [] });
    case 'dup':
      return done({ frames: flight.frames.flatMap((frame) => [frame, copied(frame)]) });
    case 'reorder':
      return done({ reorder: action.count });
    case 'corrupt':
      return each((frame) => corrupted(frame, action.how, random));
    case 'truncate':
      return each((frame) => truncated(frame, action.bytes));
    case 'glue':
      return each(glued);
    case 'crlf':
      return each(withCrlf);
    case 'bom':
      return each(withBom);
    case 'big':
      return each((frame) => inflated(frame, action.bytes));
    case 'blank':
      return before(RelayFrame.ours(flight.from, ''));
    case 'noise':
      return before(RelayFrame.ours(flight.from, action.text));
    case 'id':
      return { flight: withOtherId(action.how, flight, scene), done: action };
    case 'error':
      return { flight: answered(flight, scene, (id) => errorAnswer(id, action.code, action.message)), done: action };
    case 'toolerror': {
      const { version } = scene.sight.exchange;
      return { flight: answered(flight, scene, (id) => toolErrorAnswer(id, version, action.message)), done: action };
    }
    case 'era': {
      const { how } = action;
      if (how === 'silent') return done({ frames: [] });
      return { flight: answered(flight, scene, (id) => discoverRefusal(id, how)), done: action };
    }
    case 'listchanged':
      return then({ kind: 'tell', frames: listChanged(scene.sight, scene.live) });
    case 'kill':
    case 'exit':
    case 'eof':
    case 'hang-exit':
    case 'stderr-flood':
      return then(action);
  }
}

function withOtherId(how: Extract<FaultAction, { readonly kind: 'id' }>['how'], flight: Flight, scene: Scene): Flight {
  const { ids, sight, rule, frame } = scene;
  const message = messageOf(frame);
  const token = message && ids.choose(how, sight, message);
  if (token === undefined) return flight;
  ids.took(how, token, sight, rule.text);
  const change = (each: RelayFrame): RelayFrame => {
    const own = messageOf(each);
    return own === undefined ? each : withId(each, own, token);
  };
  return { ...flight, frames: flight.frames.map(change) };
}

/** The answer in place of the request, from its receiver; or in place of the answer that came. */
function answered(flight: Flight, { frame, sight, live }: Scene, textOf: (id: string) => string): Flight {
  const message = messageOf(frame);
  if (message === undefined || message.kind === 'notification') return flight;
  const text = textOf(message.id);
  if (message.kind !== 'request') return { ...flight, frames: [RelayFrame.ours(frame.from, text)] };
  const from = peerOf(frame.from);
  const answer = RelayFrame.ours(from, text);
  // The request is settled: its id may be used again.
  if (sight.side === 'req') live.see(answer);
  return { ...flight, from, frames: [answer] };
}

function isAnswerable({ side }: Sight, message: Message | undefined, rule: FaultRule): boolean {
  if (message === undefined) return false;
  if (rule.side === 'res') return side === 'res' && (message.kind === 'result' || message.kind === 'error');
  return message.kind === 'request';
}

/** The one message of a frame; none of a batch. */
function messageOf({ reading }: RelayFrame): Message | undefined {
  switch (reading.kind) {
    case 'request':
    case 'notification':
    case 'result':
    case 'error':
      return reading;
    case 'batch':
    case 'not-json':
    case 'not-json-rpc':
      return undefined;
  }
}
