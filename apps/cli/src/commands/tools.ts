import type { ListedTool } from '@mcp-dbg/core';
import { memberText } from '@mcp-dbg/wire';

import type { ServerCommand } from '../connecting.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { type OneServerOptions, withServer } from '../open-server.ts';
import { counted } from '../render/counted.ts';
import { entryText, shortened } from '../render/entry-text.ts';
import { indentedJson } from '../render/indented-json.ts';
import { jsonText } from '../render/json-text.ts';
import { entriesJson, headJson, headText } from '../render/server-head.ts';
import { type Theme, themeFor } from '../render/theme.ts';
import { safeJson, visible } from '../render/visible.ts';
import { isObject, propertiesOf, requiredOf, resolveSchema } from '../schema/resolve-schema.ts';
import { typesOf } from '../schema/types-of.ts';
import { targetWords } from '../target-words.ts';

/** Lists the tools of a server, or shows one whole. Gives the exit code. */
export async function tools(
  io: Io,
  words: readonly string[],
  command: ServerCommand,
  options: OneServerOptions,
): Promise<number> {
  const { target, rest } = targetWords(words, command, options);
  const [name, ...others] = rest;
  if (others.length > 0)
    throw new CliError('USAGE', 'Name one server, and one tool at most: mcp-dbg tools SERVER [TOOL]');
  return await withServer(
    io,
    target,
    command,
    options,
    async ({ session, live: { connection, tools: listed }, print }) => {
      const theme = themeFor(io.terminal.stdout, io.env);
      const { json = false } = options;
      if (name !== undefined) {
        const { tool } = session.find(name);
        print(json ? `${safeJson(tool.text)}\n` : wholeText(tool, theme));
      } else if (json) print(`${safeJson(`${headJson(connection)},"tools":${entriesJson(listed)}}`)}\n`);
      else {
        print(headText(connection, counted(listed.length, 'tool'), theme));
        for (const tool of listed) print(toolText(tool, io.terminal.stdout, theme));
      }
      return EXIT.good;
    },
  );
}

function toolText({ name, description, inputSchema, value }: ListedTool, isTerminal: boolean, theme: Theme): string {
  const head =
    theme.tool(shortened(name, isTerminal)) + parameters(inputSchema) + theme.dim(hints(value['annotations']));
  return entryText(head, [shortened(description, isTerminal)]);
}

/** The tool with all that the server says of it, its digits and the order of its members. */
function wholeText(tool: ListedTool, theme: Theme): string {
  const schemas = ['inputSchema', 'outputSchema', 'annotations', '_meta'].flatMap((member) => {
    const text = memberText(tool.text, member);
    return text === undefined ? [] : [`\n${theme.strong(member)}\n${jsonText(indentedJson(text), theme, 'kept')}\n`];
  });
  return toolText(tool, false, theme).trimStart() + schemas.join('');
}

/** `(city: string, days?: number)`. */
function parameters(inputSchema: unknown): string {
  const told = resolveSchema(inputSchema, inputSchema);
  const required = new Set(requiredOf(told));
  const parts = Array.from(propertiesOf(told), ([key, property]) => {
    const types = typesOf(property, inputSchema);
    const type = types.length === 0 ? '' : `: ${types.map((each) => visible(each)).join('|')}`;
    return `${visible(key)}${required.has(key) ? '' : '?'}${type}`;
  });
  return `(${parts.join(', ')})`;
}

/** What the server says that a call does; it may say anything. */
function hints(annotations: unknown): string {
  if (!isObject(annotations)) return '';
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  const said = [
    readOnlyHint === true ? 'read-only' : '',
    readOnlyHint !== true && destructiveHint === true ? 'destructive' : '',
    readOnlyHint !== true && idempotentHint === true ? 'idempotent' : '',
    openWorldHint === true ? 'open world' : '',
  ].filter((hint) => hint !== '');
  return said.length === 0 ? '' : `  ${said.join(', ')}`;
}
