import { isObject } from '../../json-object.ts';
import { type Family, family } from '../check.ts';
import { capabilitiesIn } from '../envelope.ts';
import { MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = 'basic/patterns/mrtr';

/** The requests that may be answered with a question. */
export const MAY_NEED_INPUT: readonly string[] = ['tools/call', 'prompts/get', 'resources/read'];

/** Questions of one result that are looked at. */
const MAX_QUESTIONS = 100;

/** What a server asks for before it completes a request. */
export const inputRequired: Family = family(
  {
    'input/method': {
      title: 'Input is required only by tools/call, prompts/get and resources/read',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: `${PAGE}#supported-requests`,
      fix: 'Complete other requests at once, or answer an error.',
    },
    'input/something-asked': {
      title: 'A result that requires input has inputRequests or a requestState',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Put what is asked for into inputRequests, or what the next call has to bring back into requestState.',
    },
    'input/kind': {
      title: 'Elicitation, sampling and roots are what a server asks for',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Ask with elicitation/create, sampling/createMessage or roots/list.',
    },
    'input/declared': {
      title: 'A server asks for what the request’s client can give',
      level: 'error',
      once: 'side',
      versions: MODERN,
      spec: PAGE,
      fix: 'Read clientCapabilities in _meta of the request; where it lacks what is needed, answer -32021 with requiredCapabilities.',
      clients: 'SDK clients fail the call: nobody answers the question.',
    },
  },
  (report) => {
    return {
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client' || reading.kind !== 'result' || !isModern(version)) return;
        if (!isObject(reading.result) || reading.result['resultType'] !== 'input_required') return;
        const { inputRequests, requestState } = reading.result;
        if (!MAY_NEED_INPUT.includes(asked.method))
          report('input/method', seen, `The server requires input for ${shortened(asked.method)}`, {
            about: asked.method,
          });
        if (inputRequests === undefined && requestState === undefined)
          report(
            'input/something-asked',
            seen,
            `The server requires input for ${shortened(asked.method)}, and asks for nothing`,
          );
        const capabilities = capabilitiesIn(asked.params);
        const questions = isObject(inputRequests) ? Object.entries(inputRequests).slice(0, MAX_QUESTIONS) : [];
        for (const [key, question] of questions) {
          const method = isObject(question) ? question['method'] : undefined;
          const lacks = isObject(question) && capabilities && lackingFor(question, capabilities);
          const who = `The server asks in "${shortened(key)}" for`;
          if (typeof method !== 'string' || !KINDS.includes(method)) {
            report('input/kind', seen, `${who} ${named(method)}`, { about: named(method) });
          } else if (typeof lacks === 'string')
            report('input/declared', seen, `${who} ${method}; the request lacks ${lacks}`, {
              about: [asked.method, method, lacks].join(),
            });
        }
      },
    };
  },
);

const KINDS: readonly string[] = ['elicitation/create', 'sampling/createMessage', 'roots/list'];

/** The capability that a question needs and a client has not; undefined where it has all. */
function lackingFor(
  question: Readonly<Record<string, unknown>>,
  { elicitation, sampling, roots }: Readonly<Record<string, unknown>>,
): string | undefined {
  const params = isObject(question['params']) ? question['params'] : {};
  switch (question['method']) {
    case 'roots/list':
      return isObject(roots) ? undefined : 'the capability roots';
    case 'sampling/createMessage': {
      if (!isObject(sampling)) return 'the capability sampling';
      const hasTools = params['tools'] !== undefined || params['toolChoice'] !== undefined;
      return hasTools && !isObject(sampling['tools']) ? 'the capability sampling.tools' : undefined;
    }
    case 'elicitation/create': {
      if (!isObject(elicitation)) return 'the capability elicitation';
      if (params['mode'] === 'url') return isObject(elicitation['url']) ? undefined : 'the capability elicitation.url';
      // An empty capability is one for forms.
      return isObject(elicitation['form']) || !isObject(elicitation['url'])
        ? undefined
        : 'the capability elicitation.form';
    }
    default:
      return undefined;
  }
}
