import { fromByteText, isAscii } from './byte-text.ts';
import { type Find, withoutPlaceholders } from './find.ts';
import { findNamedValues } from './find-named-values.ts';
import type { Rules } from './rules.ts';
import {
  ANY_SCHEME,
  ANY_SHAPE,
  PRIVATE_KEY_END,
  PRIVATE_KEY_START,
  SCHEME_VALUE,
  SHAPE,
  URL_LOGIN,
  looksRandom,
  shapeKind,
} from './secret-shapes.ts';

/** What can stand in a private key whose end is missing. */
const KEY_REST = /[\w+/=\s\\:,-]*/y;

/** Finds the secrets of a text as what it is, whether JSON stands in it or not. The text is one-byte characters. */
export function findInText(text: string, rules: Rules, where: string): readonly Find[] {
  const searched = withoutPlaceholders(text);
  return [
    ...findLiterals(searched, rules, where),
    ...findPrivateKeys(searched, where),
    ...findNamedValues(searched, where),
    ...findShapes(searched, where),
    ...rules.patterns.flatMap((pattern) => findPattern(searched, pattern, where)),
  ];
}

function* findLiterals(text: string, { literals }: Rules, where: string): Generator<Find, void, undefined> {
  for (const { form, kind, secret } of literals) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
      yield { start, end: start + form.length, kind, secret, where, quote: '' };
    }
  }
}

/** Most texts have none of them, and what each has to contain is found faster than it is. */
function* findShapes(text: string, where: string): Generator<Find, void, undefined> {
  if (ANY_SHAPE.test(text)) {
    for (const { index, 0: match } of text.matchAll(SHAPE)) yield placed(index, match, shapeKind(match), where);
  }
  if (text.includes('@')) {
    for (const { index, 0: match } of text.matchAll(URL_LOGIN)) yield placed(index, match, 'url-login', where);
  }
  if (ANY_SCHEME.test(text)) {
    for (const { index, 0: match } of text.matchAll(SCHEME_VALUE)) {
      if (looksRandom(match)) yield placed(index, match, 'authorization', where);
    }
  }
}

function* findPrivateKeys(text: string, where: string): Generator<Find, void, undefined> {
  if (!text.includes('-----BEGIN ')) return;
  let at = 0;
  let hasEnds = true;
  for (const { index, 0: first } of text.matchAll(PRIVATE_KEY_START)) {
    if (index < at) continue;
    const start = index + first.length;
    PRIVATE_KEY_END.lastIndex = start;
    const last: RegExpExecArray | null = hasEnds ? PRIVATE_KEY_END.exec(text) : null;
    hasEnds = last !== null;
    at = last === null ? endOfKeyText(text, start) : last.index + last[0].length;
    yield placed(index, text.slice(index, at), 'private-key', where);
  }
}

/** Where a key ends whose last line is missing. */
function endOfKeyText(text: string, start: number): number {
  KEY_REST.lastIndex = start;
  return start + (KEY_REST.exec(text)?.[0].trimEnd().length ?? 0);
}

/** A person's pattern means characters, so it is tried on them and its matches are counted back into bytes. */
function findPattern(text: string, pattern: RegExp, where: string): readonly Find[] {
  const said = fromByteText(text);
  const matches = Array.from(said.matchAll(pattern)).filter(([match]) => match !== '');
  if (isAscii(text) || said === text) {
    return matches.map(({ index, 0: match }) => placed(index, match, 'pattern', where));
  }
  let chars = 0;
  let bytes = 0;
  const bytesUntil = (end: number): number => {
    for (; chars < end; chars++) bytes += bytesOfUnit(said.charCodeAt(chars));
    return bytes;
  };
  return matches.map(({ index, 0: match }) => {
    const start = bytesUntil(index);
    return placed(start, text.slice(start, bytesUntil(index + match.length)), 'pattern', where);
  });
}

/** Of a pair of surrogates each half counts for two of its four bytes. */
function bytesOfUnit(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) return 2;
  return 3;
}

function placed(start: number, secret: string, kind: string, where: string): Find {
  return { start, end: start + secret.length, kind, secret, where, quote: '' };
}
