import type { Features, Model, Root, Sampling } from '@mcp-dbg/core';

import { visible } from '../render/visible.ts';
import type { AskPerson } from './person.ts';

/** What a command can do for servers that ask. */
export interface FeaturesOptions {
  /** The folders that servers may work in; absent where the command line names none and none can be added. */
  readonly roots?: () => readonly Root[];
  /** The model that servers may use if the person lets them; absent where there is none. */
  readonly model?: () => Model | undefined;
  /** Lets every server use the model without asking. */
  readonly allowsAll?: boolean;
  /** The person types the answers as JSON. */
  readonly byHand?: boolean;
  /** Undefined where there is no terminal. */
  readonly person: AskPerson | undefined;
  readonly warn: (message: string) => void;
}

/** Makes of it what a session takes. What asks is loaded when a server does. */
export function featuresFor(options: FeaturesOptions): Features {
  const { roots, model, person, byHand } = options;
  if (byHand === true) return { byHand: person === undefined ? 'returned' : handler(person) };
  return {
    ...(roots && { roots }),
    ...(model && { sample: samplingBy(model, options) }),
    elicit: async (elicitation, { server, signal }) => {
      const what = elicitation.mode === 'form' ? 'asked for an answer' : 'wanted a page opened';
      const answer = await person?.(signal, async (form) => {
        if (elicitation.mode === 'form')
          return await (await import('./elicit-form.ts')).elicitForm(server, elicitation, form);
        return await (await import('./elicit-url.ts')).elicitUrl(server, elicitation, form);
      });
      if (answer !== undefined) return answer;
      options.warn(
        `${visible(server)} ${what}: declined, since nobody can be asked now (${short(elicitation.message)})`,
      );
      return { action: 'decline' };
    },
  };
}

function handler(person: AskPerson): NonNullable<Features['byHand']> {
  return async (requests, { server, signal }) =>
    await person(signal, async (form) => {
      const { answerByHand } = await import('./answer-by-hand.ts');
      return await answerByHand(server, requests, form);
    });
}

function samplingBy(
  current: NonNullable<FeaturesOptions['model']>,
  { person, allowsAll = false, warn }: FeaturesOptions,
): NonNullable<Features['sample']> {
  const always = new Set<string>();
  return async (sampling: Sampling, { server, signal }) => {
    const model = current();
    const refuse = (why: string): undefined =>
      warn(`${visible(server)} wanted to use the model: refused, ${why}`) as undefined;
    if (model === undefined) return refuse('since there is none');
    const { sampleWith } = await import('@mcp-dbg/core');
    if (allowsAll || always.has(server)) return await sampleWith(model, sampling, signal);
    const allowed = await person?.(signal, async (form) => {
      const { allowAnswer, allowSampling } = await import('./allow-sampling.ts');
      const choice = await allowSampling(server, sampling, model, form);
      if (choice === 'no') return { sampled: undefined };
      if (choice === 'always') always.add(server);
      const sampled = await sampleWith(model, sampling, signal);
      return { sampled: choice === 'always' || (await allowAnswer(server, sampled, form)) ? sampled : undefined };
    });
    return allowed === undefined ? refuse('since nobody can be asked now; --yes allows it') : allowed.sampled;
  };
}

/** Characters of a server's words in a warning. */
const MAX_MESSAGE = 200;

function short(message: string): string {
  const text = visible(message.replaceAll(/\s+/g, ' '));
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}
