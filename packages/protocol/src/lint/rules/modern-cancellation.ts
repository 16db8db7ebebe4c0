import type { IdText } from '@mcp-dbg/wire';

import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Asked, type Family, type SeenNotification, family } from '../check.ts';
import { cancelledId } from '../conversation.ts';
import { isObject } from '../../json-object.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { Told } from '../told.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/patterns/cancellation';

/** Requests of the client that are remembered; then it is forgotten which there were. */
const MAX_REQUESTS = 20_000;

/** What is called off, by whom, and what still comes of it. */
export const modernCancellation: Family = family(
  {
    'cancellation/by-server': {
      title: 'A server cancels subscriptions only',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Answer the request with an error where it cannot be completed.',
    },
    'cancellation/no-request': {
      title: 'A client cancels requests that it sent',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send the id of the request as requestId exactly as it was: 1 and "1" are two ids.',
    },
    'cancellation/after-answer': {
      title: 'A client cancels requests that are not answered yet',
      level: 'warning',
      versions: MODERN,
      spec: PAGE,
      fix: 'Stop the timer of a request when its answer comes.',
    },
    'cancellation/goes-on': {
      title: 'A server sends nothing more for a request that was cancelled',
      level: 'warning',
      versions: MODERN,
      spec: 'basic/transports/stdio#cancellation',
      fix: 'Give the tool a signal that it looks at, and send neither progress nor an answer once it is set.',
      clients: 'SDK clients drop what comes late.',
    },
  },
  (report) => {
    const requests = new Map<IdText, Asked>();
    const byToken = new Map<string, Asked>();
    const told = new Told();
    let forgot = false;
    const judgeClient = (seen: SeenNotification, id: IdText): void => {
      const asked = requests.get(id);
      const what = `The client cancelled the request ${shortened(id)}`;
      if (asked === undefined && !forgot) report('cancellation/no-request', seen, `${what}, which it did not send`);
      if (asked?.answered !== undefined && isWellAfter(seen.frame, asked.answered))
        report('cancellation/after-answer', seen, `${what}, which was answered with frame ${asked.answered.n}`);
    };
    return {
      request: ({ from, asked }) => {
        if (from !== 'client') return;
        if (requests.size >= MAX_REQUESTS) {
          requests.clear();
          byToken.clear();
          forgot = true;
        }
        requests.set(asked.id, asked);
        const token = tokenIn(metaOf(asked.params)?.[META_KEYS.progressToken]);
        if (token !== undefined) byToken.set(token, asked);
      },
      notification: (seen) => {
        const { from, frame, reading, version } = seen;
        if (!isModern(version)) return;
        if (reading.method === 'notifications/cancelled') {
          const id = cancelledId(reading.text);
          if (id === undefined) return;
          if (from === 'client') judgeClient(seen, id);
          else if (requests.get(id)?.method !== 'subscriptions/listen' && !(forgot && !requests.has(id)))
            report(
              'cancellation/by-server',
              seen,
              `The server cancelled ${shortened(requests.get(id)?.method ?? 'a request')} (${shortened(id)})`,
            );
        } else if (from === 'server' && reading.method === 'notifications/progress' && isObject(reading.params)) {
          const token = tokenIn(reading.params['progressToken']);
          const asked = token === undefined ? undefined : byToken.get(token);
          if (asked?.cancelled === undefined || !isWellAfter(frame, asked.cancelled)) return;
          if (told.isNew(token ?? ''))
            report(
              'cancellation/goes-on',
              seen,
              `The server sent progress of ${shortened(asked.method)}, which frame ${asked.cancelled.n} cancelled`,
            );
        }
      },
      answer: (seen) => {
        const { asked, frame, version } = seen;
        if (asked?.from !== 'client' || asked.cancelled === undefined || !isModern(version)) return;
        // A subscription may end with a result while its client leaves it.
        if (asked.method !== 'subscriptions/listen' && isWellAfter(frame, asked.cancelled))
          report(
            'cancellation/goes-on',
            seen,
            `The server answered ${shortened(asked.method)}, which frame ${asked.cancelled.n} had cancelled`,
          );
      },
    };
  },
);

function tokenIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? `${typeof value} ${String(value).slice(0, 200)}`
    : undefined;
}
