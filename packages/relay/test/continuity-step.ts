import { type IdText, flippedId } from '@mcp-dbg/wire';

import { OURS } from './continuity-peers.ts';

export type Era = 'legacy' | 'modern';

/** What may happen next, and how often that is tried beside the others. */
export const WEIGHTS = {
  ask: 4,
  listen: 2,
  confirm: 1,
  'call off': 2,
  reply: 3,
  notify: 2,
  answer: 6,
  acknowledge: 2,
  'end a stream': 1,
  'ask the client': 4,
  'call off with the client': 1,
  tell: 2,
  'go on': 4,
  exit: 1,
  die: 3,
  start: 4,
  prove: 1,
  restart: 2,
};

/** What may happen beside that where a client may be refused, or not stay. */
export const ROUGH_WEIGHTS = {
  'let time pass': 2,
  rest: 2,
  tire: 1,
  leave: 1,
};

export interface Step {
  readonly kind: keyof typeof WEIGHTS | keyof typeof ROUGH_WEIGHTS;
  /** Chooses among what there is to choose from. */
  readonly n: number;
  /** An id has the other JSON type. */
  readonly flips: boolean;
  /** Several messages share a line, where the era knows that. */
  readonly batches: boolean;
  /** The client's line is written in two pieces. */
  readonly inPieces: boolean;
}

/** Lines that are no messages, the bytes of some of them no text. */
const NOISE = ['Loading', '', '{"broken":', '[1,{}]', '\u00ff\u00fe\u0000', '{"jsonrpc":"2.0"}', 'ready\r'];
export const LISTEN = 'subscriptions/listen';
/** What makes a server another. */
export const KEPT: readonly string[] = ['logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'];

export function pick<Item>(items: readonly Item[], n: number): Item | undefined {
  return items[n % items.length];
}

export function noise(n: number, said: string[]): string {
  const text = NOISE[n % NOISE.length] ?? '';
  said.push(text);
  return text;
}

/** Ids of ours are no numbers, so nobody makes numbers of them. */
export function otherType(id: IdText): IdText {
  return id.includes(OURS) ? id : flippedId(id);
}
