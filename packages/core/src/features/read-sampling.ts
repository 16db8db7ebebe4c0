import { isObject } from '../json.ts';
import type { Sampling } from './features.ts';

/** Reads the params of `sampling/createMessage`; a sentence where they ask for what cannot be done here. */
export function readSampling(params: unknown): Sampling | string {
  if (!isObject(params) || !Array.isArray(params['messages'])) return 'sampling/createMessage has no messages';
  const { systemPrompt, maxTokens } = params;
  if (params['tools'] !== undefined) return 'This client did not declare tools for sampling';
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1)
    return 'sampling/createMessage names no maxTokens';
  const messages: Sampling['messages'][number][] = [];
  for (const message of params['messages']) {
    const read = readMessage(message);
    if (typeof read === 'string') return read;
    messages.push(read);
  }
  if (messages.length === 0) return 'sampling/createMessage has no messages';
  return { messages, maxTokens, ...(typeof systemPrompt === 'string' && { systemPrompt }) };
}

/** The content is one block, or a list of them since 2025-11-25. */
function readMessage(message: unknown): Sampling['messages'][number] | string {
  if (!isObject(message)) return 'A message of sampling/createMessage is no object';
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant') return 'A message of sampling/createMessage has no role';
  const texts: string[] = [];
  for (const block of Array.isArray(content) ? content : [content]) {
    if (!isObject(block)) return 'A message of sampling/createMessage has no content';
    if (block['type'] !== 'text' || typeof block['text'] !== 'string')
      return `This client's model takes text alone, not ${JSON.stringify(block['type'] ?? null).slice(0, 40)}`;
    texts.push(block['text']);
  }
  return { role, text: texts.join('\n') };
}
