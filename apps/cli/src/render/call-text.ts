import type { JsonObject, ModelContent } from '@mcp-dbg/core';

import { fitted } from './columns.ts';
import { formatMs } from './sizes.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Characters of a call's arguments, and of a failure, that one line shows. */
const MAX_ARGS = 200;
const MAX_FAILURE = 300;

/** Columns of a call's line that stand around its name and arguments. */
const AROUND = 20;

/** `name(key: "value")` on one line, its arguments cut at `max` characters. */
export function callText(name: string, args: JsonObject, max: number = MAX_ARGS): string {
  return `${visible(name)}(${cut(argsText(args), max)})`;
}

/**
 * `[called name(args) 12 ms]`, with why it failed; `[not called …]` where nothing was sent. The arguments are cut so
 * that a good call's line fits into a terminal of so many columns, if there is one.
 */
export function calledText(
  call: { readonly name: string; readonly args: JsonObject },
  result: { readonly isError: boolean; readonly content: readonly ModelContent[]; readonly ms?: number },
  theme: Theme,
  columns?: number,
): string {
  const room = columns === undefined ? undefined : Math.max(AROUND, columns - AROUND - call.name.length);
  const what =
    room === undefined ? callText(call.name, call.args) : `${visible(call.name)}(${fitted(argsText(call.args), room)})`;
  const done = result.ms === undefined ? `not called ${what}` : `called ${what} ${formatMs(result.ms)}`;
  if (!result.isError) return theme.tool(`[${done}]`);
  return theme.bad(`[${done}: ${result.ms === undefined ? '' : 'failed: '}${failureText(result.content)}]`);
}

/** Why a call failed, as its line shows it. */
export function failureText(content: readonly ModelContent[]): string {
  const why = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ');
  return cut(visible(why.trim()), MAX_FAILURE);
}

function argsText(args: JsonObject): string {
  return Object.entries(args)
    .map(([key, value]) => `${visible(key)}: ${visible(JSON.stringify(value) ?? 'null')}`)
    .join(', ');
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length - max} more characters)`;
}
