/**
 * A copy of a JSON value in which no text holds half a character (a lone surrogate). JSON can carry them, the Messages
 * API refuses the whole request for one, and hostile servers and cut-off texts produce them.
 */
export function wellFormed<Value>(value: Value): Value {
  return mapped(value) as Value;
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return whole(value);
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [whole(key), mapped(each)]));
}

function whole(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
