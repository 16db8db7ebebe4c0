import type { Anthropic } from '@anthropic-ai/sdk';
import type { ModelContent, ModelReply, ToolReply, Turn } from '../model.ts';
import type { ModelProfile } from './anthropic-model.ts';
import { vendorContent } from './model-reply.ts';

type Block = Anthropic.ContentBlockParam;
type ResultBlock = Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam;

/**
 * The conversation as the Messages API takes it. Turns of one side that follow each other become one message, since
 * chat templates of local servers insist on alternation; of a user's message, tool results come first by themselves.
 */
export function messageParams(turns: readonly Turn[], profile: ModelProfile): Anthropic.MessageParam[] {
  const messages: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const turn of turns) {
    const content = blocks(turn, profile);
    const role = turn.role === 'assistant' ? 'assistant' : 'user';
    const last = messages.at(-1);
    if (content.length === 0) continue;
    if (last?.role === role) last.content.push(...content);
    else messages.push({ role, content });
  }
  return messages;
}

function blocks(turn: Turn, profile: ModelProfile): Block[] {
  switch (turn.role) {
    case 'user':
      return textBlocks(turn.text);
    case 'assistant':
      return assistantBlocks(turn.reply);
    case 'tools':
      return turn.replies.map((reply) => toolResult(reply, profile));
  }
}

/** The API refuses text that is empty or only white space. */
function textBlocks(text: string): Anthropic.TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function assistantBlocks(reply: ModelReply): Block[] {
  const own = vendorContent(reply);
  if (own === undefined) {
    const calls = reply.calls.map(({ id, name, args }) => ({
      type: 'tool_use' as const,
      id,
      name,
      input: args,
    }));
    return [...textBlocks(reply.text), ...calls];
  }
  const kept = own.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  // A refused reply goes back as what the person saw of it: nobody answers the calls in it.
  if (reply.stop === 'refusal') return kept.filter((block) => block.type === 'text');
  if (reply.stop === 'pause_turn') return kept;
  return kept.slice(0, kept.findLastIndex((block) => !isThinking(block)) + 1);
}

/** A reply cut off while thinking ends in a block that the API does not take back. */
function isThinking({ type }: Block): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

function toolResult({ id, isError, content }: ToolReply, profile: ModelProfile): Anthropic.ToolResultBlockParam {
  const kept = content.flatMap((part) => resultBlocks(part, isError, profile));
  return {
    type: 'tool_result',
    tool_use_id: id,
    content: kept.length > 0 ? kept : [{ type: 'text', text: '(no output)' }],
    ...(isError ? { is_error: true } : {}),
  };
}

/** The API takes only text in the result of a failed call. */
function resultBlocks(part: ModelContent, isError: boolean, profile: ModelProfile): ResultBlock[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part.text);
    case 'image': {
      if (isError) return textBlocks(`[${part.mimeType} image left out of a failed result]`);
      return [{ type: 'image', source: { type: 'base64', media_type: part.mimeType, data: part.data } }];
    }
    case 'pdf': {
      if (isError || profile === 'plain') return textBlocks('[PDF document left out: it cannot be sent here]');
      return [
        {
          type: 'document',
          source: { type: 'base64', media_type: 'application/pdf', data: part.data },
        },
      ];
    }
  }
}
