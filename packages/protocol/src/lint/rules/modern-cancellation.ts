import type { IdText } from '@mcp-dbg/wire';

import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Asked, type Family, type SeenAnswer, type SeenNotification, family } from '../check.ts';
import { cancelledId } from '../conversation.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/patterns/cancellation';

/** Progress tokens of the client that are remembered; then it is forgotten which there were. */
const MAX_TOKENS = 20_000;

/** What is called off, by whom, and what still comes of it. */
export const modernCancellation: Family = family(
  {
    'cancellation/by-server': {
      title: 'A server cancels subscriptions only',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Answer the request with an error where it cannot be completed.',
    },
    'cancellation/no-request': {
      title: 'A client cancels requests that it sent',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send the id of the request as requestId exactly as it was: 1 and "1" are two ids.',
    },
    'cancellation/after-answer': {
      title: 'A client cancels requests that are not answered yet',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Stop the timer of a request when its answer comes.',
    },
    'cancellation/goes-on': {
      title: 'A server sends nothing more for a request that was cancelled',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: 'basic/transports/stdio#cancellation',
      fix: 'Give the tool a signal that it looks at, and send neither progress nor an answer once it is set.',
      clients: 'SDK clients drop what comes late.',
    },
  },
  (report, { requests }) => {
    const byToken = new Map<string, Asked>();
    const judgeClient = (seen: SeenNotification, id: IdText): void => {
      const known = requests.latest('client', id);
      const method = known === undefined ? 'a request' : shortened(known.method);
      const what = `The client cancelled ${method} (id ${shortened(id)})`;
      if (known === undefined) {
        if (!requests.forgot) report('cancellation/no-request', seen, `${what} that it did not send`);
        return;
      }
      // Of tasks there is a rule of its own.
      if (known.answered === undefined || known.becameTask || !isWellAfter(seen.frame, known.answered)) return;
      const why = `which was answered with frame ${known.answered.n}`;
      report('cancellation/after-answer', seen, `${what}, ${why}`, { about: method });
    };
    const judgeServer = (seen: SeenNotification, id: IdText): void => {
      const known = requests.latest('client', id);
      if (known?.method === 'subscriptions/listen' || (known === undefined && requests.forgot)) return;
      const method = known === undefined ? 'a request that is none of the client' : shortened(known.method);
      const what = `The server cancelled ${method}`;
      report('cancellation/by-server', seen, `${what} (id ${shortened(id)})`, { about: method });
    };
    const judgeLate = (seen: SeenNotification | SeenAnswer, known: Asked | undefined, what: string): void => {
      if (known?.cancelled === undefined || !isWellAfter(seen.frame, known.cancelled)) return;
      const method = shortened(known.method);
      const why = `which was cancelled with frame ${known.cancelled.n}`;
      const about = `${what} ${method}`;
      report('cancellation/goes-on', seen, `The server ${about}, ${why}`, { about });
    };
    return {
      request: ({ from, asked }) => {
        const token = from === 'client' ? tokenIn(metaOf(asked.params)?.[META_KEYS.progressToken]) : undefined;
        if (token === undefined) return;
        if (byToken.size >= MAX_TOKENS) byToken.clear();
        byToken.set(token, asked);
      },
      notification: (seen) => {
        const { from, reading, version } = seen;
        if (!isModern(version)) return;
        if (reading.method === 'notifications/cancelled') {
          const id = cancelledId(reading.text);
          if (id !== undefined) (from === 'client' ? judgeClient : judgeServer)(seen, id);
        } else if (from === 'server' && reading.method === 'notifications/progress' && isObject(reading.params)) {
          const token = tokenIn(reading.params['progressToken']);
          if (token !== undefined) judgeLate(seen, byToken.get(token), 'sent progress of');
        }
      },
      answer: (seen) => {
        const { asked, version } = seen;
        // A subscription may end with a result while its client leaves it.
        if (asked?.from === 'client' && isModern(version) && asked.method !== 'subscriptions/listen')
          judgeLate(seen, asked, 'answered');
      },
    };
  },
);

function tokenIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? `${typeof value} ${String(value).slice(0, 200)}`
    : undefined;
}
