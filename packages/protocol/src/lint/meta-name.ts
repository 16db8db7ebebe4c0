/** The part of a `_meta` key, or of an extension's identifier, before its slash; undefined where there is none. */
export function prefixOf(key: string): string | undefined {
  const slash = key.indexOf('/');
  return slash === -1 ? undefined : key.slice(0, slash);
}

/** Labels joined by dots: each begins with a letter and ends with a letter or a digit (spec 2026-07-28, basic/index#meta). */
export const META_PREFIX: RegExp = /^[a-z](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z](?:[a-z0-9-]*[a-z0-9])?)*$/i;

/** What stands behind the slash; it may be empty. */
export const META_NAME: RegExp = /^(?:[a-z0-9](?:[\w.-]*[a-z0-9])?)?$/i;
