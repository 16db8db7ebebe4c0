import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Family, family } from '../check.ts';
import { capabilitiesIn, extensionsIn, hasEnvelope } from '../envelope.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { TASKS_EXTENSION } from '../task-requests.ts';
import { isModern } from '../versions.ts';

const CORE_TYPES: readonly unknown[] = ['complete', 'input_required'];

/** Extensions of which it is known which types of results they bring: `task`, which its own rules judge, or none. */
const KNOWN_EXTENSIONS: readonly string[] = [
  TASKS_EXTENSION,
  'io.modelcontextprotocol/ui',
  'io.modelcontextprotocol/skills',
];

/** What every modern result says of itself. */
export const results: Family = family(
  {
    'results/result-type': {
      title: 'A result says of what type it is',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: 'basic/index#resulttype',
      fix: 'Put "resultType":"complete" into every result.',
      clients: 'The TypeScript SDK 2.x throws INVALID_RESULT: the result is lost.',
    },
    'results/known-type': {
      title: 'A result is of a type that the protocol has, or an extension that its client declared',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: 'basic/index#resulttype',
      fix: 'Use "complete" or "input_required", or the type of an extension that the request declares.',
      clients: 'Clients have to take a result of an unknown type for invalid.',
    },
    'results/server-info': {
      title: 'A result says in _meta which server made it',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: 'basic/index#meta',
      fix: 'Put "io.modelcontextprotocol/serverInfo" with a name and a version into _meta of every result.',
    },
  },
  (report) => {
    return {
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client' || reading.kind !== 'result' || !isModern(version)) return;
        // What a server that speaks both eras may have taken for a legacy request is not judged.
        if (!isObject(reading.result) || !hasEnvelope(asked)) return;
        const method = shortened(asked.method);
        const type = reading.result['resultType'];
        if (typeof type !== 'string') {
          report('results/result-type', seen, `The server answered ${method} without a resultType`, { about: method });
        } else if (!CORE_TYPES.includes(type) && type !== 'task' && declaresOnlyKnown(asked.params)) {
          const what = `The server answered ${method} with the resultType "${shortened(type)}"`;
          report('results/known-type', seen, what, { about: type });
        }
        if (!isObject(metaOf(reading.result)?.[META_KEYS.serverInfo]))
          report('results/server-info', seen, `The server answered ${method} without its name in _meta`);
      },
    };
  },
);

function declaresOnlyKnown(params: unknown): boolean {
  return Object.keys(extensionsIn(capabilitiesIn(params))).every((extension) => KNOWN_EXTENSIONS.includes(extension));
}
