import type { Anthropic } from '@anthropic-ai/sdk';
import type { ToolSpec, Turn } from '../model.ts';

type ToolParams = Pick<Anthropic.MessageCreateParams, 'tools' | 'tool_choice'>;

/**
 * The tools of a request. A conversation that has tool calls in it is refused by some servers of the API when the
 * request has no tools, so when every tool has gone (its server died), those it used are named and none may be called.
 */
export function toolParams(tools: readonly ToolSpec[], turns: readonly Turn[]): ToolParams {
  if (tools.length > 0) return { tools: tools.map(toolParam) };
  const used = new Set(
    turns.flatMap((turn) => (turn.role === 'assistant' ? turn.reply.calls : [])).map(({ name }) => name),
  );
  if (used.size === 0) return {};
  const description = 'Not available at the moment.';
  return {
    tools: [...used].map((name) => toolParam({ name, description, inputSchema: { type: 'object' } })),
    tool_choice: { type: 'none' },
  };
}

function toolParam({ name, description, inputSchema }: ToolSpec): Anthropic.Tool {
  return {
    name,
    ...(description.trim() === '' ? {} : { description }),
    input_schema: inputSchema as Anthropic.Tool.InputSchema,
  };
}
