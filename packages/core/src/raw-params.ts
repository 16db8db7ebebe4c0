import { jsonMembers } from '@mcp-dbg/wire';

/**
 * The text of a request's params with what `meta` has for its `_meta`, where the text itself says nothing of it. All
 * that is given stays as it stands; params that are a list get nothing.
 */
export function withMeta(params: string | undefined, meta: Readonly<Record<string, unknown>>): string {
  if (params === undefined) return `{"_meta":${JSON.stringify(meta)}}`;
  if (!params.startsWith('{')) return params;
  const own = jsonMembers(params).findLast(({ key }) => key === '_meta');
  if (own === undefined) return withMembers(params, { _meta: meta });
  const text = params.slice(own.start, own.end);
  if (!text.startsWith('{')) return params;
  const given = new Set(jsonMembers(text).map(({ key }) => key));
  const missing = Object.fromEntries(Object.entries(meta).filter(([key]) => !given.has(key)));
  return params.slice(0, own.start) + withMembers(text, missing) + params.slice(own.end);
}

/** The text of an object with further members at its end. */
function withMembers(object: string, members: Readonly<Record<string, unknown>>): string {
  const more = JSON.stringify(members).slice(1, -1);
  const isEmpty = jsonMembers(object).length === 0;
  return more === '' ? object : `${object.slice(0, -1)}${isEmpty ? '' : ','}${more}}`;
}
