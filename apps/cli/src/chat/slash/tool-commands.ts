import { CliError } from '../../exit-code.ts';
import { parseArguments, parseObject } from '../../parse-arguments.ts';
import { fitted } from '../../render/columns.ts';
import { hintsText } from '../../render/hints-text.ts';
import { visible } from '../../render/visible.ts';
import { callByHand } from '../call-by-hand.ts';
import { type SlashCommand, type SlashContext, cutWord } from './slash-context.ts';

export const tools: SlashCommand = {
  usage: '/tools [NAME]',
  what: 'list the tools, or show one with its schema',
  run: async (name, context) => {
    // Who asks wants to see the tools as they are, whatever may be kept of them.
    await Promise.all(context.session.servers.map(async (server) => await server.refresh()));
    showTools(name, context);
  },
};

export const call: SlashCommand = {
  usage: '/call TOOL [{json} | key=value…]',
  what: 'call a tool; what is missing is asked for',
  run: async (rest, context) => {
    const [name, given] = cutWord(rest);
    if (name === '') throw new CliError('USAGE', `Usage: ${call.usage}`);
    const route = context.session.find(name);
    await callByHand(route, argumentsOf(given, route.tool.inputSchema), context);
  },
};

/** Reads `{json}`, or `key=value` words by the types of a schema. */
export function argumentsOf(given: string, schema: unknown): Readonly<Record<string, unknown>> {
  return given.startsWith('{') ? parseObject(given) : parseArguments(wordsOf(given), undefined, schema);
}

/** Cuts at spaces, but not within double quotes. Those around a value are taken away: `title="two words"`. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replace(/^([^=:"]+=)"([^"]*)"$/, '$1$2'));
}

function showTools(name: string, { session, view, theme, columns }: SlashContext): void {
  if (name !== '') {
    const { spec, server, tool } = session.find(name);
    const schema = JSON.stringify(tool.inputSchema, null, 2) ?? 'no input schema';
    const said = `${hintsText(tool, server.trusted)}\n`;
    view.found(`${visible(spec.name)}: ${visible(spec.description, 'kept')}\n${said}${visible(schema, 'kept')}`);
    return;
  }
  const { byName, leftOut } = session.routes;
  const all = [...byName.values(), ...leftOut.values()].map(({ spec }) => spec);
  const width = Math.max(...all.map(({ name: each }) => each.length));
  const room = columns();
  const lines = all.map(({ name: each, description }) => {
    const hidden = leftOut.has(each) ? '  (no model can use it)' : '';
    const what = visible(description.split('\n')[0] ?? '') + hidden;
    const start = `  ${visible(each).padEnd(width)}  `;
    return theme.tool(start) + (room === undefined ? what : fitted(what, Math.max(10, room - 1 - start.length)));
  });
  view.found(lines.length === 0 ? 'There are no tools.' : lines.join('\n'));
}
