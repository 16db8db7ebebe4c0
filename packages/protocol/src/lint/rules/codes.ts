import { isObject } from '../../json-object.ts';
import { type Family, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { WHO } from '../who.ts';

const PAGE = 'basic/index#error-codes';

/** Which error codes a modern server may send. */
export const codes: Family = family(
  {
    'json-rpc/reserved-code': {
      title: 'Of the codes from -32020 to -32099 only those are sent that the specification gives a meaning',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send -32603, or a positive code of your own.',
    },
    'json-rpc/removed-code': {
      title: 'The codes -32002 and -32042 are not sent any more',
      level: 'error',
      versions: MODERN,
      spec: PAGE,
      fix: 'Answer -32602 where a resource does not exist; ask for input with resultType "input_required".',
      clients: 'The TypeScript SDK 2.x takes -32042 as it was taken before.',
    },
    'json-rpc/implementation-code': {
      title: 'Codes from -32000 to -32019 are left to what used them before',
      level: 'warning',
      versions: MODERN,
      spec: PAGE,
      fix: 'Send a standard code such as -32603, or a positive one of your own.',
      clients: 'Servers on the Python SDK 2.x answer -32000 to subscriptions that are open when their input ends.',
    },
  },
  (report) => ({
    answer: (seen) => {
      const { reading, from } = seen;
      const code = reading.kind === 'error' && isObject(reading.error) ? reading.error['code'] : undefined;
      if (typeof code !== 'number') return;
      const what = `${WHO[from]} answered with the code ${code}`;
      if (code === -32002 || code === -32042) report('json-rpc/removed-code', seen, what);
      else if (code < -32022 && code >= -32099) report('json-rpc/reserved-code', seen, what);
      else if (code <= -32000 && code >= -32019) report('json-rpc/implementation-code', seen, what);
    },
  }),
);
