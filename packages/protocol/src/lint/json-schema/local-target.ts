import { isObject } from '../../json-object.ts';

/** Where a `$ref` leads: to a value in the same schema, to nothing in it, or to a place that we do not look for. */
export type Target = { readonly kind: 'found'; readonly value: unknown } | { readonly kind: 'nowhere' | 'elsewhere' };

/**
 * Follows a `$ref` within its own schema; nothing is ever fetched. An anchor, another document, and what lies in a part
 * with an `$id` of its own count as elsewhere.
 */
export function localTarget(root: unknown, ref: string): Target {
  if (ref === '#') return { kind: 'found', value: root };
  if (!ref.startsWith('#/')) return { kind: 'elsewhere' };
  const pointer = decoded(ref.slice(2));
  if (pointer === undefined) return { kind: 'elsewhere' };
  let at = root;
  for (const step of pointer.split('/')) {
    if (at !== root && isObject(at) && typeof at['$id'] === 'string') return { kind: 'elsewhere' };
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const inside: unknown = memberOf(at, key);
    if (inside === undefined) return { kind: 'nowhere' };
    at = inside;
  }
  return { kind: 'found', value: at };
}

function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d{1,9}$/.test(key) ? (value[Number(key)] as unknown) : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
