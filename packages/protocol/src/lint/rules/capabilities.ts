import { Announced } from '../announced.ts';
import { type Family, type Place, type Report, family } from '../check.ts';
import { LEGACY, legacySince } from '../rule.ts';
import { WHO } from '../who.ts';
import { NEEDS_OF_CLIENT, NEEDS_OF_NOTIFICATIONS, NEEDS_OF_SERVER, type Need } from './capability-table.ts';

const PAGE = 'basic/lifecycle';

const RULES = {
  'capabilities/asked': {
    title: 'A side asks only for what the other announced in initialize',
    level: 'error',
    versions: legacySince('2025-06-18'),
    spec: PAGE,
    fix: 'Look at the capabilities of the other side before asking, and leave out what it does not have.',
    clients: 'The TypeScript SDK 1.x checks it only where enforceStrictCapabilities is set.',
  },
  'capabilities/sent': {
    title: 'A side sends only notifications of what was announced in initialize',
    level: 'error',
    versions: legacySince('2025-06-18'),
    spec: PAGE,
    fix: 'Announce the capability, or do not send the notification: a client need not listen to it.',
    clients: 'The TypeScript SDKs look at the capability itself when they send a list_changed, not at its listChanged.',
  },
  'capabilities/early': {
    title: 'Before 2025-06-18 too, only what was announced in initialize should be used',
    level: 'warning',
    versions: ['2024-11-05', '2025-03-26'],
    spec: PAGE,
    fix: 'Announce what is used, and use what was announced.',
  },
  'capabilities/served': {
    title: 'A side announces in initialize what it answers',
    level: 'error',
    versions: LEGACY,
    spec: PAGE,
    fix: 'Add the capability to the capabilities of initialize: most peers never ask for what was not announced.',
    clients: 'Clients of the TypeScript SDK 2.x give an empty list without asking where the capability is missing.',
  },
  // The page says MUST. But servers of the Python SDK log without announcing it, and no client is known to mind.
  'capabilities/logging': {
    title: 'A server announces in initialize that it logs',
    level: 'warning',
    versions: LEGACY,
    spec: 'server/utilities/logging',
    fix: 'Add "logging":{} to the capabilities of initialize.',
  },
} as const;

type Id = keyof typeof RULES;

/** Whether what is used was announced in `initialize`. The modern era announces with every request: rules of their own. */
export const capabilities: Family = family(RULES, (report: Report<Id>) => {
  const announced = new Announced();
  const told = new Set<string>();

  /** What one side uses without it, it will use again: told once. */
  const judge = (rule: Id, need: Need | undefined, place: Place, what: string): void => {
    // Completions came before their capability, which is of 2025-03-26.
    if (need === undefined || (need.capability === 'completions' && place.version === '2024-11-05')) return;
    if (announced.has(need.side, need.capability) !== false) return;
    const key = `${rule} ${place.from ?? ''} ${need.side} ${need.capability}`;
    if (!told.has(key)) report(rule, place, `${what}, and the ${need.side} did not announce ${need.capability}`);
    told.add(key);
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
      const need = NEEDS_OF_NOTIFICATIONS.get(method);
      const what = `${WHO[seen.from]} sent ${method}`;
      if (method === 'notifications/message') judge('capabilities/logging', need, seen, what);
      else {
        judge('capabilities/sent', need, seen, what);
        judge('capabilities/early', need, seen, what);
      }
    },
    answer: (seen) => {
      const { asked, from, reading } = seen;
      const needs = from === 'server' ? NEEDS_OF_CLIENT : NEEDS_OF_SERVER;
      const need = asked === undefined || reading.kind === 'error' ? undefined : needs.get(asked.method);
      judge('capabilities/served', need, seen, `${WHO[from]} answered ${asked?.method ?? ''}`);
      announced.take(seen);
    },
  };
});
