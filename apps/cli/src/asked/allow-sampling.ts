import type { Model, Sampled, Sampling } from '@mcp-dbg/core';

import type { FormIo } from '../chat/form/form-io.ts';
import { formatBytes } from '../render/sizes.ts';
import { visible } from '../render/visible.ts';
import { chooseLetter } from './choose-letter.ts';
import { quoted } from './quoted.ts';

/** Messages of a server's question that are shown; the last of them, since they end in what is asked. */
const MAX_MESSAGES = 5;

/** Shows what a server wants of the model, and asks whether it may. */
export async function allowSampling(
  server: string,
  { messages, systemPrompt, maxTokens }: Sampling,
  model: Model,
  form: FormIo,
): Promise<'yes' | 'no' | 'always'> {
  const left = messages.length - MAX_MESSAGES;
  const bytes = messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  form.say(
    [
      `${visible(server)} wants ${visible(model.name)} to answer, in at most ${maxTokens} tokens (${formatBytes(bytes)} to read):`,
      ...(systemPrompt === undefined ? [] : ['  system:', quoted(systemPrompt)]),
      ...(left > 0 ? [`  … ${left} earlier messages`] : []),
      ...messages.slice(-MAX_MESSAGES).flatMap(({ role, text }) => [`  ${role}:`, quoted(text)]),
    ].join('\n'),
  );
  return (await chooseLetter(form, 'Allow that?', ['yes', 'no', 'always'])) ?? 'no';
}

/** Shows what the model answers, and asks whether the server gets it. */
export async function allowAnswer(server: string, { text }: Sampled, form: FormIo): Promise<boolean> {
  form.say(`The model answers:\n${quoted(text)}`);
  return (await chooseLetter(form, `Give that to ${visible(server)}?`, ['yes', 'no'])) === 'yes';
}
