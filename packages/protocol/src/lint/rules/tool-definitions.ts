import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { kindOf } from '../json-schema/assertions.ts';
import { type ListedTool, listedTools } from '../listed-tools.ts';
import { ALL, MODERN, since } from '../rule.ts';

const PAGE = 'server/tools';

/** How a server describes each of its tools. */
export const toolDefinitions: Family = family(
  {
    'tools/name': {
      title: 'A tool has a name',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Give the tool a name that is a text and not empty.',
      clients: 'The TypeScript SDKs refuse the whole list, so all tools are lost.',
    },
    'tools/input-schema': {
      title: 'A tool has an inputSchema whose root is "type": "object"',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Send {"type":"object"} where a tool takes no arguments, and else the schema of an object.',
      clients: 'The TypeScript SDKs refuse the whole list, so all tools are lost.',
    },
    'tools/output-schema': {
      title: 'An outputSchema is a schema, before MCP 2026-07-28 that of an object',
      level: 'error',
      once: 'side',
      versions: since('2025-06-18'),
      spec: PAGE,
      fix: 'Wrap what the tool gives into an object, or leave the outputSchema out.',
    },
    'tools/name-characters': {
      title: 'A tool name has 1 to 128 of the characters A-Z a-z 0-9 _ . -',
      level: 'warning',
      once: 'side',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Rename the tool, and put what people should read into its title.',
    },
    'tools/model-name': {
      title: 'A tool name is one that the APIs of models take',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Use at most 64 of the characters A-Z a-z 0-9 _ -: other names are refused, or renamed by the client.',
      clients: "Some hosts send the name as it is, and the model's API then refuses the whole request.",
    },
    'tools/described': {
      title: 'A tool and its parameters are described',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Say in "description" what it does and what each parameter means: nothing else tells the model.',
    },
    'tools/annotations': {
      title: 'The annotations of a tool agree with each other',
      level: 'warning',
      once: 'side',
      versions: since('2025-03-26'),
      spec: PAGE,
      fix: 'Set destructiveHint only where readOnlyHint is false: clients decide by it whether they ask a person.',
    },
  },
  (report) => {
    const checkTool = (seen: SeenAnswer, tool: ListedTool): void => {
      const tell = (rule: Parameters<typeof report>[0], what: string): void => {
        report(rule, seen, `The server lists ${tool.title} ${what}`, { about: tool.title, quote: tool.quote });
      };
      const { definition, name } = tool;
      if (!isObject(definition) || name === undefined || name === '') tell('tools/name', 'without a name');
      if (!isObject(definition)) return;
      const schema = schemaFault(definition['inputSchema']);
      if (schema !== undefined) tell('tools/input-schema', schema);
      const output = definition['outputSchema'];
      const isModern = seen.version !== undefined && MODERN.includes(seen.version);
      if (output !== undefined && !(isModern ? isObject(output) : isObjectSchema(output)))
        tell('tools/output-schema', 'with an outputSchema that does not describe an object');
      if (name !== undefined && name !== '' && !/^[\w.-]{1,128}$/.test(name))
        tell(
          'tools/name-characters',
          lengthOr(name, 128, 'whose name has other characters than letters, digits, "_", "-" and "."'),
        );
      else if (name !== undefined && name !== '' && !/^[\w-]{1,64}$/.test(name))
        tell('tools/model-name', lengthOr(name, 64, 'whose name has a dot'));
      const silent = undescribed(definition);
      if (silent !== undefined) tell('tools/described', silent);
      const { readOnlyHint, destructiveHint } = isObject(definition['annotations']) ? definition['annotations'] : {};
      if (readOnlyHint === true && destructiveHint === true)
        tell('tools/annotations', 'as read-only and as destructive at once');
    };
    return {
      answer: (seen) => {
        for (const tool of listedTools(seen) ?? []) checkTool(seen, tool);
      },
    };
  },
);

function schemaFault(schema: unknown): string | undefined {
  if (schema === undefined) return 'without an inputSchema';
  if (!isObject(schema)) return `with ${kindOf(schema)} as its inputSchema`;
  if (schema['type'] === undefined) return 'with an inputSchema that does not say "type": "object"';
  return isObjectSchema(schema) ? undefined : 'with an inputSchema that describes something else than an object';
}

function isObjectSchema(schema: unknown): boolean {
  return isObject(schema) && schema['type'] === 'object';
}

function lengthOr(name: string, limit: number, otherwise: string): string {
  return name.length > limit ? `whose name has ${name.length} characters` : otherwise;
}

/** What is not described: the tool, or the first of its parameters. */
function undescribed({ description, inputSchema }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isWords(description)) return 'without a description';
  const properties = isObject(inputSchema) ? inputSchema['properties'] : undefined;
  const silent = isObject(properties)
    ? Object.entries(properties).filter(([, property]) => isObject(property) && !isDescribed(property))
    : [];
  const [first] = silent;
  if (first === undefined) return undefined;
  const more = silent.length > 1 ? ` and ${silent.length - 1} more` : '';
  return `without a description of the parameter ${JSON.stringify(first[0].slice(0, 80))}${more}`;
}

function isDescribed(property: Readonly<Record<string, unknown>>): boolean {
  return isWords(property['description']) || property['$ref'] !== undefined;
}

function isWords(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
