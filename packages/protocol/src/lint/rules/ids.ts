import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { ALL, LEGACY, MODERN } from '../rule.ts';
import { WHO } from '../who.ts';

const BASE = { legacy: 'basic', modern: 'basic/index' } as const;

/** How requests are named, and answers find them. */
export const ids: Family = family(
  {
    'json-rpc/id-reused': {
      title: 'A sender uses an id once in a session',
      level: 'error',
      versions: LEGACY,
      spec: 'basic',
      fix: 'Count the ids up, and never start again while the connection lives.',
    },
    'json-rpc/id-in-flight': {
      title: 'No two requests in flight have one id',
      level: 'error',
      versions: MODERN,
      spec: 'basic/index',
      fix: 'Give a request an id that no unanswered request has.',
    },
    'json-rpc/id-type': {
      title: 'An answer has the id of its request, with its JSON type',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Send the id back exactly as it came: 1 and "1" are two ids.',
      clients:
        'Both TypeScript SDKs take it by accident, since they compare ids as text; other clients wait for the time-out.',
    },
    'json-rpc/id-null': {
      title: 'An answer names the request that it answers',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Send the id of the request back; null is for a request whose id could not be read.',
      clients: 'The TypeScript SDKs drop it with a ZodError; the caller waits for its time-out.',
    },
    'json-rpc/orphan': {
      title: 'An answer answers a request',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Answer requests only, each with its own id; notifications get no answer.',
      clients: 'The TypeScript SDKs report "unknown message ID" to onerror and go on.',
    },
    'json-rpc/answered-twice': {
      title: 'A request is answered once',
      level: 'error',
      versions: ALL,
      spec: BASE,
      fix: 'Return or throw once for each request; look for a missing return after the first answer.',
      clients: 'The TypeScript SDKs take the first answer and report "unknown message ID" for the others.',
    },
  },
  (report, { requests }) => {
    return {
      request: (seen) => {
        const { from, asked } = seen;
        const before = requests.latest(from, asked.id);
        const who = `${WHO[from]} used the id ${asked.id}`;
        if (before === undefined) return;
        report('json-rpc/id-reused', seen, `${who} of its ${before.method} (frame ${before.frame.n}) again`);
        if (before.answered === undefined && before.cancelled === undefined)
          report('json-rpc/id-in-flight', seen, `${who} while its ${before.method} (frame ${before.frame.n}) waits`);
      },
      answer: (seen) => {
        // What is no id at all cannot be one of a request; that is told of the shape of the message.
        if (seen.reading.faults.includes('id-type') && seen.reading.id !== 'null') return;
        if (seen.asked !== undefined || isAboutUnreadable(seen)) return;
        const stray = strayAnswer(seen);
        if (stray[0] !== 'json-rpc/orphan' || !seen.isOld) report(...stray);
      },
    };
  },
);

/** An error about a request whose id could not be read has the id null. */
function isAboutUnreadable({ reading }: SeenAnswer): boolean {
  const code = reading.kind === 'error' && isObject(reading.error) ? reading.error['code'] : undefined;
  return reading.id === 'null' && (code === -32700 || code === -32600);
}

type Stray = 'json-rpc/id-type' | 'json-rpc/id-null' | 'json-rpc/orphan' | 'json-rpc/answered-twice';

function strayAnswer(seen: SeenAnswer): readonly [Stray, SeenAnswer, string] {
  const { reading, flipped, again, from } = seen;
  if (flipped !== undefined) {
    const what = `${WHO[from]} answered id ${reading.id} where ${flipped.method} asked with ${flipped.id}`;
    return ['json-rpc/id-type', seen, what];
  }
  if (again !== undefined) {
    const what = `${WHO[from]} answered ${again.method} (frame ${again.frame.n}, id ${again.id}) once more`;
    return ['json-rpc/answered-twice', seen, what];
  }
  if (reading.id !== 'null') {
    return ['json-rpc/orphan', seen, `${WHO[from]} sent an answer with id ${reading.id}, and no request waits for it`];
  }
  return ['json-rpc/id-null', seen, `${WHO[from]} sent an answer with the id null`];
}
