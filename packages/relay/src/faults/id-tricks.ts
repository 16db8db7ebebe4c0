import { ExchangeTracker, type IdText, type Message, type Sender, flippedId, idText, peerOf } from '@mcp-dbg/wire';

import type { LiveTraffic } from '../live/live-traffic.ts';
import { openBound } from '../open-bound.ts';
import { idTokenOf } from './change-frame.ts';
import type { IdWord } from './fault-rule.ts';
import type { Sight } from './sight.ts';

/** An id that an answer gets in place of its own, because another answer has that. */
export interface Owed {
  readonly token: string;
  /** The rule that gave its own away. */
  readonly rule: string;
}

/** Chooses other ids for messages, and remembers what that takes. */
export class IdTricks {
  readonly #live: LiveTraffic;
  /** The id of the answer before, by sender. */
  readonly #before = new Map<Sender, string>();
  /** By who asked, then by the id that the answer has of its own. */
  readonly #owed: ExchangeTracker<Owed>;
  #bogus = 0;

  /** `note` says in the record that there was too much to remember. */
  constructor(live: LiveTraffic, note: (text: string) => void) {
    this.#live = live;
    const price = 'an answer to one whose id was given away keeps that id';
    this.#owed = new ExchangeTracker(openBound({ note, price, sizeOf: ({ token }) => token.length }));
  }

  /** Another id for a message, as a token; undefined where there is none of that sort. Changes nothing. */
  choose(how: IdWord, { exchange, side }: Sight, message: Message): string | undefined {
    const own = idTokenOf(message);
    if (own === undefined) return undefined;
    const sender = senderOf(exchange.from, side);
    switch (how) {
      case 'dup': {
        const before = this.#before.get(sender);
        return side === 'res' && before !== own ? before : undefined;
      }
      case 'swap':
        return side === 'res' ? this.#otherOf(exchange.from, exchange.id) : undefined;
      case 'string': {
        const flipped = flippedId(idText(own));
        return /^(?:"|-?\d+$)/.test(flipped) && own !== 'null' ? flipped : undefined;
      }
      case 'null':
        return own === 'null' ? undefined : 'null';
      case 'bogus':
        return own.startsWith('"') ? `"bogus-${this.#bogus + 1}"` : String(900_000_000 + this.#bogus + 1);
    }
  }

  /** Notes that a message got the id that {@link choose} gave. */
  took(how: IdWord, token: string, { exchange, side }: Sight, rule: string): void {
    if (how === 'bogus') this.#bogus++;
    if (how !== 'swap') return;
    this.#owed.ask(peerOf(senderOf(exchange.from, side)), token, { token: exchange.id ?? 'null', rule });
  }

  /** What an answer of this sender has to take for its id because another has that already. */
  settle(sender: Sender, message: Message): Owed | undefined {
    if (message.kind !== 'result' && message.kind !== 'error') return undefined;
    return this.#owed.answer(sender, message.id);
  }

  /** Notes an answer that passed. */
  answered(sender: Sender, message: Message): void {
    const token = message.kind === 'result' || message.kind === 'error' ? idTokenOf(message) : undefined;
    if (token !== undefined) this.#before.set(sender, token);
  }

  /** The id of another open request of the same asker, which is part of no other swap. */
  #otherOf(asker: Sender, own: IdText | undefined): IdText | undefined {
    return this.#live.pending.find(
      ({ from, id, kind, method }) =>
        from === asker &&
        kind === 'request' &&
        method !== 'subscriptions/listen' &&
        id !== undefined &&
        id !== own &&
        this.#owed.find(asker, id) === undefined,
    )?.id;
  }
}

function senderOf(asker: Sender, side: Sight['side']): Sender {
  if (side !== 'res') return asker;
  return peerOf(asker);
}
