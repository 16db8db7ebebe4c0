import { headerParams } from '../../header-params.ts';
import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { named } from '../shortened.ts';
import { isModern } from '../versions.ts';

/** Tools of one list that are looked at. */
const MAX_TOOLS = 10_000;

/** Which arguments of a tool become headers where HTTP carries the call. */
export const headerNames: Family = family(
  {
    'tools/x-mcp-header': {
      title: '"x-mcp-header" names a header for a text, a whole number or a truth value at a fixed place',
      level: 'warning',
      once: 'side',
      versions: MODERN,
      spec: 'server/tools#x-mcp-header',
      fix: 'Give each such property a header name of its own (letters, digits, hyphens), and no other type than string, integer or boolean.',
      clients: 'Over stdio it is ignored; over HTTP clients leave the whole tool out.',
    },
  },
  (report) => {
    const judge = (seen: SeenAnswer, tool: unknown): void => {
      if (!isObject(tool)) return;
      const name = named(tool['name']);
      const params = headerParams(tool['inputSchema']);
      if (!('fault' in params)) return;
      const message = `The server lists ${name} with an x-mcp-header ${params.fault}`;
      report('tools/x-mcp-header', seen, message, { about: name });
    };
    return {
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.method !== 'tools/list' || reading.kind !== 'result' || !isModern(version)) return;
        const tools = isObject(reading.result) ? reading.result['tools'] : undefined;
        if (Array.isArray(tools)) for (const tool of tools.slice(0, MAX_TOOLS)) judge(seen, tool);
      },
    };
  },
);
