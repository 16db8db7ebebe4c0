import { type Family, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/transports/stdio';

/** Who asks and who answers, where nothing goes the other way. */
export const direction: Family = family(
  {
    'modern/server-request': {
      title: 'A server sends no requests',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Answer with resultType "input_required" and ask in inputRequests; the client calls again with what it was told.',
      clients: 'The TypeScript SDK 2.x drops the request and tells onerror; the server waits for its own time-out.',
    },
    'modern/client-answer': {
      title: 'A client sends no answers',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send what the server asked for in inputResponses of the next call, and answer nothing else.',
    },
  },
  (report) => {
    return {
      request: (seen) => {
        if (seen.from !== 'server' || !isModern(seen.version)) return;
        const { method } = seen.reading;
        report('modern/server-request', seen, `The server sent ${shortened(method)} as a request`, { about: method });
      },
      answer: (seen) => {
        if (seen.from !== 'client' || !isModern(seen.version)) return;
        const what = seen.asked === undefined ? 'sent an answer' : `answered ${shortened(seen.asked.method)}`;
        const which = `id ${shortened(seen.reading.id)}`;
        report('modern/client-answer', seen, `The client ${what} (${which})`, { about: what });
      },
    };
  },
);
