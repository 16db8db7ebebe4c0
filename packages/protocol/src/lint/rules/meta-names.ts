import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { type Family, type SeenAnswer, type SeenNotification, type SeenRequest, family } from '../check.ts';
import { META_NAME, META_PREFIX, prefixOf } from '../meta-name.ts';
import { MODERN, since } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { traceFault } from '../trace-context.ts';
import { WHO } from '../who.ts';

const PAGE = { legacy: 'basic', modern: 'basic/index#meta' } as const;

/** Keys below a reserved prefix that are MCP's own: of the protocol, and of its 2025-11-25 tasks. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  ...Object.values(META_KEYS),
  'io.modelcontextprotocol/model-immediate-response',
]);

/** Below it official extensions have keys too, which are not known here. */
const EXTENDED_PREFIX = 'io.modelcontextprotocol';

/** The same keys as somebody may misspell them. */
const SPOKEN_KEYS: ReadonlySet<string> = new Set([...OWN_KEYS].map(spoken));

/** Keys of one `_meta` that are looked at. */
const MAX_KEYS = 100;

/** How the keys of `_meta` are written. */
export const metaNames: Family = family(
  {
    'meta/key-name': {
      title: 'A key of _meta is a name, or a prefix of dotted labels, a slash and a name',
      level: 'error',
      once: 'side',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Name your keys as in "com.example/my-key": letters, digits, hyphens, dots and underscores.',
    },
    'meta/reserved-prefix': {
      title: 'Only MCP puts keys below a prefix whose second label is "modelcontextprotocol" or "mcp"',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Use a prefix that you own, such as "com.example/"; check the spelling of a key that MCP has.',
    },
    'meta/trace-context': {
      title: 'The keys traceparent, tracestate and baggage hold what W3C says',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Let a tracing library write them, such as "00-<32 hex digits>-<16 hex digits>-01" for traceparent.',
    },
  },
  (report) => {
    const judge = (seen: SeenRequest | SeenNotification | SeenAnswer, holder: unknown): void => {
      const meta = metaOf(holder);
      if (meta === undefined) return;
      for (const key of Object.keys(meta).slice(0, MAX_KEYS)) {
        const rule = faultOfKey(key);
        const short = shortened(key);
        if (rule !== undefined)
          report(rule, seen, `${WHO[seen.from]} put the key "${short}" into _meta`, { about: key });
        const fault = traceFault(key, meta[key]);
        if (fault === undefined) continue;
        const about = `${key} ${fault}`;
        report('meta/trace-context', seen, `${WHO[seen.from]} sent a ${about}`, { about });
      }
    };
    return {
      request: (seen) => judge(seen, seen.reading.params),
      notification: (seen) => judge(seen, seen.reading.params),
      answer: (seen) => judge(seen, seen.reading.kind === 'result' ? seen.reading.result : undefined),
    };
  },
);

function faultOfKey(key: string): 'meta/key-name' | 'meta/reserved-prefix' | undefined {
  if (!isKeyName(key)) return 'meta/key-name';
  if (!isReserved(key) || OWN_KEYS.has(key)) return undefined;
  const isExtended = prefixOf(key) === EXTENDED_PREFIX && !SPOKEN_KEYS.has(spoken(key));
  return isExtended ? undefined : 'meta/reserved-prefix';
}

function isKeyName(key: string): boolean {
  const prefix = prefixOf(key);
  if (prefix === undefined) return META_NAME.test(key);
  return META_PREFIX.test(prefix) && META_NAME.test(key.slice(prefix.length + 1));
}

function isReserved(key: string): boolean {
  const label = prefixOf(key)?.split('.')[1];
  return label === 'modelcontextprotocol' || label === 'mcp';
}

/** A key without what is easily mistaken: capitals, hyphens, underscores. */
function spoken(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}
