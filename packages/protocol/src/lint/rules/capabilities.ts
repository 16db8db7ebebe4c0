import { answeredRequest } from '../answered-request.ts';
import { type Family, type Place, type Report, family } from '../check.ts';
import { LEGACY, legacySince } from '../rule.ts';
import { WHO } from '../who.ts';
import { NEEDS_OF_CLIENT, NEEDS_OF_NOTIFICATIONS, NEEDS_OF_SERVER, type Need } from './capability-table.ts';

const PAGE = 'basic/lifecycle';

const RULES = {
  'capabilities/asked': {
    title: 'A side asks only for what the other announced in initialize',
    level: 'error',
    once: 'side',
    versions: legacySince('2025-06-18'),
    spec: PAGE,
    fix: 'Look at the capabilities of the other side before asking, and leave out what it does not have.',
    clients: 'The TypeScript SDKs refuse to ask only where enforceStrictCapabilities is set.',
  },
  // The pages say MUST. But servers on the Python SDK cannot announce what they send, and no client is known to mind.
  'capabilities/sent': {
    title: 'A side sends only notifications of what was announced in initialize',
    level: 'warning',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Announce the capability ("logging", or "listChanged":true), or do not send the notification.',
    clients: 'Servers on the Python SDK 2.x announce "listChanged":false and no logging, and send both all the same.',
  },
  'capabilities/early': {
    title: 'Before 2025-06-18 too, a side asks only for what the other announced',
    level: 'warning',
    once: 'side',
    versions: ['2024-11-05', '2025-03-26'],
    spec: PAGE,
    fix: 'Look at the capabilities of the other side before asking, and leave out what it does not have.',
  },
  'capabilities/served': {
    title: 'A side announces in initialize what it answers',
    level: 'error',
    once: 'side',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Add the capability to the capabilities of initialize: most peers never ask for what was not announced.',
    clients: 'Clients of the TypeScript SDK 2.x give an empty list without asking where the capability is missing.',
  },
} as const;

type Id = keyof typeof RULES;

/** Whether what is used was announced in `initialize`. The modern era announces with every request: rules of their own. */
export const capabilities: Family = family(RULES, (report: Report<Id>, { announced }) => {
  const judge = (rule: Id, need: Need | undefined, place: Place, what: string): void => {
    // Completions came before their capability, which is of 2025-03-26.
    if (need === undefined || (need.capability === 'completions' && place.version === '2024-11-05')) return;
    if (announced.has(need.side, need.capability) !== false) return;
    const about = `${need.side} ${need.capability}`;
    report(rule, place, `${what}, and the ${need.side} did not announce ${need.capability}`, { about });
  };

  return {
    request: (seen) => {
      const { from, asked } = seen;
      const need = (from === 'client' ? NEEDS_OF_CLIENT : NEEDS_OF_SERVER).get(asked.method);
      const what = `${WHO[from]} asked for ${asked.method}`;
      judge('capabilities/asked', need, seen, what);
      judge('capabilities/early', need, seen, what);
    },
    notification: (seen) => {
      const { method } = seen.reading;
      judge('capabilities/sent', NEEDS_OF_NOTIFICATIONS.get(method), seen, `${WHO[seen.from]} sent ${method}`);
    },
    answer: (seen) => {
      const { from, reading } = seen;
      const asked = answeredRequest(seen);
      const needs = from === 'server' ? NEEDS_OF_CLIENT : NEEDS_OF_SERVER;
      const need = asked === undefined || reading.kind === 'error' ? undefined : needs.get(asked.method);
      judge('capabilities/served', need, seen, `${WHO[from]} answered ${asked?.method ?? ''}`);
    },
  };
});
