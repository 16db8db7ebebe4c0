import { isObject } from '../../json-object.ts';
import { type Family, family } from '../check.ts';
import { ALL, MODERN } from '../rule.ts';

/** Values that one completion may have (spec 2026-07-28, server/utilities/completion). */
const MAX_VALUES = 100;

/** What a server answers where there is much, or nothing. */
export const answerSizes: Family = family(
  {
    'completion/values': {
      title: `A completion has at most ${MAX_VALUES} values`,
      level: 'warning',
      versions: ALL,
      spec: 'server/utilities/completion',
      fix: 'Send the first 100 of them, with hasMore, and total where it is known.',
    },
    'resources/empty': {
      title: 'What is read has contents',
      level: 'warning',
      versions: MODERN,
      spec: 'server/resources',
      fix: 'Answer a resource that does not exist with the error -32602; where it is empty, send an empty text.',
    },
  },
  (report) => ({
    answer: (seen) => {
      const { asked, reading } = seen;
      const result = reading.kind === 'result' && isObject(reading.result) ? reading.result : {};
      const { completion, contents } = result;
      const values = asked?.method === 'completion/complete' && isObject(completion) ? completion['values'] : undefined;
      if (Array.isArray(values) && values.length > MAX_VALUES)
        report('completion/values', seen, `The server completed with ${values.length} values`);
      if (asked?.method === 'resources/read' && Array.isArray(contents) && contents.length === 0)
        report('resources/empty', seen, 'The server answered resources/read with no contents');
    },
  }),
);
