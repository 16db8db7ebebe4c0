import { type IdText, jsonMembers } from '@mcp-dbg/wire';

/** The text of a request of ours. `params` is the text of a JSON object, or undefined for none. */
export function requestText(id: IdText, method: string, params: string | undefined): string {
  return `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${paramsText(params)}}`;
}

/** The text of a notification of ours. */
export function notificationText(method: string, params?: string): string {
  return `{"jsonrpc":"2.0","method":${JSON.stringify(method)}${paramsText(params)}}`;
}

/** The text of an error that answers a request. */
export function errorText(
  id: IdText,
  error: { readonly code: number; readonly message: string; readonly data?: unknown },
): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`;
}

/**
 * The text of a JSON object with another value under one key, every other byte as it was; undefined where the key is
 * missing. `path` leads to the object that has the key.
 */
export function withMember(text: string, path: readonly string[], key: string, value: string): string | undefined {
  let from = 0;
  for (const step of path) {
    const member = jsonMembers(text, from).findLast((each) => each.key === step);
    if (member === undefined || text[member.start] !== '{') return undefined;
    from = member.start;
  }
  const member = jsonMembers(text, from).findLast((each) => each.key === key);
  return member && text.slice(0, member.start) + value + text.slice(member.end);
}

/** The same text without what it was cut out of, which a text that is kept would keep, too. */
export function detached<Text extends string | undefined>(text: Text): Text;
export function detached(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text).toString();
}

function paramsText(params: string | undefined): string {
  return params === undefined ? '' : `,"params":${params}`;
}
