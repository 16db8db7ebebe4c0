import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Family, type Place, type Report, type SeenAnswer, family } from '../check.ts';
import { MODERN, since } from '../rule.ts';

const REGISTRY = 'deprecated';

const RULES = {
  'deprecated/include-context': {
    title: 'Sampling without includeContext "thisServer" or "allServers", which are deprecated since 2025-11-25',
    level: 'info',
    once: 'side',
    versions: since('2025-11-25'),
    spec: { legacy: 'client/sampling', modern: REGISTRY },
    fix: 'Leave includeContext out or send "none", and put what the model has to know into the messages.',
  },
  'deprecated/enum-names': {
    title: 'A form without enumNames, which is deprecated since 2025-11-25',
    level: 'info',
    once: 'side',
    versions: since('2025-11-25'),
    spec: 'client/elicitation',
    fix: 'Send oneOf with {"const":…,"title":…} in the place of enum and enumNames.',
  },
  'deprecated/roots': {
    title: 'A client without roots, which are deprecated since 2026-07-28',
    level: 'info',
    once: 'side',
    versions: MODERN,
    spec: REGISTRY,
    fix: 'Name folders and files by arguments of tools, by URIs of resources, or in the configuration of the server.',
  },
  'deprecated/sampling': {
    title: 'A client without sampling, which is deprecated since 2026-07-28',
    level: 'info',
    once: 'side',
    versions: MODERN,
    spec: REGISTRY,
    fix: 'Let the server ask the API of a model by itself.',
  },
  'deprecated/logging': {
    title: 'A connection without log messages, which are deprecated since 2026-07-28',
    level: 'info',
    once: 'side',
    versions: MODERN,
    spec: REGISTRY,
    fix: 'Write logs to stderr, or send them with OpenTelemetry.',
  },
} as const;

type Id = keyof typeof RULES;

/** What still works and has a successor. Each is told once for a connection. */
export const deprecated: Family = family(RULES, (report: Report<Id>) => {
  const judgeAsk = (method: unknown, params: unknown, place: Place): void => {
    if (!isObject(params)) return;
    const context = params['includeContext'];
    if (method === 'sampling/createMessage' && (context === 'thisServer' || context === 'allServers'))
      report('deprecated/include-context', place, `The server asks for sampling with includeContext "${context}"`);
    if (method === 'elicitation/create' && hasEnumNames(params['requestedSchema']))
      report('deprecated/enum-names', place, 'The server asks with a form that has enumNames');
  };

  return {
    request: (seen) => {
      const { asked, from } = seen;
      if (from === 'server') judgeAsk(asked.method, asked.params, seen);
      // A probe says nothing of a connection that may turn out to be legacy.
      const meta = asked.method === 'server/discover' ? {} : (metaOf(asked.params) ?? {});
      const can = meta[META_KEYS.clientCapabilities];
      for (const feature of ['roots', 'sampling'] as const)
        if (isObject(can) && can[feature] !== undefined)
          report(`deprecated/${feature}`, seen, `The client announces ${feature}`);
      if (meta[META_KEYS.logLevel] !== undefined)
        report('deprecated/logging', seen, 'The client asks for log messages by a logLevel');
    },
    answer: (seen) => {
      for (const ask of asksIn(seen)) if (isObject(ask)) judgeAsk(ask['method'], ask['params'], seen);
      if (announcesLogging(seen)) report('deprecated/logging', seen, 'The server announces logging');
    },
  };
});

/** What a modern result asks the client for (2026-07-28, basic/patterns/mrtr). */
function asksIn({ reading, from }: SeenAnswer): readonly unknown[] {
  const asks = from === 'server' && 'result' in reading && isObject(reading.result) && reading.result['inputRequests'];
  return isObject(asks) ? Object.values(asks) : [];
}

function announcesLogging(seen: SeenAnswer): boolean {
  const { reading } = seen;
  if (answeredRequest(seen)?.method !== 'server/discover' || reading.kind === 'error' || !isObject(reading.result))
    return false;
  const can = reading.result['capabilities'];
  return isObject(can) && can['logging'] !== undefined;
}

function hasEnumNames(schema: unknown): boolean {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) && Object.values(properties).some((field) => isObject(field) && 'enumNames' in field);
}
