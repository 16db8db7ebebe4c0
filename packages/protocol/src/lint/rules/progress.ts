import { type Sender, peerOf } from '@mcp-dbg/wire';

import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import {
  type Asked,
  type Check,
  type Family,
  type Report,
  type SeenAnswer,
  type SeenNotification,
  type SeenRequest,
  family,
} from '../check.ts';
import { ALL } from '../rule.ts';
import { MAX_REMEMBERED, named, shortened } from '../shortened.ts';
import { isTaskAnswer } from '../task-requests.ts';
import { WHO } from '../who.ts';
import { isProgressToken, progressTokenOf } from './progress-tokens.ts';

const PAGE = { legacy: 'basic/utilities/progress', modern: 'basic/patterns/progress' } as const;

/** Tokens of one side that are remembered; progress for one before them cannot be judged. */
const MAX_TOKENS = 10_000;

/** Microseconds in which progress may have been overtaken by the answer on the way out of a server. */
const OVERTAKEN_US = 100_000;

/** Microseconds from which on a call is long: many clients extend their time-out by progress alone. */
const LONG_US = 10_000_000;

const RULES = {
  'progress/known-token': {
    title: 'Progress is told for a token that a request gave',
    level: 'error',
    once: 'side',
    versions: ALL,
    spec: PAGE,
    fix: 'Send progress only where the request has _meta.progressToken, with this very token and its JSON type.',
    clients: 'SDK clients report "unknown token" to onerror and drop it; some hosts end the connection then.',
  },
  'progress/stops': {
    title: 'No progress is told once the request was answered',
    level: 'error',
    once: 'side',
    versions: ALL,
    spec: PAGE,
    fix: 'Clear the timer, or wait for the last progress to be sent, before the tool returns.',
    clients: 'SDK clients report "unknown token" to onerror and drop it; some hosts end the connection then.',
  },
  'progress/overtaken': {
    title: 'The last progress is sent before the answer',
    level: 'warning',
    once: 'side',
    versions: ALL,
    spec: PAGE,
    fix: 'Wait for the last progress to be sent before the tool returns.',
    clients: 'SDK clients report "unknown token" to onerror and drop it; some hosts end the connection then.',
  },
  'progress/increases': {
    title: 'The progress of a request goes up each time',
    level: 'error',
    once: 'side',
    versions: ALL,
    spec: PAGE,
    fix: 'Send a larger progress each time, or send nothing until there is some.',
  },
  'progress/total': {
    title: 'Progress does not go beyond its total',
    level: 'warning',
    once: 'side',
    versions: ALL,
    fix: 'Leave the total out where it is not known.',
  },
  'progress/silent': {
    title: 'A call that takes long tells its progress where the client asked for it',
    level: 'info',
    versions: ALL,
    fix: 'Send notifications/progress every few seconds: many clients extend their time-out by it.',
    clients: 'SDK clients time out after 60 s; with resetTimeoutOnProgress each progress begins that time anew.',
  },
} as const;

type Id = keyof typeof RULES;

/** What is kept of a token and its request. */
interface Token {
  readonly method: string;
  /** The frame of its request. */
  readonly n: number;
  /** While it is in flight. */
  asked: Asked | undefined;
  answeredUs: number | undefined;
  last: number | undefined;
}

/** Whether progress belongs to a request that wants it, goes up, and ends with the request. */
export const progress: Family = family(RULES, (report) => new Tokens(report));

class Tokens implements Check {
  readonly #report: Report<Id>;
  readonly #tokens: Readonly<Record<Sender, Map<string, Token>>> = { client: new Map(), server: new Map() };
  #forgot = false;

  constructor(report: Report<Id>) {
    this.#report = report;
  }

  request({ from, asked }: SeenRequest): void {
    const given = progressTokenOf(asked.params);
    if (isProgressToken(given)) this.#keep(from, JSON.stringify(given), asked);
  }

  notification(seen: SeenNotification): void {
    const { reading, from, frame } = seen;
    if (reading.method !== 'notifications/progress' || !isObject(reading.params)) return;
    const { progressToken, progress: value, total } = reading.params;
    const token = isProgressToken(progressToken)
      ? this.#tokens[peerOf(from)].get(JSON.stringify(progressToken))
      : undefined;
    if (token === undefined) {
      // Where no opening was seen, the request may have come before everything that is known.
      if (this.#forgot || seen.version === undefined) return;
      const what = `${WHO[from]} told progress for the token ${named(progressToken)}`;
      this.#report('progress/known-token', seen, `${what}, which no request gave`, { about: what });
      return;
    }
    const what = `${WHO[from]} told progress of ${shortened(token.method)} (token ${named(progressToken)})`;
    const about = `${token.n} ${named(progressToken)}`;
    if (token.answeredUs !== undefined) {
      const lateUs = frame.us - token.answeredUs;
      const rule = lateUs > OVERTAKEN_US ? 'progress/stops' : 'progress/overtaken';
      this.#report(rule, seen, `${what} ${(lateUs / 1000).toFixed(0)} ms after its answer`, { about });
    }
    if (typeof value !== 'number') return;
    if (token.last !== undefined && value <= token.last)
      this.#report('progress/increases', seen, `${what}: ${value} after ${token.last}`, { about });
    if (typeof total === 'number' && value > total)
      this.#report('progress/total', seen, `${what}: ${value} of ${total}`, { about });
    token.last = value;
  }

  answer(seen: SeenAnswer): void {
    const { from, frame } = seen;
    const asked = answeredRequest(seen);
    const given = asked === undefined ? undefined : progressTokenOf(asked.params);
    if (asked === undefined || !isProgressToken(given)) return;
    const token = this.#tokens[asked.from].get(JSON.stringify(given));
    // Another request has the token by now.
    if (token?.asked !== asked) return;
    const tookUs = frame.endUs - asked.frame.endUs;
    if (token.last === undefined && tookUs > LONG_US) {
      const what = `${WHO[from]} told no progress of ${shortened(asked.method)}`;
      this.#report('progress/silent', seen, `${what}, which took ${(tookUs / 1e6).toFixed(0)} s`);
    }
    token.asked = undefined;
    // A task keeps the token until it ends.
    if (!isTaskAnswer(seen)) token.answeredUs = frame.endUs;
  }

  #keep(from: Sender, key: string, asked: Asked): void {
    if (key.length > MAX_REMEMBERED) {
      this.#forgot = true;
      return;
    }
    const ofSide = this.#tokens[from];
    ofSide.delete(key);
    ofSide.set(key, { method: asked.method, n: asked.frame.n, asked, answeredUs: undefined, last: undefined });
    const oldest = ofSide.size > MAX_TOKENS ? ofSide.keys().next().value : undefined;
    if (oldest === undefined) return;
    ofSide.delete(oldest);
    this.#forgot = true;
  }
}
