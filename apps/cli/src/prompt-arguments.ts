import type { JsonObject } from '@mcp-dbg/core';

import { isObject, listOf } from './schema/resolve-schema.ts';

/** A prompt as its server listed it (server/prompts, "Data Types"). */
export interface ListedPrompt {
  readonly name: string;
  /** Title and description, as far as there are any. */
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
}

interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
}

/** Reads an entry of `prompts/list`. Takes every entry: an argument without a name is left out. */
export function readPrompt({ name, title, description, arguments: given }: JsonObject): ListedPrompt {
  return {
    name: String(name),
    description: [title, description].filter((each) => typeof each === 'string' && each !== '').join('\n'),
    arguments: listOf(given).flatMap((each) =>
      isObject(each) && typeof each['name'] === 'string'
        ? [
            {
              name: each['name'],
              description: typeof each['description'] === 'string' ? each['description'] : '',
              isRequired: each['required'] === true,
            },
          ]
        : [],
    ),
  };
}

/** The arguments of a prompt as a schema: all of them are texts, and there are no others. */
export function promptSchema({ arguments: all }: ListedPrompt): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(
      all.map(({ name, description }) => [name, { type: 'string', ...(description !== '' && { description }) }]),
    ),
    required: all.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    additionalProperties: false,
  };
}
