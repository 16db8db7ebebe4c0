import { FILLER, type Find, isPlaceholder } from './find.ts';
import { backslashesBefore, unescapeJson } from './json-escapes.ts';
import { NAME_WORDS, secretKind } from './secret-names.ts';

/** How far a name is followed to either side of the word that told. */
const MAX_NAME_SIDE = 64;

const NAME_WORD = new RegExp(NAME_WORDS, 'gi');
const NAME_CHAR = /[\w.-]/;

/** What may stand between a name and its value: the end of the name's quotes, and a sign that gives it a value. */
const SIGN = /(?:\\*["'`]\]?)?[ \t]{0,8}(?:=>|[:=]=?(?!\/\/))[ \t]{0,8}/y;
const OPTION_SIGN = /[ \t]{1,8}(?![-\s])/y;
const OPENING = /[bBrRuUfF]?(\\*)(["'`])/y;

/** Ends what has no quotes; an escaped newline ends a line too. */
const LINE_END = /[\r\n]|\\+[rn]|$/g;
const WORD_END = /[\s&;"'`<>]|\\+["'`rnt]|$/g;
const FRAGMENT_END = /[,}\]\s]|$/g;
const TAG_END = /<|$/g;
/** In `Server=x;Password=…;` a value can have spaces. */
const FIELD_END = /[;"'`\r\n]|\\+["'`rn]|$/g;

/** What says that there is no value, or that somebody masked it before. Looked for at its start only. */
const NO_VALUE =
  /(?:(?:null|none|nil|undefined|true|false|\*+|\.{3,}|\u00e2\u0080\u00a6|<[\w -]{1,40}>|%[A-Z_]+%)(?=[\s,;&)}\]"'`\\]|$)|\$[{(])/iy;
/** What `password: …` goes on with where a text describes it. */
const PROSE =
  /(?:an?|the|this|that|your|our|their|its|it|if|is|are|was|for|to|of|in|or|and|used|optional|required|string|str|bytes|any|int|number|bool|boolean|object|array|list|dict|default|invalid|missing|expected|unexpected|unknown|must|should|can|could|not|no|when|which|whether)(?=[ \t,.)\]\r\n]|$)/iy;

/** `Bearer` and the like say how a secret is meant, and stay. */
const SCHEME = /^(?:bearer|basic|token|digest|negotiate)[ \t]+(?=\S)/i;

/** How many backslashes stand before a quote that was escaped 0, 1, 2… times. */
const ESCAPES: readonly number[] = [0, 1, 3, 7, 15, 31, 63, 127];

/** Where a value lies, and what it is. */
interface Value {
  readonly start: number;
  readonly end: number;
  /** The quote around the placeholder, where a bare number stands in JSON. */
  readonly quote: string;
  /** How often what is quoted was escaped. */
  readonly escaped: number;
}

/**
 * Finds values that stand behind a secret's name in any text: `API_KEY=…`, `Cookie: …`, `?token=…`, `Password=…;`,
 * `"password": "…"` however often it is escaped, `--api-key …`, `<secret>…`. Linear: every hit goes on behind it.
 */
export function* findNamedValues(text: string, where: string): Generator<Find, void, undefined> {
  NAME_WORD.lastIndex = 0;
  let at = 0;
  for (;;) {
    NAME_WORD.lastIndex = at;
    const hit = NAME_WORD.exec(text);
    if (hit === null) return;
    const start = nameStart(text, hit.index, at);
    const end = nameEnd(text, hit.index + hit[0].length);
    at = end;
    const kind = secretKind(text.slice(start, end));
    if (kind === undefined || isComplaint(text, start)) continue;
    const value = valueBehind(text, start, end);
    if (value === undefined) continue;
    const find = namedFind(text, value, kind, where);
    // What begins with a placeholder was replaced before, as far as it went.
    if (find !== undefined && text[find.start] !== FILLER) yield find;
    at = Math.max(end, value.end);
  }
}

/** The find that a named value is, less a scheme such as `Bearer`; undefined where there is nothing to hide. */
export function namedFind(
  text: string,
  { start, end, quote, escaped }: Value,
  kind: string,
  where: string,
): Find | undefined {
  const raw = text.slice(start, end);
  const scheme = SCHEME.exec(raw)?.[0].length ?? 0;
  let secret = raw.slice(scheme);
  for (let level = 0; level < escaped; level++) secret = unescapeJson(secret);
  if (secret === '' || isPlaceholder(secret)) return undefined;
  return { start: start + scheme, end, kind, secret, where, quote };
}

/** `Unexpected token: …` is what a parser says. */
function isComplaint(text: string, nameStart: number): boolean {
  return /expected $/i.test(text.slice(Math.max(0, nameStart - 9), nameStart));
}

function nameStart(text: string, hit: number, least: number): number {
  let start = hit;
  const limit = Math.max(least, hit - MAX_NAME_SIDE);
  while (start > limit && NAME_CHAR.test(text.charAt(start - 1))) start--;
  // The letter of an escaped newline or tab is no part of the name behind it.
  const isEscaped = start > 0 && text[start - 1] === '\\' && /[nrt]/.test(text.charAt(start));
  return isEscaped && start < hit ? start + 1 : start;
}

function nameEnd(text: string, hit: number): number {
  let end = hit;
  const limit = hit + MAX_NAME_SIDE;
  while (end < limit && NAME_CHAR.test(text.charAt(end))) end++;
  return end;
}

function valueBehind(text: string, nameStart: number, nameEnd: number): Value | undefined {
  const sign = matchAt(SIGN, text, nameEnd)?.[0];
  if (sign !== undefined) return signedValue(text, nameStart, nameEnd, sign);
  if (text[nameEnd] === '>' && text[nameStart - 1] === '<') {
    return bareValue(text, nameEnd + 1, TAG_END);
  }
  const gap = text[nameStart] === '-' ? matchAt(OPTION_SIGN, text, nameEnd)?.[0] : undefined;
  return gap === undefined ? undefined : anyValue(text, nameEnd + gap.length, WORD_END);
}

function signedValue(text: string, nameStart: number, nameEnd: number, sign: string): Value | undefined {
  const start = nameEnd + sign.length;
  const nameQuote = /^\\*["'`]/.exec(sign)?.[0] ?? '';
  if (nameQuote !== '') {
    const value = anyValue(text, start, FRAGMENT_END);
    const isJson = nameQuote.endsWith('"') && sign.includes(':');
    return value && isJson && value.escaped === 0 ? { ...value, quote: nameQuote } : value;
  }
  if (sign.includes('=')) return anyValue(text, start, endsOf(text, nameStart, nameEnd));
  if (matchAt(PROSE, text, start) !== undefined) return undefined;
  const opening = text[nameStart - 1] ?? '';
  // A whole header in quotes ends with them.
  const inQuotes = /["'`]/.test(opening)
    ? closingQuote(text, start, opening, backslashesBefore(text, nameStart - 1))
    : undefined;
  return inQuotes === undefined ? anyValue(text, start, LINE_END) : { ...inQuotes, escaped: inQuotes.escaped - 1 };
}

function endsOf(text: string, nameStart: number, nameEnd: number): RegExp {
  if (isVariableLine(text, nameStart, nameEnd)) return LINE_END;
  return /; ?$/.test(text.slice(Math.max(0, nameStart - 2), nameStart)) ? FIELD_END : WORD_END;
}

/** `NAME=` at the start of a line, as in an environment: the value goes to the end of the line, spaces and all. */
function isVariableLine(text: string, nameStart: number, nameEnd: number): boolean {
  const before = text.slice(Math.max(0, nameStart - 9), nameStart);
  return /^[A-Z][A-Z0-9_]*$/.test(text.slice(nameStart, nameEnd)) && /(?:^|[\r\n]|\\[rn])(?:export )?$/.test(before);
}

function anyValue(text: string, start: number, ends: RegExp): Value | undefined {
  // Told by the start alone: to look for the end of what is no value again and again would not be linear.
  if (matchAt(NO_VALUE, text, start) !== undefined) return undefined;
  if (ends !== LINE_END && /[[{]/.test(text.charAt(start))) return undefined;
  const opening = matchAt(OPENING, text, start);
  if (opening !== undefined) {
    const [all = '', escapes = '', quote = ''] = opening;
    const value = closingQuote(text, start + all.length, quote, escapes.length);
    if (value !== undefined) return value.start === value.end ? undefined : value;
    // What was cut off has no end.
    const rest = bareValue(text, start + all.length, LINE_END);
    return rest && { ...rest, escaped: 1 };
  }
  return bareValue(text, start, ends);
}

/**
 * The value up to the quote that is escaped as often as the one that opened it. Each kind of opening can fail once
 * only: a second one would have closed the first.
 */
function closingQuote(text: string, start: number, quote: string, escapes: number): Value | undefined {
  const escaped = ESCAPES.indexOf(escapes);
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    const before = Math.min(backslashesBefore(text, at), at - start);
    if (escaped === -1) return { start, end: at - before, quote: '', escaped: 1 };
    if (before % (2 * (escapes + 1)) === escapes) return { start, end: at - escapes, quote: '', escaped: escaped + 1 };
  }
  return undefined;
}

function bareValue(text: string, start: number, ends: RegExp): Value | undefined {
  const end = matchAt(ends, text, start)?.index ?? text.length;
  const raw = text.slice(start, end);
  const comment = ends === LINE_END ? raw.search(/\s#/) : -1;
  const kept = (comment === -1 ? raw : raw.slice(0, comment)).trimEnd();
  const value = ends === WORD_END ? withoutPunctuation(kept) : kept;
  if (value === '' || value === '{' || value === '[') return undefined;
  return { start, end: start + value.length, quote: '', escaped: 0 };
}

function withoutPunctuation(word: string): string {
  let end = word.length;
  while (end > 0 && /[,.:)\]}]/.test(word.charAt(end - 1))) end--;
  return word.slice(0, end);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  // One expression serves every text, so where it starts is always set.
  const searched = pattern;
  searched.lastIndex = at;
  return searched.exec(text) ?? undefined;
}
