import { isObject } from '../../json-object.ts';
import { methodNamed } from '../../methods.ts';
import { type Family, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { capabilitiesIn, extensionsIn } from '../envelope.ts';
import { META_NAME, META_PREFIX, prefixOf } from '../meta-name.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { TASKS_EXTENSION } from '../task-requests.ts';
import { isModern } from '../versions.ts';
import { WHO } from '../who.ts';

const PAGE = 'basic/versioning#extension-negotiation';

/** Extensions of one message that are looked at. */
const MAX_EXTENSIONS = 100;

/** What is beside the core protocol, which both sides have to know of. */
export const extensions: Family = family(
  {
    'extensions/identifier': {
      title: 'The identifier of an extension is a prefix, a slash and a name',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Name your extension as in "com.example/my-extension", with a prefix that you own.',
    },
    'extensions/declared': {
      title: 'The methods of an extension are used where both sides declared it',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Look for the extension in the capabilities of server/discover, and declare it in clientCapabilities.extensions.',
    },
  },
  (report) => {
    let served: Readonly<Record<string, unknown>> | undefined;
    const judgeNames = (seen: SeenRequest | SeenAnswer, declared: object): void => {
      for (const name of Object.keys(declared).slice(0, MAX_EXTENSIONS)) {
        const short = shortened(name);
        if (!isIdentifier(name))
          report('extensions/identifier', seen, `${WHO[seen.from]} declared an extension "${short}"`, { about: name });
      }
    };
    return {
      request: (seen) => {
        const { from, reading, version } = seen;
        if (from !== 'client' || !isModern(version)) return;
        const declared = extensionsIn(capabilitiesIn(reading.params));
        judgeNames(seen, declared);
        const extension = methodNamed(reading.method)?.extension;
        if (extension === undefined) return;
        const isServed = served === undefined || served[extension] !== undefined;
        if (isServed && (extension !== TASKS_EXTENSION || declared[TASKS_EXTENSION] !== undefined)) return;
        const why = isServed ? 'without declaring' : 'and the server does not declare';
        const what = `The client sent ${reading.method} ${why} ${extension}`;
        report('extensions/declared', seen, what, { about: reading.method });
      },
      answer: (seen) => {
        const { asked, reading } = seen;
        if (asked?.method !== 'server/discover' || reading.kind !== 'result' || !isObject(reading.result)) return;
        served = extensionsIn(reading.result['capabilities']);
        judgeNames(seen, served);
      },
    };
  },
);

function isIdentifier(name: string): boolean {
  const prefix = prefixOf(name);
  return prefix !== undefined && META_PREFIX.test(prefix) && META_NAME.test(name.slice(prefix.length + 1));
}
