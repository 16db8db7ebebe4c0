import { type RequestReading, memberText } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';

/**
 * The text of an answer to a request. What is given is a whole message (an object with `jsonrpc`), taken as it is; or
 * `{"result":…}` or `{"error":…}`, which gets the request's id; or anything else that is JSON: the result itself.
 * Undefined where it is no JSON.
 */
export function replyText(request: RequestReading, given: string): string | undefined {
  const text = given.trim();
  const value = parsed(text);
  if (value === undefined) return undefined;
  const keys = isObject(value) ? Object.keys(value) : [];
  const [only] = keys;
  if (keys.includes('jsonrpc')) return jsonOnOneLine(text);
  const member = keys.length === 1 && (only === 'result' || only === 'error') ? only : 'result';
  const content = member === only ? (memberText(text, member) ?? 'null') : text;
  return `{"jsonrpc":"2.0","id":${idOf(request)},${JSON.stringify(member)}:${jsonOnOneLine(content)}}`;
}

/** JSON on one line: raw line breaks stand between its tokens only. */
export function jsonOnOneLine(json: string): string {
  return json.replaceAll(/[\r\n]+/g, ' ').trim();
}

/** The id as the request has it, so that every digit is kept. */
function idOf({ text, id }: RequestReading): string {
  return memberText(text, 'id') ?? id;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
