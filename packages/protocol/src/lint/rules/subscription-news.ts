import { isObject } from '../../json-object.ts';
import { type Family, type SeenNotification, family } from '../check.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { type Filter, subscriptionIdIn } from '../subscriptions.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/patterns/subscriptions';

/** What comes only through a subscription, and for what it has to ask. */
const ASKED_FOR: ReadonlyMap<string, string> = new Map([
  ['notifications/tools/list_changed', 'toolsListChanged'],
  ['notifications/prompts/list_changed', 'promptsListChanged'],
  ['notifications/resources/list_changed', 'resourcesListChanged'],
  ['notifications/resources/updated', 'resourceSubscriptions'],
  ['notifications/tasks', 'taskIds'],
]);
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** What a server sends to its subscribers. */
export const subscriptionNews: Family = family(
  {
    'subscriptions/id': {
      title: 'News of changes name the subscription that they are for',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#receiving-notifications`,
      fix: 'Send changes only to open subscriptions, once to each, with its id as "io.modelcontextprotocol/subscriptionId" in _meta.',
      clients: 'The TypeScript SDK 2.x takes news without an id; other clients drop them.',
    },
    'subscriptions/known': {
      title: 'A subscription id is the id of a subscriptions/listen, with its JSON type',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#receiving-notifications`,
      fix: 'Send the id of the request back exactly as it came: 1 and "1" are two ids.',
    },
    'subscriptions/acknowledged-first': {
      title: 'A subscription is acknowledged before its first news',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#acknowledgment`,
      fix: 'Send notifications/subscriptions/acknowledged as soon as the request is read.',
    },
    'subscriptions/filter': {
      title: 'A subscription brings what was acknowledged and nothing else',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#opening-a-stream`,
      fix: 'Keep the acknowledged filter with each subscription and compare every change with it.',
    },
    'subscriptions/resource': {
      title: 'A subscription brings news of its own resources, and of what is below them',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#opening-a-stream`,
      fix: 'Compare the uri of each update with resourceSubscriptions, and write it as the client did.',
    },
    'subscriptions/ended': {
      title: 'Nothing comes through a subscription that has ended',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#cancellation`,
      fix: 'Forget a subscription when notifications/cancelled names it.',
    },
  },
  (report, { subscriptions }) => {
    const judgeFilter = (seen: SeenNotification, { kinds, names }: Filter, what: string): void => {
      const kind = ASKED_FOR.get(seen.reading.method) ?? '';
      const { uri, taskId } = isObject(seen.reading.params) ? seen.reading.params : {};
      const ours = names.get(kind);
      const brings = ours === undefined ? kinds.has(kind) : typeof taskId !== 'string' || ours.has(taskId);
      if (!brings) report('subscriptions/filter', seen, `${what}, which is not for that`, { about: what });
      if (ours === undefined || typeof uri !== 'string' || [...ours].some((each) => areRelated(each, uri))) return;
      const which = `about ${uri.slice(0, 200)}`;
      report('subscriptions/resource', seen, `${what} ${which}, which it did not ask for`, { about: uri });
    };
    const judge = (seen: SeenNotification): void => {
      const { frame, reading } = seen;
      const { method } = reading;
      const id = subscriptionIdIn(reading.text, 'params');
      if (id === undefined) {
        const without = `The server sent ${method} without a subscription id`;
        report('subscriptions/id', seen, without, { about: method });
        return;
      }
      const subscription = subscriptions.of(id);
      const what = `The server sent ${method} for the subscription ${shortened(id)}`;
      if (subscription === undefined) {
        if (!subscriptions.forgot)
          report('subscriptions/known', seen, `${what}, which nobody opened`, { about: method });
      } else if (subscription.ended !== undefined) {
        const why = `which ended with frame ${subscription.ended.n}`;
        if (isWellAfter(frame, subscription.ended))
          report('subscriptions/ended', seen, `${what}, ${why}`, { about: id });
      } else if (method !== ACKNOWLEDGED) {
        if (subscription.acknowledged === undefined) {
          report('subscriptions/acknowledged-first', seen, `${what} before it acknowledged it`, { about: id });
        } else judgeFilter(seen, subscription.acknowledged, what);
      }
    };
    return {
      notification: (seen) => {
        const isNews = ASKED_FOR.has(seen.reading.method) || seen.reading.method === ACKNOWLEDGED;
        if (seen.from === 'server' && isModern(seen.version) && isNews) judge(seen);
      },
    };
  },
);

/** True where one address may be another, written in another way, or stand below it. */
function areRelated(one: string, other: string): boolean {
  const [first, second] = [plain(one), plain(other)];
  return first.startsWith(second) || second.startsWith(first);
}

function plain(uri: string): string {
  const text = uri.replace(/\/$/, '').toLowerCase();
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
