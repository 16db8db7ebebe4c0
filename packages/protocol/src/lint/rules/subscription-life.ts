import { type Family, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { type Filter, subscriptionIdIn } from '../subscriptions.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/patterns/subscriptions';

/** How subscriptions begin, end and go on after the server's process ended. */
export const subscriptionLife: Family = family(
  {
    'subscriptions/widened': {
      title: 'A server acknowledges no more than was asked for',
      level: 'error',
      versions: MODERN,
      spec: `${PAGE}#acknowledgment`,
      fix: 'Leave out of the acknowledged filter what the request did not have.',
    },
    'subscriptions/result-id': {
      title: 'The result of a subscription names it in _meta',
      level: 'error',
      versions: MODERN,
      spec: `${PAGE}#cancellation`,
      fix: 'Put the id of the request as "io.modelcontextprotocol/subscriptionId" into _meta of the result.',
    },
    'subscriptions/opened-anew': {
      title: 'Subscriptions are opened anew after the server’s process ended',
      level: 'info',
      versions: MODERN,
      spec: `${PAGE}#cancellation`,
      fix: 'Send subscriptions/listen again to the new process: it knows nothing of the old one.',
    },
  },
  (report, { subscriptions }) => {
    let lost = 0;
    let goesOn: SeenRequest | undefined;
    const judgeFilter = (seen: SeenNotification): void => {
      const id = subscriptionIdIn(seen.reading.text, 'params');
      const subscription = id === undefined ? undefined : subscriptions.of(id);
      const more = subscription?.acknowledged && beyond(subscription.acknowledged, subscription.requested);
      if (id !== undefined && more !== undefined)
        report(
          'subscriptions/widened',
          seen,
          `The server acknowledged ${more} for the subscription ${shortened(id)}, which did not ask for it`,
        );
    };
    return {
      request: (seen) => {
        if (lost === 0 || seen.from !== 'client' || !isModern(seen.version)) return;
        if (seen.reading.method === 'subscriptions/listen') lost = 0;
        else if (seen.reading.method !== 'server/discover') goesOn ??= seen;
      },
      notification: (seen) => {
        if (seen.reading.method === 'notifications/subscriptions/acknowledged') judgeFilter(seen);
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.method !== 'subscriptions/listen' || reading.kind !== 'result' || !isModern(version)) return;
        const id = subscriptionIdIn(reading.text, 'result');
        if (id === asked.id) return;
        const what = id === undefined ? 'without its id' : `with the id ${shortened(id)}`;
        report('subscriptions/result-id', seen, `The server ended the subscription ${asked.id} ${what} in _meta`);
      },
      exit: () => {
        lost = subscriptions.open.length;
        goesOn = undefined;
      },
      end: () => {
        if (lost > 0 && goesOn !== undefined)
          report(
            'subscriptions/opened-anew',
            goesOn,
            `The client went on after an exit that ended ${lost} of its subscriptions, and opened none`,
          );
      },
    };
  },
);

/** What a filter has beyond another. The spelling of addresses is not judged: some servers write them in their own way. */
function beyond(acknowledged: Filter, requested: Filter): string | undefined {
  const kinds = [...acknowledged.kinds].filter((kind) => !requested.kinds.has(kind));
  const names = [...acknowledged.names].filter(([kind, ours]) => ours.size > (requested.names.get(kind)?.size ?? 0));
  const more = [...kinds, ...names.map(([kind]) => kind)].slice(0, 5).map((kind) => shortened(kind));
  return more.length > 0 ? more.join(', ') : undefined;
}
