import { isObject } from '../json.ts';
import { checkMessages } from './check-messages.ts';
import { checkTools } from './check-tools.ts';
import { hasLoneSurrogate, type Problems, strangers } from './check-shape.ts';

const KEYS = [
  'model',
  'messages',
  'max_tokens',
  'system',
  'tools',
  'tool_choice',
  'stream',
  'stop_sequences',
  'metadata',
  'cache_control',
  'thinking',
  'output_config',
  'service_tier',
  'container',
  'diagnostics',
  'inference_geo',
  'speed',
];

/**
 * What the real Messages API would say against a request's body, in its words, or undefined if it would take it.
 * The first problem is reported, as there.
 */
export function checkRequest(body: unknown): string | undefined {
  const first = problems(body).next();
  return first.done === true ? undefined : first.value;
}

function* problems(body: unknown): Problems {
  if (!isObject(body)) return yield 'The request body is not valid JSON: expected an object';
  if (hasLoneSurrogate(body)) yield 'The request body is not valid JSON: no low surrogate in string';
  yield* strangers(body, KEYS, '');
  if (typeof body['model'] !== 'string' || body['model'] === '') yield 'model: Field required';
  const max = body['max_tokens'];
  if (max === undefined) yield 'max_tokens: Field required';
  if (typeof max !== 'number' || !Number.isInteger(max)) yield 'max_tokens: Input should be a valid integer';
  else if (max < 1) yield 'max_tokens: Input should be greater than or equal to 1';
  yield* checkTools(body);
  yield* checkMessages(body);
}
