/** The members of an object that a file holds; undefined for anything else. Names such as `__proto__` are plain names here. */
export function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return undefined;
  return new Map<string, unknown>(Object.entries(value));
}
