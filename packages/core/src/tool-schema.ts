import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';
import { repairKeywords } from './schema-keywords.ts';

/** A schema as the model's API takes it, with what was changed, or why the tool cannot be offered. */
export type AdaptedSchema =
  | { readonly schema: JsonObject; readonly changed: readonly string[] }
  | { readonly refused: string };

const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;
const COMPOSITIONS = ['allOf', 'anyOf', 'oneOf'] as const;
const DEPTH_LIMIT = 64;
/** How far compositions and references at the root are followed. */
const FOLLOW_LIMIT = 16;
/** How many compositions and references are followed in all: some lead back to themselves in many ways at once. */
const VISIT_LIMIT = 500;

/**
 * Makes a tool's input schema acceptable to the Messages API, which refuses the whole request for one bad tool: the
 * root must be an object without `oneOf`, `anyOf` or `allOf`, its property names must be short and plain, and all of it
 * must be JSON Schema 2020-12. What cannot be kept in form is kept as words in `description`. Calls are to be checked
 * against the tool's own schema. Takes anything and throws nothing; each change is a phrase to show a person.
 */
export function adaptSchema(given: unknown): AdaptedSchema {
  if (given === undefined || given === null)
    return { schema: { type: 'object' }, changed: ['the tool has no input schema: any arguments are taken'] };
  if (!isObject(given))
    return { schema: { type: 'object' }, changed: ['the input schema is not an object: any arguments are taken'] };
  if (deeperThan(given, DEPTH_LIMIT))
    return { refused: `its input schema is nested more than ${DEPTH_LIMIT} levels deep` };
  const own = copied(given);
  if (own === undefined) return { refused: 'its input schema cannot be written as JSON' };
  const changed: string[] = [];
  const visits = { left: VISIT_LIMIT };
  const flat = flattened(own, { root: own, visits, changed });
  if (visits.left < 0) return { refused: 'the references in its input schema go in circles' };
  const root = typedRoot(repairKeywords(flat, changed), changed);
  if (root === undefined)
    return {
      refused: `its input schema describes ${JSON.stringify(flat['type']).slice(0, 60)}, and arguments are an object`,
    };
  const illegal = Object.keys(asObject(root['properties'])).find((key) => !PROPERTY.test(key));
  if (illegal !== undefined) {
    return {
      refused: `the model's API does not take its parameter name ${JSON.stringify(illegal.slice(0, 80))} (only letters, digits, "_", "." and "-", at most 64)`,
    };
  }
  return { schema: root, changed };
}

interface Walk {
  readonly root: JsonObject;
  readonly visits: { left: number };
  /** What a person should know of; only the root adds to it. */
  readonly changed: string[];
}

/** Moves a reference and the compositions at the root into plain properties. */
function flattened(schema: JsonObject, walk: Walk, follow = 0): JsonObject {
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  const { root, visits, changed } = walk;
  const compositions = { allOf, anyOf, oneOf };
  const used = COMPOSITIONS.filter((key) => compositions[key] !== undefined);
  if ($ref === undefined && used.length === 0) return schema;
  if (follow >= FOLLOW_LIMIT || --visits.left < 0) return rest;
  const found = typeof $ref === 'string' ? resolved(root, $ref) : undefined;
  const target = isObject(found) ? found : undefined;
  const from = (value: unknown): JsonObject[] =>
    (Array.isArray(value) ? value.filter(isObject) : []).map((member) => flattened(member, walk, follow + 1));
  const parts = [rest, ...(target === undefined ? [] : [flattened(target, walk, follow + 1)]), ...from(allOf)];
  const choices = [from(anyOf), from(oneOf)].filter((each) => each.length > 0);
  if (follow === 0) {
    if ($ref !== undefined)
      changed.push(
        target === undefined
          ? `$ref ${JSON.stringify($ref).slice(0, 80)} at the root leads nowhere and was left out`
          : '$ref at the root was followed',
      );
    for (const key of used) changed.push(`${key} at the root was merged into one list of parameters`);
  }
  return merged(rest, parts, choices);
}

function merged(
  rest: JsonObject,
  parts: readonly JsonObject[],
  choices: readonly (readonly JsonObject[])[],
): JsonObject {
  const all = [...parts, ...choices.flat()];
  const properties = mergedProperties(all.map((part) => asObject(part['properties'])));
  const required = new Set(parts.flatMap(requiredOf));
  for (const choice of choices) {
    for (const name of requiredOf(choice[0] ?? {}))
      if (choice.every((each) => requiredOf(each).includes(name))) required.add(name);
  }
  const words = [...all.slice(0, parts.length).map((part) => part['description']), ...choices.map(choiceText)];
  const description = [...new Set(words.filter((each) => typeof each === 'string' && each !== ''))].join('\n');
  const type = rest['type'] ?? all.map((part) => part['type']).find((each) => each !== undefined);
  return {
    ...rest,
    ...(type === undefined ? {} : { type }),
    ...(properties.size > 0 ? { properties: Object.fromEntries(properties) } : {}),
    ...(required.size > 0 ? { required: [...required] } : {}),
    ...(description === '' ? {} : { description }),
  };
}

/** A name that several parts describe differently may hold what any of them says. */
function mergedProperties(all: readonly JsonObject[]): Map<string, unknown> {
  const found = new Map<string, Map<string, unknown>>();
  for (const properties of all) {
    for (const [name, value] of Object.entries(properties)) {
      const variants = found.get(name) ?? new Map<string, unknown>();
      found.set(name, variants.set(JSON.stringify(value), value));
    }
  }
  return new Map(
    [...found].map(([name, variants]) => [
      name,
      variants.size === 1 ? [...variants.values()][0] : { anyOf: [...variants.values()] },
    ]),
  );
}

function choiceText(choice: readonly JsonObject[]): string {
  const options = choice.map((each) => {
    const names = requiredOf(each);
    const title = typeof each['title'] === 'string' ? each['title'] : undefined;
    return names.length > 0
      ? names.join(' + ')
      : (title ?? (Object.keys(asObject(each['properties'])).join(', ') || 'anything'));
  });
  return `Parameters go together in one of these ways: ${options.join('; or ')}.`;
}

function typedRoot(schema: JsonObject, changed: string[]): JsonObject | undefined {
  const { type } = schema;
  if (type === 'object') return schema;
  if (type !== undefined && !(Array.isArray(type) && type.includes('object'))) return undefined;
  changed.push('the root was made "type": "object"');
  return { ...schema, type: 'object' };
}

/** What a reference inside the same schema points at. */
function resolved(root: JsonObject, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const step of ref.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

function requiredOf(schema: JsonObject): readonly string[] {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function copied(value: JsonObject): JsonObject | undefined {
  try {
    const copy: unknown = JSON.parse(JSON.stringify(value));
    return isObject(copy) ? copy : undefined;
  } catch {
    return undefined;
  }
}

function deeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((each) => deeperThan(each, limit - 1));
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
