import type { JsonObject } from '@mcp-dbg/core';

import { parseJson } from '../../parse-arguments.ts';
import { safeJson } from '../../render/visible.ts';
import { isObject, propertiesOf, requiredOf, resolveSchema } from '../../schema/resolve-schema.ts';
import { type Field, fieldOf } from './field.ts';
import { aboutOf, hintsOf, nameText } from './field-words.ts';

/** Values that a template holds, how deep they lie in one another, and fields that are described above it. */
const MAX_VALUES = 200;
const MAX_DEPTH = 6;
const MAX_DESCRIBED = 40;

/** Characters of a default that a template takes over. */
const MAX_PRESET = 20_000;

/**
 * A text to edit: comments that say what the value is for, and JSON with what its schema requires. An example is used
 * where the schema gives a value; else what is there is empty, and may not fit yet.
 */
export function jsonTemplate(field: Field, root: unknown): string {
  const json = JSON.stringify(new Template(root).value(field.schema, 0), null, 2);
  const about = aboutOf(field);
  return [
    `// ${nameText(field.name)} (${hintsOf(field).join(', ')})${about === undefined ? '' : `: ${about}`}`,
    ...memberLines(field, root),
    '// Lines that begin with // are left out. Save and leave the editor to go on.',
    // Line by line: what stands between tokens is ours, what stands within strings is the server's.
    ...json.split('\n').map(safeJson),
    '',
  ].join('\n');
}

/** Reads what became of a template; undefined where it was emptied. Throws CliError `BAD_ARGUMENTS` for what is no JSON. */
export function readTemplate(text: string, name: string): { readonly value: unknown } | undefined {
  // No string of JSON goes on over the end of a line, so such a line is never a part of one.
  const json = text.replaceAll(/^[ \t]*\/\/.*$/gm, '').trim();
  return json === '' ? undefined : { value: parseJson(json, nameText(name)) };
}

function memberLines({ told }: Field, root: unknown): readonly string[] {
  const object = told['type'] === 'array' ? resolveSchema(told['items'], root) : told;
  const required = new Set(requiredOf(object));
  const members = [...propertiesOf(object)];
  const lines = members.slice(0, MAX_DESCRIBED).map(([name, schema]) => {
    const member = fieldOf(name, schema, root);
    const about = aboutOf(member);
    const hints = [...hintsOf(member), required.has(name) ? 'required' : 'optional'];
    return `//   ${nameText(name)} (${hints.join(', ')})${about === undefined ? '' : `: ${about}`}`;
  });
  return members.length > lines.length ? [...lines, `//   … and ${members.length - lines.length} more`] : lines;
}

class Template {
  readonly #root: unknown;
  #values = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  value(schema: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH || ++this.#values > MAX_VALUES) return null;
    const told = resolveSchema(schema, this.#root);
    for (const example of examplesOf(told)) {
      const json = JSON.stringify(example);
      if (json !== undefined && json.length <= MAX_PRESET) return example;
    }
    const { type, anyOf, oneOf } = told;
    const ways = Array.isArray(anyOf) ? anyOf : oneOf;
    const way: unknown = Array.isArray(ways)
      ? ways.find((each) => !isObject(each) || each['type'] !== 'null')
      : undefined;
    const kind: unknown = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
    if (kind === 'object' || isObject(told['properties'])) return this.#object(told, depth);
    if (way !== undefined) return this.value(way, depth + 1);
    return kind === 'array' ? this.#list(told, depth) : emptyOf(kind, told);
  }

  #object(told: JsonObject, depth: number): JsonObject {
    const object = {};
    const properties = propertiesOf(told);
    for (const name of requiredOf(told).slice(0, MAX_VALUES)) {
      const value = this.value(properties.get(name), depth + 1);
      Object.defineProperty(object, name, { value, enumerable: true });
    }
    return object;
  }

  #list({ items, minItems }: JsonObject, depth: number): readonly unknown[] {
    const length = typeof minItems === 'number' ? Math.min(Math.max(minItems, 1), 3) : 1;
    return isObject(items) ? Array.from({ length }, () => this.value(items, depth + 1)) : [];
  }
}

function examplesOf(told: JsonObject): readonly unknown[] {
  const { enum: values, examples } = told;
  return [
    told['default'],
    told['const'],
    Array.isArray(values) ? values[0] : undefined,
    Array.isArray(examples) ? examples[0] : undefined,
  ];
}

function emptyOf(kind: unknown, { minimum }: JsonObject): unknown {
  if (kind === 'string') return '';
  if (kind === 'number' || kind === 'integer') return typeof minimum === 'number' ? minimum : 0;
  return kind === 'boolean' ? false : null;
}
