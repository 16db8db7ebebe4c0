import { heardReply } from '../heard-reply.ts';
import type { Model, ModelReply, Turn } from '../model.ts';
import type { Sampled, Sampling } from './features.ts';

/**
 * Has a model answer what a server asks of it (client/sampling): alone, without the tools and the conversation of the
 * session. Throws what the model throws, and the signal's reason when it is aborted.
 */
export async function sampleWith(
  model: Model,
  { messages, systemPrompt, maxTokens }: Sampling,
  signal: AbortSignal,
): Promise<Sampled> {
  const turns = messages.map(({ role, text }): Turn =>
    role === 'user' ? { role, text } : { role, reply: { text, calls: [], stop: 'end_turn', vendor: null } },
  );
  const stream = heardReply(model, {
    turns,
    tools: [],
    signal,
    maxTokens,
    ...(systemPrompt !== undefined && { system: systemPrompt }),
  });
  let next = await stream.next();
  while (next.done !== true) next = await stream.next();
  const reply: ModelReply = next.value;
  return {
    text: reply.text,
    model: model.name,
    stopReason: reply.stop === 'max_tokens' ? 'maxTokens' : 'endTurn',
  };
}
