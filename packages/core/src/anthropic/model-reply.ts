import { isDeepStrictEqual } from 'node:util';
import type { Anthropic } from '@anthropic-ai/sdk';
import { isObject } from '../json.ts';
import { type JsonObject, ModelError, type ModelReply, type StopReason, type ToolUse, type Usage } from '../model.ts';
import type { Endpoint } from './anthropic-error.ts';

/** The mark by which a reply of this adapter is known when it comes back. */
const VENDOR = 'anthropic-messages';

/** A server that only speaks the same API may leave out anything. */
type Loose<Whole> = { readonly [Key in keyof Whole]?: Whole[Key] | null | undefined };

/** Reads a finished message. Throws a ModelError `BROKEN` when the server left out what the API promises. */
export function modelReply(message: Loose<Anthropic.Message>, { host }: Endpoint): ModelReply {
  const content = message.content ?? [];
  const stop = stopOf(message, host);
  const calls = content.flatMap((block) => (block.type === 'tool_use' ? [toolUse(block, host)] : []));
  return {
    text: content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
    calls: stop.stop === 'refusal' ? [] : calls,
    ...stop,
    // Local servers may stop for tools and name none: there is nothing to run.
    ...(stop.stop === 'tool_use' && calls.length === 0 ? { stop: 'end_turn' } : {}),
    usage: usageOf(message.usage ?? {}),
    vendor: { vendor: VENDOR, content },
  };
}

/** The content blocks of a reply that this adapter made, or undefined for any other. */
export function vendorContent({ vendor, calls, stop }: ModelReply): readonly Anthropic.ContentBlockParam[] | undefined {
  if (!isObject(vendor) || vendor['vendor'] !== VENDOR || !Array.isArray(vendor['content'])) return undefined;
  const content: readonly unknown[] = vendor['content'];
  // A reply may have been in a file since: blocks that are none, or not those of its calls, are not sent.
  if (!content.every(isBlock)) return undefined;
  const ids = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  const asked = calls.map(({ id }) => id);
  // Of a refused reply nobody answers the calls, so they are not among its own.
  return isDeepStrictEqual(asked, stop === 'refusal' ? [] : ids) ? content : undefined;
}

function isBlock(value: unknown): value is Anthropic.ContentBlockParam {
  return (
    isObject(value) &&
    typeof value['type'] === 'string' &&
    (value['type'] !== 'text' || typeof value['text'] === 'string')
  );
}

function toolUse({ id, name, input }: Loose<Anthropic.ToolUseBlock>, host: string): ToolUse {
  const whole = typeof input === 'object' && input !== null && !Array.isArray(input);
  if (id && name && whole) return { id, name, args: input as JsonObject };
  throw broken(host, 'a tool call needs an id, a name and an object of arguments');
}

function stopOf(
  message: Loose<Anthropic.Message>,
  host: string,
): { readonly stop: StopReason; readonly detail?: string } {
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
      throw broken(host, 'it does not say why it stopped');
    default:
      // A reason from after this SDK. Tools run on `tool_use` alone, so ending here is safe.
      return {
        stop: 'end_turn',
        detail: `The model stopped for a reason unknown here: ${String(reason satisfies never)}.`,
      };
  }
}

/** The API's `input_tokens` leave out what was read from or written to the cache. */
function usageOf(usage: Loose<Anthropic.Usage>): Usage {
  const cacheReadTokens = tokens(usage.cache_read_input_tokens);
  const cacheWriteTokens = tokens(usage.cache_creation_input_tokens);
  return {
    inputTokens: tokens(usage.input_tokens) + cacheReadTokens + cacheWriteTokens,
    outputTokens: tokens(usage.output_tokens),
    cacheReadTokens,
    cacheWriteTokens,
  };
}

/** A server that only speaks the same API may put anything there. */
function tokens(count: unknown): number {
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : 0;
}

function broken(host: string, why: string): ModelError {
  return new ModelError('BROKEN', `The answer of ${host} could not be read (${why}): ask again.`);
}
