import { type Family, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { Told } from '../told.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/transports/stdio';

/** Who asks and who answers, where nothing goes the other way. */
export const direction: Family = family(
  {
    'modern/server-request': {
      title: 'A server sends no requests',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Answer with resultType "input_required" and ask in inputRequests; the client calls again with what it was told.',
      clients: 'The TypeScript SDK 2.x drops the request and tells onerror; the server waits for its own time-out.',
    },
    'modern/client-answer': {
      title: 'A client sends no answers',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send what the server asked for in inputResponses of the next call, and answer nothing else.',
    },
  },
  (report) => {
    const told = new Told();
    return {
      request: (seen) => {
        if (seen.from !== 'server' || !isModern(seen.version)) return;
        if (told.isNew('request', shortened(seen.reading.method)))
          report('modern/server-request', seen, `The server sent ${shortened(seen.reading.method)} as a request`);
      },
      answer: (seen) => {
        if (seen.from !== 'client' || !isModern(seen.version)) return;
        const what = seen.asked === undefined ? 'sent an answer' : `answered ${shortened(seen.asked.method)}`;
        if (told.isNew(what))
          report('modern/client-answer', seen, `The client ${what} (id ${shortened(seen.reading.id)})`);
      },
    };
  },
);
