import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Family, family } from '../check.ts';
import { LEGACY } from '../rule.ts';
import { named } from '../shortened.ts';

/** Which folders a client may name. */
export const roots: Family = family(
  {
    'roots/file-uri': {
      title: 'A root is a file:// URI',
      level: 'error',
      once: 'side',
      versions: LEGACY,
      spec: 'client/roots',
      fix: 'Send each root as {"uri":"file:///absolute/path"}.',
      clients: 'The TypeScript SDKs refuse the whole list with a ZodError.',
    },
  },
  (report) => {
    return {
      answer: (seen) => {
        const { reading, from } = seen;
        const asked = answeredRequest(seen);
        if (from !== 'client' || asked?.method !== 'roots/list' || reading.kind === 'error') return;
        const list = isObject(reading.result) ? reading.result['roots'] : undefined;
        const uris = (Array.isArray(list) ? list : []).map((root: unknown) =>
          isObject(root) ? root['uri'] : undefined,
        );
        const wrong = uris.findIndex((uri) => typeof uri !== 'string' || !uri.startsWith('file://'));
        if (wrong >= 0) report('roots/file-uri', seen, `The client gave a root whose URI is ${named(uris[wrong])}`);
      },
    };
  },
);
