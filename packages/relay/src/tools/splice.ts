import { type Message, jsonItems, jsonMembers } from '@mcp-dbg/wire';

import { isObject, textIn } from '../json-object.ts';

/**
 * The text of an answer to `tools/list` with more tools (each the text of a JSON object) at the end of its list, every
 * other byte as it was; undefined where it is no list.
 */
export function withTools(answer: Message, tools: readonly string[]): string | undefined {
  if (answer.kind !== 'result') return undefined;
  const { text } = answer;
  const list = spanOf(text, ['result', 'tools'], '[');
  if (list === undefined) return undefined;
  const isEmpty = jsonItems(text.slice(list.start, list.end)).length === 0;
  return inserted(text, list.end - 1, tools.join(','), isEmpty);
}

/** The text of an answer that says what a server can do, with tools among that; undefined where they are already. */
export function withToolsCapability(answer: Message): string | undefined {
  if (answer.kind !== 'result' || !isObject(answer.result)) return undefined;
  const { capabilities } = answer.result;
  if (!isObject(capabilities) || isObject(capabilities['tools'])) return undefined;
  const { text } = answer;
  const span = spanOf(text, ['result', 'capabilities'], '{');
  if (span === undefined) return undefined;
  return inserted(text, span.end - 1, '"tools":{}', Object.keys(capabilities).length === 0);
}

/** True where another page of a list follows. */
export function hasNextPage(result: unknown): boolean {
  return textIn(result, 'nextCursor') !== undefined;
}

function inserted(text: string, at: number, more: string, isFirst: boolean): string {
  return text.slice(0, at) + (isFirst || more === '' ? '' : ',') + more + text.slice(at);
}

/** Where the value stands that a path of keys leads to, if it begins with this character. */
function spanOf(
  text: string,
  path: readonly string[],
  opening: '{' | '[',
): { readonly start: number; readonly end: number } | undefined {
  let span = { start: text.indexOf('{'), end: text.length };
  for (const step of path) {
    if (text[span.start] !== '{') return undefined;
    const member = jsonMembers(text, span.start).findLast(({ key }) => key === step);
    if (member === undefined) return undefined;
    span = member;
  }
  return text[span.start] === opening ? span : undefined;
}
