import { jsonItems, jsonMembers } from '@mcp-dbg/wire';

import { type Align, gridRows } from './grid-rows.ts';
import { indentedJson } from './indented-json.ts';
import { jsonText } from './json-text.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';

/** Longer JSON (characters) is not looked at: nobody reads it, and it must not cost time. */
const MAX_TEXT = 1_000_000;
/** What is more is no table that can be read: columns, and characters of a cell. */
const MAX_COLUMNS = 12;
const MAX_CELL = 200;

/**
 * JSON as a person reads it in a terminal of so many columns: a list of like objects as a table, alone or as a member of
 * an object, and anything else set in, with colours. Digits stay as they are, and nothing is left out. Undefined for a text
 * that is no JSON object or array.
 */
export function jsonView(text: string, theme: Theme, columns: number): string | undefined {
  const json = text.trim();
  if (!/^[[{]/.test(json) || json.length > MAX_TEXT || !isJson(json)) return undefined;
  const rows = json.startsWith('[') ? tableRows(json, theme, columns) : memberRows(json, theme, columns);
  return rows?.join('\n') ?? jsonText(indentedJson(json), theme, 'kept');
}

/** An object's members, one a line, where they are plain values beside at least one table. */
function memberRows(json: string, theme: Theme, columns: number): readonly string[] | undefined {
  let tables = 0;
  const rows: string[] = [];
  for (const { key, start, end } of jsonMembers(json)) {
    const value = json.slice(start, end);
    const name = theme.key(visible(key));
    const table = value.startsWith('[') ? tableRows(value, theme, columns) : undefined;
    if (table !== undefined) rows.push(`${name}:`, ...table);
    else if (/^[[{]/.test(value) && !/^[[{]\s*[\]}]$/.test(value)) return undefined;
    else rows.push(`${name}: ${jsonText(value, theme)}`);
    tables += table === undefined ? 0 : 1;
  }
  return tables === 0 ? undefined : rows;
}

/** A list of objects whose values are short; undefined for any other. */
function tableRows(json: string, theme: Theme, columns: number): readonly string[] | undefined {
  const items = jsonItems(json);
  if (items.length === 0 || items.some((item) => !item.startsWith('{'))) return undefined;
  const members = items.map((item) =>
    jsonMembers(item).map(({ key, start, end }) => [key, item.slice(start, end)] as const),
  );
  const records = members.map((each) => new Map(each));
  // Of a member that stands twice a table would hide the first.
  if (records.some((record, index) => record.size !== members[index]?.length)) return undefined;
  const keys = [...new Set(records.flatMap((record) => [...record.keys()]))];
  const isShort = (value: string): boolean => value.length <= MAX_CELL;
  if (keys.length === 0 || keys.length > MAX_COLUMNS) return undefined;
  if (records.some((record) => ![...record.values()].every(isShort))) return undefined;
  const align = keys.map((key): Align => {
    const values = records.flatMap((record) => record.get(key) ?? []);
    return values.every((value) => /^-?\d/.test(value)) ? 'right' : 'left';
  });
  const body = records.map((record) => keys.map((key) => cellText(record.get(key), theme)));
  return gridRows({ header: keys.map((key) => theme.strong(visible(key))), body, align }, theme, columns);
}

/** A text without its quotes, unless something else would look the same; what is missing is empty. */
function cellText(value: string | undefined, theme: Theme): string {
  if (value === undefined) return '';
  if (!value.startsWith('"')) return jsonText(value, theme);
  const text: unknown = JSON.parse(value);
  const isPlain = typeof text === 'string' && /^[^\s"[{]/.test(text) && !isJson(text);
  return isPlain ? visible(text) : jsonText(value, theme);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
