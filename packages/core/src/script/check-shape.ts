import type { JsonObject } from '../model.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys that the API does not know are refused by their path. */
export function* strangers(value: JsonObject, known: readonly string[], at: string): Generator<string> {
  for (const key of Object.keys(value)) if (!known.includes(key)) yield `${at}${key}: Extra inputs are not permitted`;
}
