import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, type SeenNotification, family } from '../check.ts';
import { ALL, MODERN } from '../rule.ts';

/** Lists by their method, with the notice that one of them changed and the capability that promises it. */
const LISTS: readonly { readonly method: string; readonly notice: string; readonly capability: string }[] = [
  { method: 'tools/list', notice: 'notifications/tools/list_changed', capability: 'tools' },
  { method: 'prompts/list', notice: 'notifications/prompts/list_changed', capability: 'prompts' },
  { method: 'resources/list', notice: 'notifications/resources/list_changed', capability: 'resources' },
];

/** Characters of one list that are held to be compared with the next. */
const MAX_HELD = 1024 * 1024;

/** Notices within a second after which they are a storm. */
const MAX_NOTICES = 20;
const SECOND_US = 1_000_000;

/** What is known of one list. */
interface Known {
  /** The list as it came last, as JSON; undefined where it is not known, or of several pages. */
  text: string | undefined;
  /** Microseconds until which the server says that the list is fresh. */
  freshUntil: number;
  /** The frames in which it was asked for and came last, and in which the server said last that it changed; 0: never. */
  asked: number;
  came: number;
  changed: number;
  /** When the last notices came, in microseconds. */
  notices: number[];
}

/** Whether lists are fetched, and said to have changed, with reason. */
export const fetches: Family = family(
  {
    'caching/needless-fetch': {
      title: 'A list is fetched again after it changed, or after its time',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Keep the list until the server says that it changed, or for its ttlMs.',
    },
    'caching/nothing-changed': {
      title: 'A list that is said to have changed is another one',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Send list_changed only where the list differs: each notice costs a fetch, and the cache of a prompt.',
    },
    'caching/notice-storm': {
      title: `A list is said to have changed at most ${MAX_NOTICES} times within a second`,
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Register all tools, prompts or resources first, and send one list_changed after them.',
    },
  },
  (report) => {
    const known = new Map<string, Known>();
    /** Capabilities of which the server promised to say when their list changes. */
    const promised = new Set<string>();
    const knownOf = (method: string): Known => {
      const there = known.get(method) ?? { text: undefined, freshUntil: 0, asked: 0, came: 0, changed: 0, notices: [] };
      known.set(method, there);
      return there;
    };
    const checkFetch = (seen: SeenAnswer, method: string, capability: string): void => {
      const { asked, reading, frame } = seen;
      if (asked === undefined || reading.kind !== 'result' || !isObject(reading.result)) return;
      const list = knownOf(method);
      const ofList = { about: method };
      const text = wholeList(asked.params, reading.result);
      const isSame = text !== undefined && text === list.text;
      const isWatched = promised.has(capability) && (seen.version === undefined || !MODERN.includes(seen.version));
      // A notice that crossed a list may be about what is in it.
      if (isSame && list.changed > list.came && list.changed < asked.frame.n)
        report(
          'caching/nothing-changed',
          seen,
          `The server said that ${method} changed, and gave the same list`,
          ofList,
        );
      const hadReason = list.changed > list.asked || (!isWatched && asked.frame.us >= list.freshUntil);
      if (isSame && !hadReason) {
        const place = { frame: asked.frame, from: asked.from, version: seen.version };
        report(
          'caching/needless-fetch',
          place,
          `The client asked for ${method} again, and nothing had changed`,
          ofList,
        );
      }
      const { ttlMs } = reading.result;
      list.text = text;
      list.freshUntil = typeof ttlMs === 'number' && ttlMs > 0 ? frame.endUs + ttlMs * 1000 : 0;
      [list.asked, list.came] = [asked.frame.n, frame.n];
    };
    const checkNotice = (seen: SeenNotification, method: string): void => {
      const list = knownOf(method);
      const { us, n } = seen.frame;
      list.changed = n;
      list.notices = [...list.notices.filter((before) => us - before < SECOND_US), us].slice(-MAX_NOTICES - 1);
      if (list.notices.length > MAX_NOTICES)
        report(
          'caching/notice-storm',
          seen,
          `The server said more than ${MAX_NOTICES} times in a second that ${method} changed`,
          { about: method },
        );
    };
    return {
      notification: (seen) => {
        for (const { method, notice } of LISTS) if (seen.reading.method === notice) checkNotice(seen, method);
      },
      answer: (seen) => {
        const method = seen.asked?.method;
        if (method === 'initialize') for (const name of promisesIn(seen)) promised.add(name);
        const list = LISTS.find((each) => each.method === method);
        if (list !== undefined) checkFetch(seen, list.method, list.capability);
      },
    };
  },
);

function promisesIn({ reading }: SeenAnswer): readonly string[] {
  const capabilities =
    reading.kind === 'result' && isObject(reading.result) ? reading.result['capabilities'] : undefined;
  if (!isObject(capabilities)) return [];
  return Object.keys(capabilities).filter((name) => {
    const capability = capabilities[name];
    return isObject(capability) && capability['listChanged'] === true;
  });
}

/** A list that came on one page, to be compared; without what may differ each time. */
function wholeList(params: unknown, result: Readonly<Record<string, unknown>>): string | undefined {
  const isPage = (isObject(params) && params['cursor'] !== undefined) || result['nextCursor'] !== undefined;
  const { tools, prompts, resources } = result;
  if (isPage) return undefined;
  try {
    const text = JSON.stringify(tools ?? prompts ?? resources);
    return text.length > MAX_HELD ? undefined : text;
  } catch {
    // Nested too deep to be written; or there is no list.
    return undefined;
  }
}
