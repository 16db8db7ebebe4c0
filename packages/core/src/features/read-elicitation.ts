import { isObject } from '../json.ts';
import type { Elicitation } from './features.ts';

/** Reads the params of `elicitation/create`; a sentence where a person cannot be asked that. */
export function readElicitation(params: unknown): Elicitation | string {
  if (!isObject(params)) return 'elicitation/create has no params';
  const { mode = 'form', message = '', requestedSchema, url } = params;
  if (typeof message !== 'string') return 'The message of elicitation/create is no text';
  switch (mode) {
    case 'form':
      if (!isObject(requestedSchema) || (requestedSchema['type'] ?? 'object') !== 'object')
        return 'The requestedSchema of elicitation/create does not describe an object';
      return { mode, message, schema: requestedSchema };
    case 'url':
      if (typeof url !== 'string' || !URL.canParse(url)) return 'elicitation/create names no URL';
      return { mode, message, url };
    default:
      return `This client does not know the mode ${JSON.stringify(mode).slice(0, 40)} of elicitation/create`;
  }
}
