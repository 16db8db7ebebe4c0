import type { Frame, IdText } from '@mcp-dbg/wire';

import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Family, type SeenAnswer, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { cancelledId } from '../conversation.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { MAX_REMEMBERED, shortened } from '../shortened.ts';
import { isTaskAnswer } from '../task-requests.ts';
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
    const requests = new Map<IdText, Known>();
    const byToken = new Map<string, Known>();
    const told = new Told();
    let forgot = false;
    const keep = ({ asked, reading }: SeenRequest): void => {
      if (requests.size >= MAX_REQUESTS || asked.id.length > MAX_REMEMBERED) {
        requests.clear();
        byToken.clear();
        forgot = true;
      }
      const known = { method: shortened(asked.method), answered: undefined, cancelled: undefined };
      requests.set(asked.id, known);
      const token = tokenIn(metaOf(reading.params)?.[META_KEYS.progressToken]);
      if (token !== undefined) byToken.set(token, known);
    };
    const judgeClient = (seen: SeenNotification, id: IdText): void => {
      const known = requests.get(id);
      const what = `The client cancelled ${known?.method ?? 'a request'} (id ${shortened(id)})`;
      if (known === undefined) {
        if (!forgot && told.isNew('no-request'))
          report('cancellation/no-request', seen, `${what} that it did not send`);
        return;
      }
      known.cancelled ??= momentOf(seen.frame);
      if (known.answered === undefined || !isWellAfter(seen.frame, known.answered)) return;
      if (told.isNew('after-answer', known.method))
        report('cancellation/after-answer', seen, `${what}, which was answered with frame ${known.answered.n}`);
    };
    const judgeServer = (seen: SeenNotification, id: IdText): void => {
      const known = requests.get(id);
      if (known?.method === 'subscriptions/listen' || (known === undefined && forgot)) return;
      const what = `The server cancelled ${known?.method ?? 'a request that is none of the client'}`;
      if (told.isNew(what)) report('cancellation/by-server', seen, `${what} (id ${shortened(id)})`);
    };
    const judgeLate = (seen: SeenNotification | SeenAnswer, known: Known | undefined, what: string): void => {
      if (known?.cancelled === undefined || !isWellAfter(seen.frame, known.cancelled)) return;
      const why = `which was cancelled with frame ${known.cancelled.n}`;
      if (told.isNew(what, known.method))
        report('cancellation/goes-on', seen, `The server ${what} ${known.method}, ${why}`);
    };
    return {
      request: (seen) => {
        if (seen.from === 'client') keep(seen);
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
        const { asked, frame, version } = seen;
        const known = asked?.from === 'client' ? requests.get(asked.id) : undefined;
        if (known === undefined) return;
        // Of tasks there is a rule of its own.
        if (!isTaskAnswer(seen)) known.answered = momentOf(frame);
        // A subscription may end with a result while its client leaves it.
        if (isModern(version) && known.method !== 'subscriptions/listen') judgeLate(seen, known, 'answered');
      },
    };
  },
);

/** What is kept of a request: its frame may be long. */
interface Known {
  readonly method: string;
  answered: Moment | undefined;
  cancelled: Moment | undefined;
}

type Moment = Pick<Frame, 'n' | 'endUs'>;

function momentOf({ n, endUs }: Frame): Moment {
  return { n, endUs };
}

function tokenIn(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? `${typeof value} ${String(value).slice(0, 200)}`
    : undefined;
}
