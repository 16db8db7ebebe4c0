import { FILLER, type Find, isPlaceholder } from './find.ts';
import { unescapeJson } from './json-escapes.ts';
import { NAME_WORDS, secretName } from './secret-names.ts';
import { type Value, valueBehind } from './value-behind-name.ts';

/** How far a name is followed to either side of the word that told. */
const MAX_NAME_SIDE = 64;

const NAME_WORD = new RegExp(NAME_WORDS, 'gi');
const NAME_CHAR = /[\w.-]/;
/** What is left of `%26`, however often it was encoded, where its digits seem to begin a name. */
const ENCODED = /^(?:25){0,3}[0-9a-f]{2}/i;

const NAME_AT_END = /(?<![\w.-])[\w.-]{1,64}[ \t]{0,8}[:=]>?[ \t]{0,8}$/;

/** `Bearer` and the like say how a secret is meant, and stay. */
const SCHEME = /^(?:bearer|basic|token|digest|negotiate)[ \t]+(?=\S)/i;

/**
 * Finds values that stand behind a secret's name in any text: `API_KEY=…`, `Cookie: …`, `?token=…`, `Password=…;`,
 * `"password": "…"` however often it is escaped, `--api-key …`, `<secret>…`, `token%3D…`. Linear: every hit goes on behind it.
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
    const name = secretName(text.slice(start, end));
    if (name === undefined || isComplaint(text, start)) continue;
    const value = valueBehind(text, start, end, name.holds);
    if (value === undefined) continue;
    const find = namedFind(text, value, name.kind, where);
    // What begins with a placeholder was replaced before, as far as it went.
    if (find !== undefined && text[find.start] !== FILLER) yield find;
    at = Math.max(end, nextPlace(text, value));
  }
}

/** Behind the value, or where a name stands at its very end: what is in quotes behind it is no part of the value. */
function nextPlace(text: string, { end, escaped }: Value): number {
  if (escaped > 0 || !/["'`\\]/.test(text.charAt(end))) return end;
  return end - (NAME_AT_END.exec(text.slice(Math.max(0, end - 2 * MAX_NAME_SIDE), end))?.[0].length ?? 0);
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
  if (/^\**$/.test(secret) || isPlaceholder(secret)) return undefined;
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
  if (text[start - 1] === '%') {
    const encoded = ENCODED.exec(text.slice(start, Math.min(hit, start + 8)))?.[0].length ?? 0;
    return start + encoded;
  }
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
