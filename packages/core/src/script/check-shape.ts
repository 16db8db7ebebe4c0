import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';

/** What the API says against a request. */
export type Problems = Generator<string, void, undefined>;

/** Keys that the API does not know are refused by their path. */
export function* strangers(value: JsonObject, known: readonly string[], at: string): Problems {
  for (const key of Object.keys(value)) if (!known.includes(key)) yield `${at}${key}: Extra inputs are not permitted`;
}

/** Whether any text in a JSON value holds half a character. */
export function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.some(hasLoneSurrogate);
  return (
    isObject(value) && Object.entries(value).some(([key, each]) => hasLoneSurrogate(key) || hasLoneSurrogate(each))
  );
}
