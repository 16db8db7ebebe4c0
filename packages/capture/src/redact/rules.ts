import { toByteText } from './byte-text.ts';
import { LIST_NAME, NAME_WORDS } from './secret-names.ts';
import { SHAPE_STARTS } from './secret-shapes.ts';

/** A secret that is known by its value, such as the value of an environment variable. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** One way in which a known secret can stand in a text, as one-byte characters like the text. */
interface Literal {
  readonly form: string;
  readonly kind: string;
  /** The secret as it was given. */
  readonly secret: string;
}

/** What is looked for besides names and shapes. */
export interface Rules {
  readonly literals: readonly Literal[];
  readonly patterns: readonly RegExp[];
  /** What stands in whatever can be found, however often it is escaped; undefined where that can be anything. */
  readonly candidate: RegExp | undefined;
  /** Keys of JSON in which nothing was found: messages repeat the same few. */
  readonly cleanKeys: Set<string>;
  /** Whether a number can be a secret by itself, or hold one. */
  readonly hasNumbers: boolean;
}

/** The fewest characters of a secret that is known by value: a shorter one stands in texts by chance. */
export const MIN_SECRET_LENGTH = 6;
/** How long a part of a value is looked for before a text is unescaped. */
const MIN_CHUNK_LENGTH = 3;
const MAX_CHUNK_LENGTH = 64;

/** Escapes that can hide a letter or a slash from a search for words. */
const HIDING = '\\\\u00[2-7]|\\\\/';

/** Makes the rules. Values of less than six characters are left out. */
export function makeRules(secrets: readonly NamedSecret[], patterns: readonly RegExp[]): Rules {
  const literals = new Map<string, Literal>();
  const chunks: string[] = [];
  let isHidden = patterns.length > 0;
  for (const { name, value } of secrets) {
    if (value.length < MIN_SECRET_LENGTH) continue;
    const secret = toByteText(value);
    const kind = `env:${name.replaceAll(/[^\w.-]+/g, '-').slice(0, 40)}`;
    for (const form of formsOf(value)) if (!literals.has(form)) literals.set(form, { form, kind, secret });
    const chunk = longestPlain(value).slice(0, MAX_CHUNK_LENGTH);
    if (chunk.length < MIN_CHUNK_LENGTH) isHidden = true;
    else chunks.push(chunk);
  }
  const candidate = new RegExp([NAME_WORDS, LIST_NAME, SHAPE_STARTS, HIDING, ...chunks.map(quoted)].join('|'), 'gi');
  return {
    literals: [...literals.values()],
    patterns: patterns.map(({ source, flags }) => new RegExp(source, `${flags.replaceAll(/[gy]/g, '')}g`)),
    candidate: isHidden ? undefined : candidate,
    cleanKeys: new Set(),
    hasNumbers: patterns.length > 0 || [...literals.keys()].some((form) => /^[\d.eE+-]+$/.test(form)),
  };
}

/** How a value can stand in a text: as it is, in JSON, in JSON without other characters than ASCII, in a URL. */
function formsOf(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [value, json, ascii, inUrl(value)].map(toByteText);
}

function inUrl(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    // A lone surrogate has no form in a URL.
    return value;
  }
}

function longestPlain(value: string): string {
  let longest = '';
  for (const [plain] of value.matchAll(/[\w.-]+/g)) if (plain.length > longest.length) longest = plain;
  return longest;
}

function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
