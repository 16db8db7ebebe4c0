import { type ListedTool, adaptSchema } from '@mcp-dbg/core';
import { type Finding, LEVELS, type Level } from '@mcp-dbg/protocol/lint';

import { remark } from '../doctor-rules.ts';
import type { StartFacts } from '../start-facts.ts';

/** Tools of one request that VS Code and the APIs of some models take at most. */
const MAX_TOOLS = 128;
/** Characters of a tool's name that the APIs of all models take. */
const MAX_NAME = 64;

/** What a model's API makes of the tools. `server` is the name that the server has in a configuration. */
export function checkTools({ outcome, lint }: StartFacts, server: string): readonly Finding[] {
  if (outcome.kind !== 'ready') return [];
  const { tools } = outcome;
  const told = lint.filter(({ rule }) => /^(?:schema\/|tools\/input-schema)/.test(rule));
  /** How bad the rules of the protocol call its schema already: that need not be said again. */
  const levelOf = ({ name }: ListedTool): Level | undefined => {
    const levels = told.filter(({ message }) => message.includes(JSON.stringify(name))).map(({ level }) => level);
    return LEVELS.find((level) => levels.includes(level));
  };
  return [
    ...tools.flatMap((tool) => schemaFindings(tool, levelOf(tool))),
    ...tools.flatMap((tool) => nameFindings(tool, server)),
    ...countFindings(tools),
  ];
}

function schemaFindings({ name, inputSchema, text }: ListedTool, told: Level | undefined): readonly Finding[] {
  if (told === 'error') return [];
  const adapted = adaptSchema(inputSchema);
  const quote = text.slice(0, 160);
  if ('refused' in adapted) {
    const message = `No model can be told of the tool ${quoted(name)}: ${adapted.refused}`;
    const fix = 'Write the input schema as a plain object with "properties", whose names are short and plain.';
    return [remark('model/schema', { message, quote, fix, level: 'error' })];
  }
  if (adapted.changed.length === 0 || told === 'warning') return [];
  const message = `The API of Claude refuses a request with the tool ${quoted(name)} as it is (${adapted.changed.join('; ')})`;
  const fix =
    'Write the input schema as one plain object of JSON Schema 2020-12; hosts that send it as it is lose all tools.';
  return [remark('model/schema', { message, quote, fix })];
}

function nameFindings({ name }: ListedTool, server: string): readonly Finding[] {
  const prefixed = `mcp__${server}__${name}`;
  // A longer name is a finding of the protocol's rules.
  if (name.length > MAX_NAME || prefixed.length <= MAX_NAME) return [];
  const message = `Claude Code calls the tool ${quoted(prefixed)}, which has ${prefixed.length} characters; the APIs of some models take ${MAX_NAME}`;
  return [
    remark('model/name', { message, fix: 'Give the server a shorter name in the configuration, or the tool one.' }),
  ];
}

function countFindings(tools: readonly ListedTool[]): readonly Finding[] {
  if (tools.length <= MAX_TOOLS) return [];
  const message = `The server has ${tools.length} tools; VS Code and the APIs of some models take ${MAX_TOOLS} in all`;
  return [
    remark('model/count', {
      message,
      fix: 'Have fewer tools, or let people choose groups of them by an option of the server.',
    }),
  ];
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 160));
}
