import { randomUUID } from 'node:crypto';

import { type JsonObject, type RoutedTool, toModelContent } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import { fillForm } from './form/fill-form.ts';
import type { SlashContext } from './slash/slash-context.ts';

/** Calls a tool as a person wants it, asking for the required arguments that are missing, and shows what came of it. */
export async function callByHand(route: RoutedTool, given: JsonObject, context: SlashContext): Promise<void> {
  const { session, view, signal } = context;
  const { server, spec, tool } = route;
  const args = await completed(route, given, context.form);
  const id = randomUUID();
  view.loop({ type: 'tool-call', id, name: spec.name, server: server.name, tool: tool.name, args });
  // A person who types the call has approved it.
  const outcome = await session.call(spec.name, args, {
    approve: async () => true,
    signal,
    onProgress: (progress) => view.loop({ type: 'tool-progress', id, progress }),
  });
  const { ms, n } = outcome;
  const sent = { ...(ms !== undefined && { ms }), ...(n !== undefined && { n }) };
  if (outcome.kind === 'failed') {
    const content = [{ type: 'text', text: outcome.message }] as const;
    view.loop({ type: 'tool-result', id, isError: true, content, ...sent }, true);
    return;
  }
  const { isError, answer, outputFault } = outcome;
  view.loop(
    {
      type: 'tool-result',
      id,
      isError,
      content: toModelContent(answer.value),
      answer,
      ...sent,
      ...(outputFault !== undefined && { outputFault }),
    },
    true,
  );
}

async function completed(route: RoutedTool, given: JsonObject, form: SlashContext['form']): Promise<JsonObject> {
  if (form === undefined) return given;
  const args = await fillForm(route.tool.inputSchema, given, form);
  if (args === undefined) throw new CliError('INTERRUPTED', 'The call was not made');
  return args;
}
