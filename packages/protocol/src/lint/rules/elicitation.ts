import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { legacySince } from '../rule.ts';
import { named, shortened } from '../shortened.ts';

const PAGE = 'client/elicitation';

/** What a field of a form may be; with `array` a choice of several texts. */
const PRIMITIVES: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

/** What a server may ask a person for, and how. Of the modern era, which embeds it in results, there are rules of its own. */
export const elicitation: Family = family(
  {
    'elicitation/mode-announced': {
      title: 'A server elicits only in the modes that the client announced',
      level: 'error',
      once: 'side',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Look at capabilities.elicitation: {} and {"form":{}} mean forms, {"url":{}} means addresses to open.',
    },
    'elicitation/url-request': {
      title: 'An elicitation by URL has a url and an elicitationId',
      level: 'error',
      once: 'side',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Send mode "url" with message, url, and an elicitationId that is used once.',
    },
    'elicitation/flat-form': {
      title: 'A form has a schema of single fields, without objects or lists of them inside',
      level: 'error',
      once: 'side',
      versions: legacySince('2025-06-18'),
      spec: PAGE,
      fix: 'Send {"type":"object","properties":{…}} whose properties are texts, numbers, booleans or choices of texts.',
    },
    'elicitation/required-error': {
      title: 'The error -32042 lists the addresses to open',
      level: 'error',
      versions: ['2025-11-25'],
      spec: PAGE,
      fix: 'Put data.elicitations into the error: a list of {mode:"url", elicitationId, url, message}.',
    },
  },
  (report, { announced }) => {
    const judge = (seen: SeenRequest, params: Readonly<Record<string, unknown>>): void => {
      const { mode = 'form' } = params;
      const url = announced.has('client', 'elicitation.url');
      const canForm = url !== true || announced.has('client', 'elicitation.form') === true;
      const isMissing = announced.has('client', 'elicitation') === true && (mode === 'url' ? url !== true : !canForm);
      if (isMissing) {
        const what = `The server elicits in the mode ${named(mode)}, which the client did not announce`;
        report('elicitation/mode-announced', seen, what);
      }
      if (mode === 'url') {
        if (!isUrlRequest(params))
          report('elicitation/url-request', seen, 'The server elicits by URL without a url or an elicitationId');
        return;
      }
      const fault = faultOfForm(params['requestedSchema'], seen.version === '2025-06-18');
      if (fault !== undefined) report('elicitation/flat-form', seen, `The server asks with a form ${fault}`);
    };

    return {
      request: (seen) => {
        const { method, params } = seen.asked;
        if (method === 'elicitation/create' && isObject(params)) judge(seen, params);
      },
      answer: (seen) => {
        if (isHollow(seen))
          report(
            'elicitation/required-error',
            seen,
            'The server answered -32042 without addresses to open in its data',
          );
      },
    };
  },
);

function isUrlRequest({ url, elicitationId }: Readonly<Record<string, unknown>>): boolean {
  return typeof url === 'string' && typeof elicitationId === 'string';
}

function faultOfForm(schema: unknown, isOld: boolean): string | undefined {
  if (!isObject(schema) || schema['type'] !== 'object') return 'whose schema is not of the type object';
  const properties = schema['properties'];
  if (!isObject(properties)) return 'whose schema has no properties';
  const wrong = Object.entries(properties).find(([, field]) => !isField(field, isOld));
  return wrong === undefined ? undefined : `whose field ${shortened(wrong[0])} is neither a single value nor a choice`;
}

/** Choices of several texts came with 2025-11-25. */
function isField(field: unknown, isOld: boolean): boolean {
  if (!isObject(field)) return false;
  if (PRIMITIVES.includes(field['type'])) return true;
  const items = field['type'] === 'array' && !isOld ? field['items'] : undefined;
  return isObject(items) && (Array.isArray(items['enum']) || Array.isArray(items['anyOf']));
}

function isHollow({ reading }: SeenAnswer): boolean {
  const error = reading.kind === 'error' && isObject(reading.error) ? reading.error : {};
  if (error['code'] !== -32042) return false;
  const list = isObject(error['data']) ? error['data']['elicitations'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return true;
  return !list.every((each) => isObject(each) && each['mode'] === 'url' && isUrlRequest(each));
}
