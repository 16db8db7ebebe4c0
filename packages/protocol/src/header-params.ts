import { isObject } from './json-object.ts';
import { named, shortened } from './lint/shortened.ts';

/** An argument of a tool that goes into a header, too, where HTTP carries the call (server/tools#x-mcp-header). */
export interface HeaderParam {
  /** The header's name behind `Mcp-Param-`. */
  readonly header: string;
  /** Where the argument stands among the arguments. */
  readonly path: readonly string[];
}

/** What is wrong with an `x-mcp-header`, such as `"Region" twice`. Text of the server is in it, shortened. */
export interface HeaderParamFault {
  readonly fault: string;
}

/** Schemas of one tool that are looked at, and of one list of them. */
const MAX_SCHEMAS = 2000;

/** What HTTP allows in the name of a header (RFC 9110, 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const PRIMITIVES: readonly unknown[] = ['string', 'integer', 'boolean'];

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

/** Keywords that hold schemas by their names, as `properties` does, at places that are not fixed. */
const MAPS: readonly string[] = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'];

interface Place {
  readonly schema: unknown;
  /** Where it stands; undefined where what is described stands at no fixed place, null for the arguments themselves. */
  readonly at: Step | null | undefined;
}

/** A step of a path, which is put together for the few places that need one. */
interface Step {
  readonly key: string;
  readonly parent: Step | null;
}

/** The arguments of a tool that go into headers, by its input schema; or what is wrong with how it says so. */
export function headerParams(inputSchema: unknown): readonly HeaderParam[] | HeaderParamFault {
  const found: HeaderParam[] = [];
  const open: Place[] = [{ schema: inputSchema, at: null }];
  for (let seen = 0; seen < MAX_SCHEMAS; seen++) {
    const next = open.pop();
    if (next === undefined) break;
    if (Array.isArray(next.schema))
      for (const each of next.schema.slice(0, MAX_SCHEMAS)) open.push({ schema: each, at: undefined });
    if (!isObject(next.schema)) continue;
    const { properties, 'x-mcp-header': header, ...others } = next.schema;
    if (header !== undefined) {
      const param = paramOf(header, next.schema['type'], pathOf(next.at), found);
      if (typeof param === 'string') return { fault: param };
      found.push(param);
    }
    if (isObject(properties))
      for (const [key, each] of Object.entries(properties).slice(0, MAX_SCHEMAS))
        open.push({ schema: each, at: next.at === undefined ? undefined : { key, parent: next.at } });
    for (const keyword of HOLDERS) open.push({ schema: others[keyword], at: undefined });
    for (const keyword of MAPS) {
      const map = others[keyword];
      if (isObject(map)) open.push({ schema: Object.values(map), at: undefined });
    }
  }
  return found;
}

function pathOf(at: Place['at']): readonly string[] | undefined {
  if (at === undefined) return undefined;
  const path: string[] = [];
  for (let step = at; step !== null; step = step.parent) path.push(step.key);
  return path.toReversed();
}

function paramOf(
  header: unknown,
  type: unknown,
  path: readonly string[] | undefined,
  found: readonly HeaderParam[],
): HeaderParam | string {
  if (typeof header !== 'string' || !TOKEN.test(header)) return 'that is no name of a header';
  if (path === undefined || path.length === 0) return `"${shortened(header)}" that does not stand among the properties`;
  if (!isPrimitive(type)) return `"${shortened(header)}" for the type ${named(type)}`;
  const name = header.toLowerCase();
  return found.some((each) => each.header.toLowerCase() === name) ? `"${shortened(header)}" twice` : { header, path };
}

/** A type that a header can carry; null beside one, or no type at all, leaves that open. */
function isPrimitive(type: unknown): boolean {
  if (Array.isArray(type)) return type.every((each) => each === 'null' || PRIMITIVES.includes(each));
  return type === undefined || PRIMITIVES.includes(type);
}
