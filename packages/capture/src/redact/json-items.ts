import { withoutPlaceholders } from './find.ts';
import { isSpace, unescapeJson } from './json-escapes.ts';
import type { Frame } from './json-place.ts';
import { isSecretOption, secretKind } from './secret-names.ts';

/** A scalar in an array. */
export interface Item {
  /** The JSON in which it stands. */
  readonly text: string;
  readonly start: number;
  /** Where it ends (exclusive). */
  readonly end: number;
  readonly isString: boolean;
}

/** What stands beside a name in a table that describes it. */
const TYPE = /^(?:string|str|integer|int|number|boolean|bool|object|array|required|optional)$/i;

/** What the item before makes of this one; items must be asked for in order. */
export function itemKind(frame: Frame, item: Item): string | undefined {
  return rowKind(frame, item) ?? optionKind(frame, item);
}

/** What a string says, less our own words in it. */
export function saidBy(text: string, start: number, end: number): string {
  return withoutPlaceholders(unescapeJson(text.slice(start + 1, end - 1)));
}

/** In `[["API_KEY","…"]]` an array of two is a name and its value. */
function rowKind(frame: Frame, { text, start, end, isString }: Item): string | undefined {
  if (!frame.isRow || frame.index > 1 || !isString) return undefined;
  if (frame.index === 0) {
    const name = saidBy(text, start, end);
    frame.rowName = /^[\w.-]{1,64}$/.test(name) ? secretKind(name) : undefined;
    return undefined;
  }
  const isValue = frame.rowName !== undefined && isLast(text, end) && !TYPE.test(saidBy(text, start, end));
  return isValue ? frame.rowName : undefined;
}

function isLast(text: string, end: number): boolean {
  let at = end;
  while (isSpace(text.charCodeAt(at))) at++;
  return text[at] === ']';
}

/** In `["--api-key","…"]` the value of an option is an item of its own. */
function optionKind(frame: Frame, { text, start, end, isString }: Item): string | undefined {
  const { named } = frame;
  frame.named = undefined;
  if (!isString || text[start + 1] !== '-') return named;
  const option = saidBy(text, start, end);
  if (/^--?[\w.-]+$/.test(option) && isSecretOption(option)) frame.named = secretKind(option) ?? 'option';
  return undefined;
}
