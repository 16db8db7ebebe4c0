import { LEGACY_VERSIONS, type Version, eraOf } from '../../eras.ts';
import { isObject } from '../../json-object.ts';
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

/** Published before the first that has a number here; SDKs speak it still. */
const ANCIENT = '2024-10-07';

const RULES = {
  'lifecycle/initialize-first': {
    title: 'A client begins with initialize',
    level: 'error',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Send initialize, wait for its result, send notifications/initialized, then ask.',
    clients: 'The TypeScript SDK 1.x serves a client that never opened; the Python SDK refuses it.',
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
    versions: LEGACY,
    spec: PAGE,
    fix: 'Wait for the result of initialize; only then is it known what the server can do.',
  },
  'lifecycle/initialized': {
    title: 'A client sends notifications/initialized before it asks for anything',
    level: 'error',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Send {"jsonrpc":"2.0","method":"notifications/initialized"} as soon as the result of initialize has come.',
    clients: 'Servers of the Python SDK refuse what comes before it; those of the TypeScript SDKs do not mind.',
  },
  'lifecycle/wait-for-initialized': {
    title: 'A server waits for notifications/initialized before it asks for anything but pings',
    level: 'warning',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Ask when notifications/initialized has come: the client may not be ready before.',
  },
  'lifecycle/known-version': {
    title: 'The version in initialize is a published one of its era',
    level: 'warning',
    versions: LEGACY,
    spec: PAGE,
    fix: `Ask for a version that was published, and answer with one: ${LEGACY_VERSIONS.join(', ')}.`,
    clients: 'SDK clients close the connection at a version that they do not know.',
  },
  'lifecycle/newer-version': {
    title: 'A server does not choose a newer version than its client asked for',
    level: 'info',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Support the older versions too: a client seldom knows a version that is newer than its own newest.',
  },
  'lifecycle/disconnect': {
    title: 'A client ends the connection when the server chose a version that nobody published',
    level: 'warning',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Close the connection, and tell which version the server answered with.',
  },
} as const;

type Tell = Report<keyof typeof RULES>;

/** How a legacy connection opens: who may send what before both sides are ready, and which version they agree on. */
export const lifecycle: Family = family(RULES, (report) => new Opening(report));

class Opening implements Check {
  readonly #told = new Set<string>();
  readonly #report: Tell;
  /** The last `initialize`, unless it was refused. */
  #opening: Asked | undefined;
  #agreed = false;
  #isReady = false;
  #unknown: string | undefined;

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
      this.#askedFor(asked, place);
      this.#opening = asked;
    }
  }

  notification({ reading: { method }, ...seen }: SeenNotification): void {
    if (seen.from === 'server') return;
    if (method === 'notifications/initialized') this.#isReady = true;
    this.#clientSends(method, { ...seen, version: this.#versionOf(seen.version) });
  }

  answer(seen: SeenAnswer): void {
    const { asked, reading } = seen;
    if (asked?.method !== 'initialize') return;
    if (reading.kind === 'result') {
      this.#agreed = true;
      this.#chosen(asked, seen);
    } else if (!this.#agreed && this.#opening === asked) this.#opening = undefined;
  }

  #clientSends(method: string, place: Place): void {
    if (ANY_TIME.includes(method) || MODERN.some((version) => version === place.version)) return;
    const what = `The client sent ${shortened(method)} before`;
    if (this.#opening === undefined) this.#once('lifecycle/initialize-first', place, `${what} initialize`);
    else if (!this.#agreed) this.#once('lifecycle/wait-for-result', place, `${what} initialize was answered`);
    else if (!this.#isReady) this.#once('lifecycle/initialized', place, `${what} notifications/initialized`);
    else if (this.#unknown !== undefined) {
      const went = `The client went on with ${shortened(method)}, though the server chose the version`;
      this.#once('lifecycle/disconnect', place, `${went} ${shortened(this.#unknown)}`);
    }
  }

  #serverAsks(method: string, place: Place): void {
    if (method === 'ping' || this.#opening === undefined || this.#isReady) return;
    const what = `The server asked for ${shortened(method)} before the client was initialized`;
    this.#once('lifecycle/wait-for-initialized', place, what);
  }

  #askedFor({ params }: Asked, place: Place): void {
    const version = isObject(params) ? params['protocolVersion'] : undefined;
    // That a modern client has no initialize is another rule's concern.
    if (typeof version !== 'string' || isPublished(version) || eraOf(version) === 'modern') return;
    this.#report('lifecycle/known-version', place, `The client asked for the version ${shortened(version)}`);
  }

  #chosen(asked: Asked, seen: SeenAnswer): void {
    const [wanted, chosen] = [asked.params, 'result' in seen.reading ? seen.reading.result : undefined].map((said) =>
      isObject(said) ? said['protocolVersion'] : undefined,
    );
    if (typeof chosen !== 'string') return;
    const place = { ...seen, version: this.#versionOf(asked.version) };
    if (!isPublished(chosen)) {
      this.#unknown = chosen;
      this.#report('lifecycle/known-version', place, `The server chose the version ${shortened(chosen)}`);
    } else if (typeof wanted === 'string' && eraOf(wanted) === 'legacy' && chosen > wanted) {
      const what = `The server chose ${chosen} where the client asked for ${wanted}`;
      this.#report('lifecycle/newer-version', place, what);
    }
  }

  /** What opens a connection, or should have, is legacy whatever version it names. */
  #versionOf(version: Version | undefined): Version {
    return version ?? this.#opening?.version ?? '2025-11-25';
  }

  #once(rule: Parameters<Tell>[0], place: Place, message: string): void {
    if (!this.#told.has(rule)) this.#report(rule, place, message);
    this.#told.add(rule);
  }
}

function isPublished(version: string): boolean {
  return version === ANCIENT || LEGACY.some((each) => each === version);
}
