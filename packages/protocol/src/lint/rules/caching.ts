import { isObject } from '../../json-object.ts';
import { type Asked, type Family, type SeenAnswer, family } from '../check.ts';
import { hasEnvelope } from '../envelope.ts';
import { MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'server/utilities/caching';

/** What has to say how long it may be kept. */
const CACHEABLE: readonly string[] = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
];

/** Pages whose following one was not seen yet. */
const MAX_PAGES = 1000;

/** How long results may be kept, and by whom. */
export const caching: Family = family(
  {
    'caching/hints': {
      title: 'Lists, resources and what is discovered say how long they may be kept, and by whom',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#cacheable-results`,
      fix: 'Put "ttlMs" (a whole number of milliseconds from 0 on) and "cacheScope" ("private" or "public") into the result.',
      clients: 'The TypeScript SDK 2.x takes 0 and "private" where they are missing.',
    },
    'caching/no-hints': {
      title: 'A result that requires input does not say how long it may be kept',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#cacheable-results`,
      fix: 'Leave ttlMs and cacheScope out until the result is complete.',
    },
    'caching/one-scope': {
      title: 'All pages of a list have one cacheScope',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#interaction-with-pagination`,
      fix: 'Decide for the whole list whether it is "private" or "public".',
    },
  },
  (report) => {
    const scopes = new Map<string, { readonly scope: unknown; readonly n: number }>();
    const judgePages = (seen: SeenAnswer, asked: Asked, { cacheScope: scope, nextCursor }: PageResult): void => {
      const { cursor } = isObject(asked.params) ? asked.params : {};
      const before = typeof cursor === 'string' ? scopes.get(keyOf(asked.method, cursor)) : undefined;
      if (before !== undefined && before.scope !== scope) {
        const what = `The server says ${named(scope)} of a page of ${asked.method}`;
        report('caching/one-scope', seen, `${what} and ${named(before.scope)} of the one before (frame ${before.n})`, {
          about: asked.method,
        });
      }
      if (typeof nextCursor !== 'string') return;
      if (scopes.size >= MAX_PAGES) scopes.clear();
      scopes.set(keyOf(asked.method, nextCursor), { scope, n: seen.frame.n });
    };
    return {
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client' || reading.kind !== 'result' || !isModern(version)) return;
        if (!isObject(reading.result) || !hasEnvelope(asked)) return;
        const { resultType, ttlMs, cacheScope } = reading.result;
        if (resultType === 'input_required' && (ttlMs !== undefined || cacheScope !== undefined)) {
          const what = `The server requires input for ${shortened(asked.method)}, with hints for caches`;
          report('caching/no-hints', seen, what, { about: asked.method });
        }
        if (resultType !== 'complete' || !CACHEABLE.includes(asked.method)) return;
        const hasScope = cacheScope === 'private' || cacheScope === 'public';
        const lacks = [...(isDuration(ttlMs) ? [] : ['ttlMs']), ...(hasScope ? [] : ['cacheScope'])];
        if (lacks.length > 0) {
          const what = `The server answered ${asked.method} without a valid ${lacks.join(' and ')}`;
          report('caching/hints', seen, what, { about: asked.method });
        }
        if (hasScope) judgePages(seen, asked, reading.result);
      },
    };
  },
);

type PageResult = Readonly<Record<string, unknown>>;

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function keyOf(method: string, cursor: string): string {
  return `${method} ${cursor.slice(0, 1000)}`;
}
