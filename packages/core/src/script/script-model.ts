import { anthropicModel } from '../anthropic/index.ts';
import type { Model } from '../model.ts';
import { messagesApi } from './messages-api.ts';
import type { Script } from './script.ts';

export interface ScriptModelOptions {
  readonly script: Script;
  /** Where the script is from, for the model's name. It goes to a person as it is. */
  readonly source?: string;
}

/**
 * A model that answers from a script: no language model, and its name says so. The script is served by a Messages API
 * on this machine and asked through `anthropicModel`, so all that real replies go through, these go through too.
 * Listens on a port of 127.0.0.1 until disposed.
 */
export async function scriptModel({ script, source }: ScriptModelOptions): Promise<Model & AsyncDisposable> {
  const api = await messagesApi(script);
  const name = source === undefined ? 'script (no language model)' : `script: ${source} (no language model)`;
  const model = anthropicModel({
    apiKey: api.token,
    baseURL: api.url,
    model: 'script',
    name,
    profile: 'full',
  });
  return { ...model, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}
