import { randomUUID } from 'node:crypto';

import { type JsonObject, type RoutedTool, toModelContent } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { readValue, typesOf } from '../parse-arguments.ts';
import { contentText, failureText } from '../render/call-text.ts';
import { visible } from '../render/visible.ts';
import type { SlashContext } from './slash-commands.ts';

/** Calls a tool as a person wants it, asking for the required arguments that are missing, and shows what came of it. */
export async function callByHand(route: RoutedTool, given: JsonObject, context: SlashContext): Promise<void> {
  const { session, view, signal } = context;
  const { server, spec, tool } = route;
  const args = await completed(route, given, context.ask);
  const id = randomUUID();
  view.loop({ type: 'tool-call', id, name: spec.name, server: server.name, tool: tool.name, args });
  // A person who types the call has approved it.
  const outcome = await session.call(spec.name, args, { approve: async () => true, signal });
  const time = outcome.ms === undefined ? {} : { ms: outcome.ms };
  if (outcome.kind === 'failed') {
    view.loop({ type: 'tool-result', id, isError: true, content: [{ type: 'text', text: outcome.message }], ...time });
    return;
  }
  const content = toModelContent(outcome.answer.value);
  view.loop({ type: 'tool-result', id, isError: outcome.isError, content, ...time });
  const whole = contentText(content);
  // The line of the call has said why it failed, unless that was too long for a line.
  if (!outcome.isError || whole !== failureText(content)) view.found(whole);
}

async function completed(route: RoutedTool, given: JsonObject, ask: SlashContext['ask']): Promise<JsonObject> {
  const { inputSchema } = route.tool;
  const missing = requiredBy(inputSchema).filter((key) => !Object.hasOwn(given, key));
  if (ask === undefined) return given;
  const args = { ...given };
  for (const key of missing) {
    const types = typesOf(inputSchema, key);
    const answer = await ask(
      `  ${visible(key)}${types.length === 0 ? '' : ` (${types.map((type) => visible(type)).join(' or ')})`}: `,
    );
    if (answer === undefined) throw new CliError('INTERRUPTED', 'The call was not made');
    Object.defineProperty(args, key, { value: readValue(answer, types), enumerable: true });
  }
  return args;
}

function requiredBy(inputSchema: unknown): readonly string[] {
  const required =
    typeof inputSchema === 'object' && inputSchema !== null && 'required' in inputSchema ? inputSchema.required : [];
  return Array.isArray(required) ? required.filter((each): each is string => typeof each === 'string') : [];
}
