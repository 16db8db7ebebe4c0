import type { JsonObject } from './model.ts';

/** Deepest nesting of a value that is kept. What writes, copies and compares JSON does so by recursion. */
const MAX_DEPTH = 500;

/** True for a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a value that comes back from JSON as it was, up to undefined members and the sign of zero, and is not too deep. */
export function isJson(value: unknown, depth: number = MAX_DEPTH): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  if (Array.isArray(value)) return Array.from(value).every((each) => isJson(each, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((each) => each === undefined || isJson(each, depth - 1));
}
