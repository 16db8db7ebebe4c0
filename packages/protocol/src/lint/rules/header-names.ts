import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

/** Tools of one list, and schemas of one tool, that are looked at. */
const MAX_TOOLS = 10_000;
const MAX_SCHEMAS = 2000;

/** What HTTP allows in the name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const PRIMITIVES: readonly unknown[] = ['string', 'integer', 'boolean'];

/** Keywords that hold schemas by their names, as `properties` does, at places that are not fixed. */
const MAPS: readonly string[] = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'];

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
      const fault = faultOf(tool['inputSchema']);
      if (fault === undefined) return;
      report('tools/x-mcp-header', seen, `The server lists ${name} with an x-mcp-header ${fault}`, { about: name });
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

/** What is wrong with the header names of a schema; undefined where nothing is. */
function faultOf(root: unknown): string | undefined {
  const names = new Set<string>();
  const open: { readonly schema: unknown; readonly isFixed: boolean }[] = [{ schema: root, isFixed: true }];
  for (let seen = 0; seen < MAX_SCHEMAS; seen++) {
    const next = open.pop();
    if (next === undefined) return undefined;
    if (Array.isArray(next.schema))
      for (const each of next.schema.slice(0, MAX_SCHEMAS)) open.push({ schema: each, isFixed: false });
    if (!isObject(next.schema)) continue;
    const { properties, 'x-mcp-header': header, ...others } = next.schema;
    const fault = header === undefined ? undefined : faultOfHeader(header, next, names);
    if (fault !== undefined) return fault;
    if (isObject(properties))
      for (const each of Object.values(properties).slice(0, MAX_SCHEMAS))
        open.push({ schema: each, isFixed: next.isFixed });
    for (const keyword of HOLDERS) open.push({ schema: others[keyword], isFixed: false });
    for (const keyword of MAPS) {
      const map = others[keyword];
      if (isObject(map)) open.push({ schema: Object.values(map), isFixed: false });
    }
  }
  return undefined;
}

/** Keywords that hold a schema or an array of some, whose values stand at no fixed place. */
const HOLDERS: readonly string[] = [
  'items',
  'prefixItems',
  'contains',
  'additionalProperties',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
];

function faultOfHeader(
  header: unknown,
  { schema, isFixed }: { readonly schema: unknown; readonly isFixed: boolean },
  names: Set<string>,
): string | undefined {
  if (typeof header !== 'string' || !TOKEN.test(header)) return 'that is no name of a header';
  if (!isFixed) return `"${shortened(header)}" that does not stand among the properties`;
  if (isObject(schema) && !isPrimitive(schema['type']))
    return `"${shortened(header)}" for the type ${named(schema['type'])}`;
  if (names.has(header.toLowerCase())) return `"${shortened(header)}" twice`;
  names.add(header.toLowerCase());
  return undefined;
}

/** A type that a header can carry; null beside one, or no type at all, leaves that open. */
function isPrimitive(type: unknown): boolean {
  if (Array.isArray(type)) return type.every((each) => each === 'null' || PRIMITIVES.includes(each));
  return type === undefined || PRIMITIVES.includes(type);
}
