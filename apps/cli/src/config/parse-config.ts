import { type Node, type ParseError, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import { TomlError, parse } from 'smol-toml';

import type { ConfigFault } from './config-entry.ts';

/** The text of a config file as a value, or why it is none. */
export type Parsed =
  | { readonly kind: 'value'; readonly value: unknown; readonly repeats: readonly Repeat[] }
  | { readonly kind: 'fault'; readonly fault: ConfigFault };

/** A name that an object directly in the file has more than once. */
interface Repeat {
  readonly key: string;
  readonly name: string;
}

/** Parses JSON with comments and trailing commas, or TOML. Never throws. A name that is there twice means the last, as to hosts. */
export function parseConfig(text: string, format: 'json' | 'toml'): Parsed {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  // The byte order mark of UTF-16, read as UTF-8.
  if (whole.startsWith('\uFFFD\uFFFD')) return fault({ message: 'it is not UTF-8; save it as UTF-8' });
  try {
    return format === 'json' ? parseJson(whole) : parseToml(whole);
  } catch (error) {
    // The parser of JSON goes down into what is nested.
    if (error instanceof RangeError) return fault({ message: 'it is nested too deeply' });
    throw error;
  }
}

function parseJson(text: string): Parsed {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    return fault({
      message: `it is not JSON: ${JSON_FAULTS[printParseErrorCode(first.error)] ?? 'it cannot be read'}`,
      ...placeAt(text, first.offset),
    });
  }
  if (root === undefined) return fault({ message: 'it is empty' });
  return { kind: 'value', value: getNodeValue(root), repeats: repeatsIn(root) };
}

function repeatsIn(root: Node): readonly Repeat[] {
  return (root.children ?? []).flatMap(({ children: [key, value] = [] }) => {
    const names =
      value?.type === 'object' ? (value.children ?? []).map(({ children }) => String(children?.[0]?.value)) : [];
    const seen = new Set<string>();
    const repeated = new Set(names.filter((name) => seen.size === seen.add(name).size));
    return Array.from(repeated, (name) => ({ key: String(key?.value), name }));
  });
}

function parseToml(text: string): Parsed {
  try {
    return { kind: 'value', value: parse(text, { integersAsBigInt: 'asNeeded' }), repeats: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { message, line, column } = error;
    const why = /^(?:Invalid TOML document: )?(.*)/.exec(message)?.[1] ?? 'it cannot be read';
    return fault({ message: `it is not TOML: ${why}`, line, column });
  }
}

const fault = (what: ConfigFault): Parsed => ({ kind: 'fault', fault: what });

/** Line and column of a place in a text, from 1. */
function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

const JSON_FAULTS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'there is a word that JSON does not have; texts stand in double quotes',
  InvalidNumberFormat: 'there is a number that cannot be read',
  PropertyNameExpected: 'a name in double quotes should stand there',
  ValueExpected: 'a value should stand there',
  ColonExpected: 'a colon should stand there',
  CommaExpected: 'a comma should stand there',
  CloseBraceExpected: 'a closing brace should stand there',
  CloseBracketExpected: 'a closing bracket should stand there',
  EndOfFileExpected: 'it should end there',
  InvalidCommentToken: 'there is a comment that cannot be read',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a text does not end',
  UnexpectedEndOfNumber: 'a number does not end',
  InvalidUnicode: 'there is an escape that cannot be read',
  InvalidEscapeCharacter: 'there is an escape that JSON does not have; a backslash is written \\\\',
  InvalidCharacter: 'there is a character that has to be escaped',
};
