import { isObject } from '../../json-object.ts';

/** One schema within a schema. */
export interface Subschema {
  /** Its keywords; a schema of `true` has none and one of `false` is not given. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** The JSON pointer to it, `#` for the root. */
  readonly pointer: string;
  /** The keyword that holds it; undefined for the root. */
  readonly under: string | undefined;
  /** How many objects and arrays a value has around what this schema describes. */
  readonly level: number;
}

/** Subschemas that are looked at, and how deep; more is no schema that anybody wrote by hand. */
const MAX_SUBSCHEMAS = 10_000;
const MAX_DEPTH = 128;

const ONE = 'items contains additionalProperties propertyNames not if then else unevaluatedItems unevaluatedProperties';
const LIST = 'allOf anyOf oneOf prefixItems items';
const NAMED = 'properties patternProperties dependentSchemas $defs definitions';
const HOLDS_ONE: ReadonlySet<string> = new Set(ONE.split(' '));
const HOLDS_LIST: ReadonlySet<string> = new Set(LIST.split(' '));
const HOLDS_NAMED: ReadonlySet<string> = new Set(NAMED.split(' '));

/** Keywords whose schemas describe what is inside a value, and not the value itself. */
const INSIDE: ReadonlySet<string> = new Set(
  'properties patternProperties additionalProperties unevaluatedProperties items prefixItems contains unevaluatedItems'.split(
    ' ',
  ),
);

/** All schemas in a schema, itself first, each after the one that holds it. References are not followed. */
export function* subschemas(root: unknown): Generator<Subschema, void> {
  // A stack of our own: how deep a schema nests is its sender's choice.
  const stack: { readonly sub: Subschema; readonly depth: number }[] = [];
  if (isObject(root)) stack.push({ sub: { schema: root, pointer: '#', under: undefined, level: 0 }, depth: 0 });
  for (let seen = 0; seen < MAX_SUBSCHEMAS; seen++) {
    const next = stack.pop();
    if (next === undefined) return;
    yield next.sub;
    if (next.depth >= MAX_DEPTH || stack.length >= MAX_SUBSCHEMAS) continue;
    for (const sub of inside(next.sub).toReversed()) stack.push({ sub, depth: next.depth + 1 });
  }
}

function inside({ schema, pointer, level }: Subschema): readonly Subschema[] {
  const found: Subschema[] = [];
  for (const [under, held] of Object.entries(schema)) {
    const add = (value: unknown, step: string): void => {
      if (!isObject(value) || found.length >= MAX_SUBSCHEMAS) return;
      found.push({ schema: value, pointer: `${pointer}/${step}`, under, level: level + (INSIDE.has(under) ? 1 : 0) });
    };
    if (HOLDS_LIST.has(under) && Array.isArray(held)) held.forEach((each, index) => add(each, `${under}/${index}`));
    else if (HOLDS_ONE.has(under)) add(held, under);
    else if (HOLDS_NAMED.has(under) && isObject(held))
      for (const [name, each] of Object.entries(held)) add(each, `${under}/${escaped(name)}`);
  }
  return found;
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
