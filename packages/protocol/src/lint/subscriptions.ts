import { type Frame, type IdText, idText, memberText } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';
import { META_KEYS } from '../meta-keys.ts';
import { type Asked, type SeenAnswer, type SeenNotification, type SeenRequest } from './check.ts';
import { cancelledId } from './conversation.ts';

/** Subscriptions that are remembered, open ones and others; then the oldest are forgotten. */
const MAX_SUBSCRIPTIONS = 200;

/** Addresses of one subscription that are remembered. */
const MAX_NAMES = 1000;

/** What a subscription is for. */
export interface Filter {
  /** The kinds of news: `toolsListChanged` and the like. */
  readonly kinds: ReadonlySet<string>;
  /** The resources and the tasks, by the kind of news: `resourceSubscriptions`, `taskIds`. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

/** One `subscriptions/listen`, from its request to its end. */
export interface Subscription {
  readonly asked: Asked;
  readonly requested: Filter;
  /** What the server agreed to. */
  acknowledged: Filter | undefined;
  /** What ended it: an answer, or a cancellation from either side. */
  ended: Pick<Frame, 'n' | 'endUs'> | undefined;
}

/** Follows the subscriptions of a connection (spec 2026-07-28, basic/patterns/subscriptions). */
export class Subscriptions {
  readonly #byId = new Map<IdText, Subscription>();
  /** True once one was forgotten: then an id that is not known says nothing. */
  forgot = false;

  of(id: IdText): Subscription | undefined {
    return this.#byId.get(id);
  }

  /** Those that the server serves. */
  get open(): readonly Subscription[] {
    return [...this.#byId.values()].filter(
      ({ acknowledged, ended }) => acknowledged !== undefined && ended === undefined,
    );
  }

  /** The server's process ended, and all of them with it. */
  clear(): void {
    this.#byId.clear();
  }

  request({ from, reading, asked }: SeenRequest): void {
    if (from !== 'client' || reading.method !== 'subscriptions/listen') return;
    const requested = filterIn(reading.params);
    this.#byId.delete(asked.id);
    this.#byId.set(asked.id, { asked, requested, acknowledged: undefined, ended: undefined });
    const oldest = this.#byId.size > MAX_SUBSCRIPTIONS ? this.#byId.keys().next().value : undefined;
    if (oldest === undefined) return;
    this.#byId.delete(oldest);
    this.forgot = true;
  }

  notification({ frame: { n, endUs }, from, reading }: SeenNotification): void {
    if (reading.method === 'notifications/cancelled') {
      const id = cancelledId(reading.text);
      const cancelled = id === undefined ? undefined : this.#byId.get(id);
      if (cancelled !== undefined) cancelled.ended ??= { n, endUs };
    } else if (from === 'server' && reading.method === 'notifications/subscriptions/acknowledged') {
      const id = subscriptionIdIn(reading.text, 'params');
      const acknowledged = id === undefined ? undefined : this.#byId.get(id);
      if (acknowledged !== undefined) acknowledged.acknowledged ??= filterIn(reading.params);
    }
  }

  answer({ frame: { n, endUs }, asked }: SeenAnswer): void {
    const answered = asked?.from === 'client' ? this.#byId.get(asked.id) : undefined;
    if (answered !== undefined && answered.asked === asked) answered.ended ??= { n, endUs };
  }
}

/** The id of the subscription that a message belongs to, from its text: a number may be too big for JSON.parse. */
export function subscriptionIdIn(text: string, holder: 'params' | 'result'): IdText | undefined {
  const meta = member(member(text, holder), '_meta');
  const token = member(meta, META_KEYS.subscriptionId);
  return token === undefined || !/^["\d-]/.test(token) ? undefined : idText(token);
}

function member(text: string | undefined, key: string): string | undefined {
  return text?.startsWith('{') === true ? memberText(text, key) : undefined;
}

function filterIn(params: unknown): Filter {
  const filter = isObject(params) && isObject(params['notifications']) ? params['notifications'] : {};
  const kinds = new Set<string>();
  const names = new Map<string, ReadonlySet<string>>();
  for (const [kind, value] of Object.entries(filter)) {
    if (value === true) kinds.add(kind);
    if (Array.isArray(value))
      names.set(kind, new Set(value.slice(0, MAX_NAMES).filter((each) => typeof each === 'string')));
  }
  return { kinds, names };
}
