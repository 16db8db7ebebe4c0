import type { Anthropic } from '@anthropic-ai/sdk';
import { type JsonObject, ModelError, type ModelReply, type StopReason, type ToolUse } from '../model.ts';
import type { Endpoint } from './anthropic-error.ts';

/** The mark by which a reply of this adapter is known when it comes back. */
const VENDOR = 'anthropic-messages';

/** Reads a finished message. Throws a ModelError `BROKEN` when the server left out what the API promises. */
export function modelReply(message: Anthropic.Message, { host }: Endpoint): ModelReply {
  const { content, usage } = message;
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  const stop = stopOf(message, host);
  return {
    text,
    calls:
      stop.stop === 'refusal'
        ? []
        : content.flatMap((block) => (block.type === 'tool_use' ? [toolUse(block, host)] : [])),
    ...stop,
    usage: { inputTokens: inputTokens(usage), outputTokens: usage.output_tokens ?? 0 },
    vendor: { vendor: VENDOR, content },
  };
}

/** The content blocks of a reply that this adapter made, or undefined for any other. */
export function vendorContent({ vendor }: ModelReply): readonly Anthropic.ContentBlockParam[] | undefined {
  if (typeof vendor !== 'object' || vendor === null || !('vendor' in vendor) || !('content' in vendor))
    return undefined;
  return vendor.vendor === VENDOR ? (vendor.content as readonly Anthropic.ContentBlockParam[]) : undefined;
}

function toolUse({ id, name, input }: Anthropic.ToolUseBlock, host: string): ToolUse {
  if (typeof input === 'object' && input !== null && !Array.isArray(input))
    return { id, name, args: input as JsonObject };
  throw new ModelError(
    'BROKEN',
    `The answer of ${host} could not be read: a tool call's arguments are not an object; ask again.`,
  );
}

function stopOf(message: Anthropic.Message, host: string): { readonly stop: StopReason; readonly detail?: string } {
  const { stop_reason: reason, stop_details: details } = message;
  switch (reason) {
    case 'end_turn':
    case 'tool_use':
    case 'max_tokens':
    case 'pause_turn':
      return { stop: reason };
    case 'stop_sequence':
      return { stop: 'end_turn' };
    case 'model_context_window_exceeded':
      return { stop: 'max_tokens', detail: "The conversation fills the model's context window." };
    case 'refusal': {
      const why = [details?.category, details?.explanation].filter((part) => typeof part === 'string').join(': ');
      return why === '' ? { stop: 'refusal' } : { stop: 'refusal', detail: why };
    }
    case null:
    case undefined:
      throw new ModelError(
        'BROKEN',
        `The answer of ${host} could not be read: it does not say why it stopped; ask again.`,
      );
    default:
      // A reason from after this SDK. Tools run on `tool_use` alone, so ending here is safe.
      return {
        stop: 'end_turn',
        detail: `The model stopped for a reason unknown here: ${String(reason satisfies never)}.`,
      };
  }
}

/** What the model read, cached or not: `input_tokens` alone leaves the cached part out. */
function inputTokens(usage: Anthropic.Usage): number {
  return (usage.input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
}
