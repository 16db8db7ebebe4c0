import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { type Subschema, subschemas } from '../json-schema/subschemas.ts';
import { type ListedTool, listedTools } from '../listed-tools.ts';
import { ALL } from '../rule.ts';

/** Levels, and properties, of arguments that models and strict modes still take. */
const MAX_LEVELS = 10;
const MAX_PROPERTIES = 100;

/** What is legal in the schema of a tool's arguments and what models' APIs, or clients, take badly. */
export const toolParameters: Family = family(
  {
    'schema/root-composition': {
      title: 'The root of an inputSchema has no anyOf, oneOf or allOf',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'List all parameters under "properties", and say in the description which go together.',
      clients: "Anthropic's Messages API refuses the whole request, so with it all tools of all servers.",
    },
    'schema/property-names': {
      title: 'A parameter has 1 to 64 of the characters A-Z a-z 0-9 _ . - as its name',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Rename the parameter.',
      clients: "Anthropic's Messages API refuses the whole request, so with it all tools of all servers.",
    },
    'schema/type-list': {
      title: 'A schema has one type, not a list of types',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Leave out of "required" what may be missing, or use anyOf: some models take no list of types.',
    },
    'schema/pattern-properties': {
      title: 'A schema has no patternProperties',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Name the properties, or take a list of objects with a key and a value: strict modes have no patternProperties.',
    },
    'schema/closed-objects': {
      title: 'An object is closed with "additionalProperties": false',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Set it where nothing else is taken: strict modes need it, and typing errors in arguments are found.',
    },
    'schema/mixed-enum': {
      title: 'The values of an enum are of one type',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Use texts only: some models take no others.',
    },
    'schema/depth': {
      title: `Arguments are nested at most ${MAX_LEVELS} levels deep`,
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Make the arguments flatter: strict modes refuse more, and models get them wrong.',
    },
    'schema/size': {
      title: `A tool has at most ${MAX_PROPERTIES} parameters, those within parameters included`,
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Make several tools of it.',
    },
    'schema/empty': {
      title: 'A parameter says what it takes',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Give the parameter a type: of {} a model can only guess, and some clients refuse it.',
    },
  },
  (report) => {
    const checkTool = (seen: SeenAnswer, tool: ListedTool, root: Readonly<Record<string, unknown>>): void => {
      const tell = (rule: Parameters<typeof report>[0], what: string, about = tool.title): void => {
        report(rule, seen, `The server lists ${tool.title} ${what}`, { about, quote: tool.quote });
      };
      const composition = ['anyOf', 'oneOf', 'allOf'].find((keyword) => root[keyword] !== undefined);
      if (composition !== undefined)
        tell('schema/root-composition', `with ${composition} at the root of its inputSchema`);
      const { properties } = root;
      const odd = isObject(properties)
        ? Object.keys(properties).find((name) => !/^[\w.-]{1,64}$/.test(name))
        : undefined;
      if (odd !== undefined)
        tell('schema/property-names', `with a parameter named ${JSON.stringify(odd.slice(0, 80))}`);
      const parts = [...subschemas(root)];
      const at = (holds: (part: Subschema) => boolean): string | undefined => parts.find(holds)?.pointer.slice(0, 80);
      const list = at(({ schema }) => Array.isArray(schema['type']));
      // These two are habits of whatever makes a server's schemas: told once, not for each tool.
      if (list !== undefined) tell('schema/type-list', `with a list of types at ${list} (told of one tool only)`, '');
      const open = at(isOpen);
      if (open !== undefined)
        tell('schema/closed-objects', `with an object that is not closed at ${open} (told of one tool only)`, '');
      const pattern = at(({ schema }) => schema['patternProperties'] !== undefined);
      if (pattern !== undefined) tell('schema/pattern-properties', `with patternProperties at ${pattern}`);
      const mixed = at(hasMixedEnum);
      if (mixed !== undefined) tell('schema/mixed-enum', `with an enum of several types at ${mixed}`);
      const empty = at(isEmptyParameter);
      if (empty !== undefined) tell('schema/empty', `with nothing said of the parameter at ${empty}`);
      const levels = parts.reduce((most, { level }) => Math.max(most, level), 0);
      if (levels > MAX_LEVELS) tell('schema/depth', `with arguments that are nested ${levels} levels deep`);
      const count = parts.reduce((sum, { schema }) => sum + Object.keys(namesIn(schema)).length, 0);
      if (count > MAX_PROPERTIES) tell('schema/size', `with ${count} parameters`);
    };
    return {
      answer: (seen) => {
        for (const tool of listedTools(seen) ?? []) {
          const schema = isObject(tool.definition) ? tool.definition['inputSchema'] : undefined;
          if (isObject(schema)) checkTool(seen, tool, schema);
        }
      },
    };
  },
);

function namesIn({ properties }: Readonly<Record<string, unknown>>): object {
  return isObject(properties) ? properties : {};
}

/** An object without properties is a map, which no strict mode can close. */
function isOpen({ schema }: Subschema): boolean {
  const { additionalProperties, unevaluatedProperties } = schema;
  const isMap = isObject(additionalProperties) && Object.keys(additionalProperties).length > 0;
  const hasNames = Object.keys(namesIn(schema)).length > 0;
  return hasNames && !isMap && additionalProperties !== false && unevaluatedProperties !== false;
}

function hasMixedEnum({ schema }: Subschema): boolean {
  const values: readonly unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : [];
  return new Set(values.filter((value) => value !== null).map((value) => typeof value)).size > 1;
}

function isEmptyParameter({ schema, under }: Subschema): boolean {
  const says = Object.keys(schema).filter((key) => !['title', 'description', 'default', 'examples'].includes(key));
  return (under === 'properties' || under === 'items') && says.length === 0;
}
