import { backslashesBefore } from './json-escapes.ts';
import { isCount, isRandomWord } from './holds-secret.ts';
import type { Holds } from './secret-names.ts';
import { looksRandom } from './secret-shapes.ts';

/** What may stand between a name and its value: the end of the name's quotes, and a sign that gives it a value. */
const SIGN = /(?:\\*["'`]\]?)?[ \t]{0,8}(?:=>|[:=]=?(?!\/\/))[ \t]{0,8}/y;
/** The same in a part of a URL, and how often it was encoded. */
const ENCODED_SIGN = /(?:%(?:25){0,3}22)?%((?:25){0,3})(?:3D|3A)(?:%(?:25){0,3}22)?/iy;
const OPTION_SIGN = /[ \t]{1,8}(?![-\s])/y;
const OPENING = /[bBrRuUfF]?(\\*)(["'`])/y;

/** Ends what has no quotes; an escaped newline ends a line too. */
const LINE_END = /[\r\n]|\\+[rn]|$/g;
const WORD_END = /[\s&;"'`<>]|\\+["'`rnt]|$/g;
const FRAGMENT_END = /[,}\]\s]|$/g;
const TAG_END = /<|$/g;
/** By how often it was encoded: only what was encoded as often ends a value. */
const ENCODED_ENDS: readonly RegExp[] = [0, 1, 2, 3].map(
  (times) => new RegExp(`[\\s&;"'\`<>\\\\]|%(?:25){${times}}(?:26|22|2C|7D|3B|0A|0D)|$`, 'gi'),
);
/** In `Server=x;Password=…;` a value can have spaces. */
const FIELD_END = /[;"'`\r\n]|\\+["'`rn]|$/g;

/** One word to the end of a line or of quotes. Bounded: what is none is read again. */
const LAST_WORD = /([^\s"'`,;<>&\\]{1,256})[ \t]{0,8}(?=[\r\n"'`]|\\|$)/y;
const WORD = /[^\s"'`,;<>&\\]{1,256}/y;
const RANDOM_START = /[\w.~+/=%-]{1,256}/y;
const RANDOM_REST = /[\w.~+/=%-]*/y;
/** A line, or a line of YAML, on which nothing stands before the name. */
const LINE_START = /(?:^|[\r\n]|\\[rn])[ \t]{0,40}(?:- )?$/;

/** What says that there is no value, or that somebody masked it before. Looked for at its start only. */
const NO_VALUE =
  /(?:(?:null|none|nil|undefined|true|false|\*+|\.{3,}|\u00e2\u0080\u00a6|<[\w -]{1,40}>|%[A-Z_]+%)(?=[\s,;&)}\]"'`\\]|$)|\$[{(])/iy;
/** What `password: …` goes on with where a text describes it. */
const PROSE =
  /(?:an?|the|this|that|your|our|their|its|it|if|is|are|was|for|to|of|in|or|and|used|optional|required|string|str|bytes|any|int|number|bool|boolean|object|array|list|dict|default|invalid|missing|expected|unexpected|unknown|must|should|can|could|not|no|when|which|whether)(?=[ \t,.)\]\r\n]|$)/iy;

/** How many backslashes stand before a quote that was escaped 0, 1, 2… times. */
const ESCAPES: readonly number[] = [0, 1, 3, 7, 15, 31, 63, 127];

/** Where a value lies, and what it is. */
export interface Value {
  readonly start: number;
  readonly end: number;
  /** The quote around the placeholder, where a bare number stands in JSON. */
  readonly quote: string;
  /** How often what is quoted was escaped. */
  readonly escaped: number;
}

/** What stands behind a name in a text, as far as the name makes a secret of it. */
export function valueBehind(text: string, nameStart: number, nameEnd: number, holds: Holds): Value | undefined {
  switch (holds) {
    case 'anything':
      return anythingBehind(text, nameStart, nameEnd);
    case 'text':
      return textBehind(text, nameStart, nameEnd);
    case 'random':
      return randomBehind(text, nameEnd);
    case 'list':
      // A list is no text; where it stands in one, it is found as JSON.
      return undefined;
  }
}

function anythingBehind(text: string, nameStart: number, nameEnd: number): Value | undefined {
  const sign = matchAt(SIGN, text, nameEnd)?.[0];
  if (sign !== undefined) return signedValue(text, nameStart, nameEnd, sign);
  const encoded = matchAt(ENCODED_SIGN, text, nameEnd);
  if (encoded !== undefined) return encodedValue(text, nameEnd, encoded);
  if (text[nameEnd] === '>' && text[nameStart - 1] === '<') {
    return bareValue(text, nameEnd + 1, TAG_END);
  }
  const gap = text[nameStart] === '-' ? matchAt(OPTION_SIGN, text, nameEnd)?.[0] : undefined;
  return gap === undefined ? undefined : anyValue(text, nameEnd + gap.length, WORD_END);
}

function encodedValue(text: string, nameEnd: number, [sign, again = '']: RegExpExecArray): Value | undefined {
  const ends = ENCODED_ENDS[again.length / 2];
  return ends && anyValue(text, nameEnd + sign.length, ends);
}

function textBehind(text: string, nameStart: number, nameEnd: number): Value | undefined {
  const sign = matchAt(SIGN, text, nameEnd)?.[0];
  const isHeader = sign !== undefined && /^[ \t]*:[ \t]*$/.test(sign);
  const value = isHeader ? wordOfHeader(text, nameStart, nameEnd, sign) : anythingBehind(text, nameStart, nameEnd);
  const isBare = value !== undefined && value.escaped === 0;
  return isBare && isCount(text.slice(value.start, value.end)) ? undefined : value;
}

/** `PASS: some_test` is what tests report, and `First pass: done` is prose. */
function wordOfHeader(text: string, nameStart: number, nameEnd: number, sign: string): Value | undefined {
  const start = nameEnd + sign.length;
  if (matchAt(NO_VALUE, text, start) !== undefined || matchAt(PROSE, text, start) !== undefined) return undefined;
  const name = text.slice(nameStart, nameEnd);
  const isPass = /^pass$/i.test(name);
  const isLine = name !== 'PASS' && LINE_START.test(text.slice(Math.max(0, nameStart - 44), nameStart));
  const line = isLine ? matchAt(LAST_WORD, text, start)?.[1] : undefined;
  const word = line ?? matchAt(WORD, text, start)?.[0];
  if (word === undefined || (line === undefined && (isPass || !looksRandom(word)))) return undefined;
  return { start, end: start + word.length, quote: '', escaped: 0 };
}

function randomBehind(text: string, nameEnd: number): Value | undefined {
  const sign = (matchAt(SIGN, text, nameEnd) ?? matchAt(ENCODED_SIGN, text, nameEnd))?.[0];
  if (sign === undefined) return undefined;
  const start = nameEnd + sign.length + (matchAt(OPENING, text, nameEnd + sign.length)?.[0].length ?? 0);
  const word = matchAt(RANDOM_START, text, start)?.[0] ?? '';
  // What has brackets is the signature of a function.
  if (!isRandomWord(word) || text[start + word.length] === '(') return undefined;
  const rest = matchAt(RANDOM_REST, text, start + word.length)?.[0] ?? '';
  return { start, end: start + word.length + rest.length, quote: '', escaped: 0 };
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
