import type { Definition, Definitions } from '../published-schemas.ts';
import type { Alternative, Member, Outline } from './outline.ts';

/** Members whose text says what kind of object it is. */
const TELLING = ['type', 'method', 'mode'];

/** The outline of a definition of a published schema. */
export function schemaOutline(definition: Definition, all: Definitions, within: readonly string[] = []): Outline {
  const name = definition.$ref?.split('/').at(-1);
  if (name !== undefined) {
    // JSON values hold JSON values: nothing is known of those inside.
    return within.includes(name) ? [{ type: 'any' }] : schemaOutline(all[name] ?? {}, all, [...within, name]);
  }
  if (definition.anyOf !== undefined) return definition.anyOf.flatMap((each) => labelled(each, all, within));
  if (definition.allOf !== undefined) return [together(definition.allOf, all, within)];
  if (definition.const !== undefined) return [{ type: JSON.stringify(definition.const) }];
  if (definition.enum !== undefined) return [{ type: wordsText(definition.enum) }];
  const types = [definition.type ?? 'any'].flat();
  return types.flatMap((type) => ofType(type, definition, all, within));
}

export function wordsText(words: readonly unknown[]): string {
  return words
    .map((word) => JSON.stringify(word))
    .toSorted()
    .join('|');
}

function together(parts: readonly Definition[], all: Definitions, within: readonly string[]): Alternative {
  const members = parts
    .flatMap((part) => schemaOutline(part, all, within))
    .flatMap((each) => [...(each.members ?? [])]);
  return { type: 'object', members: new Map(members) };
}

function ofType(type: string, definition: Definition, all: Definitions, within: readonly string[]): Outline {
  switch (type) {
    case 'integer':
    case 'number':
      return [{ type: numberText(type === 'integer', definition.minimum, definition.maximum) }];
    case 'array':
      return [{ type, items: schemaOutline(definition.items ?? {}, all, within) }];
    case 'object':
      return [object(definition, all, within)];
    default:
      return [{ type }];
  }
}

export function numberText(isWhole: boolean, from: number = -Infinity, to: number = Infinity): string {
  const range = from === -Infinity ? '' : ` ${from}..${to === Infinity ? '' : to}`;
  return (isWhole ? 'whole' : 'number') + range;
}

function object(definition: Definition, all: Definitions, within: readonly string[]): Alternative {
  const { properties = {}, required = [], additionalProperties: rest } = definition;
  const members = new Map<string, Member>(
    Object.entries(properties).map(([name, member]) => [
      name,
      { outline: schemaOutline(member, all, within), isRequired: required.includes(name) },
    ]),
  );
  const values = typeof rest === 'object' && !isAnyJson(rest) ? schemaOutline(rest, all, within) : [];
  return { type: 'object', members, ...(values.some(({ type }) => type !== 'any') && { values }) };
}

/** One of several, as many times as there are texts in the member that tells of what kind it is. */
function labelled(definition: Definition, all: Definitions, within: readonly string[]): Outline {
  const outline = schemaOutline(definition, all, within);
  const { properties = {} } = all[definition.$ref?.split('/').at(-1) ?? ''] ?? definition;
  const member = TELLING.find((name) => textsOf(properties[name]).length > 0);
  if (member === undefined) return outline;
  return textsOf(properties[member]).flatMap((text) => outline.map((each) => ({ ...each, label: { member, text } })));
}

function isAnyJson(definition: Definition): boolean {
  return definition.$ref?.endsWith('/JSONValue') === true;
}

function textsOf(definition: Definition | undefined): readonly string[] {
  const texts = definition?.enum ?? [definition?.const];
  return texts.filter((text) => typeof text === 'string');
}
