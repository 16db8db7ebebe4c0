import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, family } from '../check.ts';
import { kindOf } from '../json-schema/assertions.ts';
import { brokenKeyword, brokenPattern, oldKeyword } from '../json-schema/keyword-values.ts';
import { referencesIn } from '../json-schema/references.ts';
import { subschemas } from '../json-schema/subschemas.ts';
import { type ListedTool, listedTools } from '../listed-tools.ts';
import { ALL, since } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { isModern } from '../versions.ts';

const PAGE = { legacy: 'server/tools', modern: 'basic/index#json-schema-usage' } as const;

/** Whether the schemas of tools are schemas that a validator takes, whatever they describe. */
export const toolSchemas: Family = family(
  {
    'schema/valid': {
      title: 'A schema has what JSON Schema allows under its keywords',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Correct the keyword: no draft of JSON Schema allows that value.',
      clients: 'Clients that check arguments or results with a validator lose the tool.',
    },
    'schema/pattern': {
      title: 'A pattern is a regular expression of ECMA-262',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Write it as JavaScript takes it: without (?i), (?P<name>…) or possessive quantifiers.',
      clients: 'Clients that check arguments or results with a validator lose the tool.',
    },
    'schema/reference': {
      title: 'A $ref leads to something in its schema',
      level: 'error',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Put what it refers to into "$defs" of the same schema; each schema is sent alone.',
      clients: 'Clients that check arguments or results with a validator lose the tool.',
    },
    'schema/network-reference': {
      title: 'A $ref does not lead into the network',
      level: 'error',
      once: 'side',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Put what it refers to into "$defs": nobody may fetch it.',
    },
    'schema/dialect': {
      title: 'The $schema of a schema is a published dialect of JSON Schema',
      level: 'warning',
      once: 'side',
      versions: ALL,
      spec: PAGE,
      fix: 'Leave "$schema" out, or set it to "https://json-schema.org/draft/2020-12/schema".',
    },
    'schema/old-draft': {
      title: 'The $schema of a schema is not that of an old draft',
      level: 'info',
      once: 'side',
      versions: ALL,
      fix: 'Write schemas in JSON Schema 2020-12: nobody has to know older drafts, and some models refuse them.',
    },
    'schema/old-keyword': {
      title: 'A schema without $schema has no keywords of older drafts',
      level: 'warning',
      once: 'side',
      versions: since('2025-11-25'),
      spec: PAGE,
      fix: 'Use prefixItems for a list of items, dependentRequired, and numbers as exclusive limits.',
    },
    'schema/recursion': {
      title: 'A schema does not refer to itself',
      level: 'warning',
      once: 'side',
      versions: ALL,
      fix: 'Write out as many levels as are needed: clients that put references in place never end, strict modes refuse.',
    },
  },
  (report) => {
    const checkSchema = (seen: SeenAnswer, tool: ListedTool, key: string, schema: unknown): void => {
      const tell = (rule: Parameters<typeof report>[0], what: string, habit?: string): void => {
        const about = habit ?? `${tool.title} ${key}`;
        report(rule, seen, `The server lists ${tool.title} with an ${key} ${what}`, { about, quote: tool.quote });
      };
      if (!isObject(schema)) return;
      const { $schema } = schema;
      const dialect = typeof $schema === 'string' ? $schema : undefined;
      if (dialect !== undefined && OLD.test(dialect))
        tell('schema/old-draft', `in ${dialect} (told of one tool only)`, dialect);
      // In a language that we do not know nothing else can be judged.
      else if (dialect !== undefined && !PUBLISHED.test(dialect))
        return tell('schema/dialect', `whose "$schema" is ${shortened(dialect)}`);
      const parts = [...subschemas(schema)];
      for (const { schema: part, pointer } of parts) {
        const broken = brokenKeyword(part);
        // Of what type the whole is, is looked at where the tool is.
        if (broken !== undefined && !(part === schema && broken === 'type' && hasRootRule(seen, key)))
          tell('schema/valid', `in which "${broken}" at ${shortened(pointer)} is ${valueIn(part[broken])}`);
      }
      const pattern = parts.map(({ schema: part }) => brokenPattern(part)).find((each) => each !== undefined);
      if (pattern !== undefined) tell('schema/pattern', `in which ${shortened(pattern)} is no regular expression`);
      const { lost, remote, circular } = referencesIn(schema, parts);
      if (lost !== undefined) tell('schema/reference', `in which ${shortened(lost)} leads to nothing`);
      if (remote !== undefined) tell('schema/network-reference', `that refers to ${shortened(remote)}`);
      if (circular !== undefined) tell('schema/recursion', `that comes back to ${shortened(circular)}`);
      const old = $schema === undefined ? parts.find(({ schema: part }) => oldKeyword(part) !== undefined) : undefined;
      if (old !== undefined)
        tell(
          'schema/old-keyword',
          `that has "${oldKeyword(old.schema) ?? ''}" of an older draft at ${shortened(old.pointer)}`,
        );
    };
    return {
      answer: (seen) => {
        for (const tool of listedTools(seen) ?? []) {
          if (!isObject(tool.definition)) continue;
          for (const key of ['inputSchema', 'outputSchema']) checkSchema(seen, tool, key, tool.definition[key]);
        }
      },
    };
  },
);

const OLD = /^http:\/\/json-schema\.org\/draft-0[3467]\/schema#?$/;
const PUBLISHED = /^https:\/\/json-schema\.org\/draft\/20(?:19-09|20-12)\/schema#?$/;

/** True where a rule of its own says of what type the whole has to be. */
function hasRootRule({ version }: SeenAnswer, key: string): boolean {
  return key === 'inputSchema' || !isModern(version);
}

function valueIn(value: unknown): string {
  return typeof value === 'object' && value !== null ? kindOf(value) : shortened(JSON.stringify(value));
}
