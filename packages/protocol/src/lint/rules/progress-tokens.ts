import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Asked, type Family, family } from '../check.ts';
import { ALL } from '../rule.ts';
import { MAX_REMEMBERED, named, shortened } from '../shortened.ts';
import { WHO } from '../who.ts';

const PAGE = { legacy: 'basic/utilities/progress', modern: 'basic/patterns/progress' } as const;

/** Tokens in flight that are remembered; those of requests that nobody answers are given up. */
const MAX_TOKENS = 10_000;

/** The progress token that a request gives; undefined where it gives none. */
export function progressTokenOf(params: unknown): unknown {
  return metaOf(params)?.[META_KEYS.progressToken];
}

export function isProgressToken(token: unknown): token is string | number {
  return typeof token === 'string' || Number.isInteger(token);
}

/** How requests ask for progress. */
export const progressTokens: Family = family(
  {
    'progress/token-type': {
      title: 'A progress token is a text or a whole number',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Use the id of the request as its progress token, or leave it out where no progress is wanted.',
    },
    'progress/token-in-use': {
      title: 'No two requests in flight have one progress token',
      level: 'error',
      versions: ALL,
      spec: PAGE,
      fix: 'Use the id of the request as its progress token.',
    },
  },
  (report) => {
    const inFlight = new Map<string, Asked>();

    return {
      request: (seen) => {
        const { from, asked } = seen;
        const token = progressTokenOf(asked.params);
        if (token === undefined) return;
        const gave = `${WHO[from]} gave ${shortened(asked.method)} the progress token ${named(token)}`;
        if (!isProgressToken(token)) {
          report('progress/token-type', seen, gave);
          return;
        }
        const key = keyOf(asked, token);
        const before = inFlight.get(key);
        if (before !== undefined && before.cancelled === undefined) {
          const of = `${shortened(before.method)} (frame ${before.frame.n})`;
          report('progress/token-in-use', seen, `${gave}, which its ${of} still has`);
        }
        if (inFlight.size >= MAX_TOKENS) inFlight.clear();
        if (key.length <= MAX_REMEMBERED) inFlight.set(key, asked);
      },
      answer: (seen) => {
        const asked = answeredRequest(seen);
        const token = asked === undefined ? undefined : progressTokenOf(asked.params);
        if (asked === undefined || !isProgressToken(token)) return;
        const key = keyOf(asked, token);
        if (inFlight.get(key) === asked) inFlight.delete(key);
      },
    };
  },
);

function keyOf({ from }: Asked, token: string | number): string {
  return `${from} ${JSON.stringify(token)}`;
}
