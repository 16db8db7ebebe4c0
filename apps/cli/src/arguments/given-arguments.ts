import type { JsonObject } from '@mcp-dbg/core';

import { oneLine } from '../chat/form/one-line.ts';
import { CliError } from '../exit-code.ts';
import { isObject, resolveSchema } from '../schema/resolve-schema.ts';
import { typesOf } from '../schema/types-of.ts';
import { type Place, placeOf } from './place-of.ts';

/** Reads a text as a value by the types that are allowed for it. */
type Read = (text: string, types: readonly string[]) => unknown;

/** The arguments of one call as they are given one by one, each in the place that the tool's schema has for it. */
export class GivenArguments {
  readonly values: JsonObject;
  readonly #root: unknown;
  /** What was given by itself, by path; a list that is given item by item is still open. */
  readonly #given = new Map<string, unknown[] | undefined>();

  /** `base` is what the arguments begin with; what is given by itself takes the place of its members. */
  constructor(inputSchema: unknown, base: JsonObject) {
    this.#root = inputSchema;
    this.values = { ...base };
  }

  /** Takes a value for a key. Throws CliError `BAD_ARGUMENTS` where the key has one. */
  set(key: string, value: unknown): void {
    this.#put(key, placeOf(key, this.#root, this.#root).path, value, undefined);
  }

  /** Takes a text for a key, read by its type; for a list that is no JSON it is one more item. Throws as {@link set} does. */
  read(key: string, text: string, read: Read): void {
    const place = placeOf(key, this.#root, this.#root);
    const types = typesOf(place.schema, this.#root);
    const value = read(text, types);
    const isList = types.includes('array') && types.every((type) => type === 'array' || type === 'null');
    const isWhole = Array.isArray(value) || (value === null && types.includes('null'));
    if (isList && !isWhole) this.#addItem(key, place, text, read);
    else this.#put(key, place.path, value, undefined);
  }

  #addItem(key: string, { path, schema }: Place, text: string, read: Read): void {
    if (text === '') throw refused(`${key} is a list: ${key}=ITEM gives it an item, ${key}:=[] is an empty one`);
    const { items } = resolveSchema(schema, this.#root);
    const item = read(text, typesOf(items, this.#root));
    const list = this.#given.get(idOf(path));
    if (list === undefined) this.#put(key, path, [item], [item]);
    else this.#store(path, (list.push(item), list));
  }

  #put(key: string, path: readonly string[], value: unknown, list: unknown[] | undefined): void {
    const isInPart = [...this.#given.keys()].some((id) => id.startsWith(`${idOf(path)},`));
    const isInWhole = path.some((_, index) => this.#given.has(idOf(path.slice(0, index + 1))));
    if (isInPart || isInWhole) throw refused(`${oneLine(key, 60)} is given twice`);
    this.#given.set(idOf(path), list);
    this.#store(path, list ?? value);
  }

  #store(path: readonly string[], value: unknown): void {
    let within = this.values;
    for (const [index, name] of path.entries()) {
      if (index === path.length - 1) return define(within, name, value);
      const inner = Object.hasOwn(within, name) ? within[name] : undefined;
      // A copy: what it is part of stays as it is.
      const next: JsonObject = isObject(inner) ? { ...inner } : {};
      define(within, name, next);
      within = next;
    }
  }
}

/** Not by assignment: a server may call an argument `__proto__`. */
function define(object: JsonObject, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

function idOf(path: readonly string[]): string {
  return path.map((name) => JSON.stringify(name)).join(',');
}

function refused(fault: string): CliError {
  return new CliError('BAD_ARGUMENTS', fault);
}
