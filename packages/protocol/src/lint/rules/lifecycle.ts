import type { Version } from '../../eras.ts';
import { answeredRequest } from '../answered-request.ts';
import {
  type Asked,
  type Check,
  type Family,
  type Place,
  type Report,
  type SeenAnswer,
  type SeenNotification,
  type SeenRequest,
  family,
} from '../check.ts';
import { LEGACY, MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';

const PAGE = 'basic/lifecycle';

/** What may go before `initialize`, or between it and its end; the probe is how a client finds out the era. */
const ANY_TIME: readonly string[] = ['ping', 'server/discover', 'notifications/cancelled'];

const RULES = {
  'lifecycle/initialize-first': {
    title: 'A client begins with initialize',
    level: 'error',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Send initialize, wait for its result, send notifications/initialized, then ask.',
    clients: 'Servers on the TypeScript SDKs answer all the same; those on the Python SDK 2.x answer with -32602.',
  },
  'lifecycle/initialize-once': {
    title: 'A client initializes a connection once',
    level: 'error',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Keep the connection, or start a new process for a new one.',
  },
  'lifecycle/initialize-alone': {
    title: 'The request initialize is no part of a batch',
    level: 'error',
    versions: ['2025-03-26'],
    spec: PAGE,
    fix: 'Send initialize on a line of its own: whether batches are understood is not known before its answer.',
  },
  'lifecycle/wait-for-result': {
    title: 'A client waits for the result of initialize before it sends anything but pings',
    level: 'warning',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Wait for the result of initialize; only then is it known what the server can do.',
  },
  'lifecycle/initialized': {
    title: 'A client sends notifications/initialized before it asks for anything',
    level: 'error',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Send {"jsonrpc":"2.0","method":"notifications/initialized"} as soon as the result of initialize has come.',
    clients: 'Servers on the TypeScript and Python SDKs answer without it.',
  },
  'lifecycle/wait-for-initialized': {
    title: 'A server waits for notifications/initialized before it asks for anything but pings',
    level: 'warning',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Ask when notifications/initialized has come: the client may not be ready before.',
  },
} as const;

type Tell = Report<keyof typeof RULES>;

/** How a legacy connection opens: who may send what before both sides are ready. */
export const lifecycle: Family = family(RULES, (report) => new Opening(report));

class Opening implements Check {
  readonly #report: Tell;
  /** The last `initialize`, unless it was refused. */
  #opening: Asked | undefined;
  #agreed = false;
  #isReady = false;

  constructor(report: Tell) {
    this.#report = report;
  }

  request({ asked, inBatch, ...seen }: SeenRequest): void {
    const place = { ...seen, version: this.#versionOf(asked.version) };
    if (asked.from === 'server') this.#serverAsks(asked.method, place);
    else if (asked.method !== 'initialize') this.#clientSends(asked.method, place);
    else {
      if (inBatch) this.#report('lifecycle/initialize-alone', place, 'The client sent initialize inside a batch');
      if (this.#agreed) this.#report('lifecycle/initialize-once', place, 'The client sent initialize a second time');
      this.#opening = asked;
    }
  }

  notification({ reading: { method }, ...seen }: SeenNotification): void {
    if (seen.from === 'server') return;
    if (method === 'notifications/initialized') this.#isReady = true;
    this.#clientSends(method, { ...seen, version: this.#versionOf(seen.version) });
  }

  answer(seen: SeenAnswer): void {
    const asked = answeredRequest(seen);
    if (asked?.method !== 'initialize') return;
    if (seen.reading.kind === 'result') this.#agreed = true;
    else if (!this.#agreed && this.#opening === asked) this.#opening = undefined;
  }

  #clientSends(method: string, place: Place): void {
    if (ANY_TIME.includes(method) || MODERN.some((version) => version === place.version)) return;
    const what = `The client sent ${shortened(method)} before`;
    if (this.#opening === undefined) this.#report('lifecycle/initialize-first', place, `${what} initialize`);
    else if (!this.#agreed) this.#report('lifecycle/wait-for-result', place, `${what} initialize was answered`);
    else if (!this.#isReady) this.#report('lifecycle/initialized', place, `${what} notifications/initialized`);
  }

  #serverAsks(method: string, place: Place): void {
    if (method === 'ping' || this.#opening === undefined || this.#isReady) return;
    const what = `The server asked for ${shortened(method)} before the client was initialized`;
    this.#report('lifecycle/wait-for-initialized', place, what);
  }

  /** What opens a connection, or should have, is legacy whatever version it names. */
  #versionOf(version: Version | undefined): Version {
    return version ?? this.#opening?.version ?? '2025-11-25';
  }
}
