import { Candidates } from './candidates.ts';
import { type Find, joinFinds } from './find.ts';
import { findInText } from './find-in-text.ts';
import { JsonPlace } from './json-place.ts';
import { JsonSearch, type SearchInside } from './json-search.ts';
import type { Rules } from './rules.ts';
import { secretName } from './secret-names.ts';

/** JSON in JSON strings in JSON…: each level doubles the backslashes, so no text goes deeper by much. */
const MAX_LEVELS = 8;

/**
 * Where JSON may start in a text: an object or an array with something in it, or a string in which something is escaped.
 * A quote that is escaped starts none: else each of many could be followed in vain to the end of the text.
 */
const JSON_START = /[[{][ \t\r\n]{0,100}["[{]|(?<!\\)"(?=[^"\\]*\\)/g;
/** A name with a sign, right before a value. */
const NAME_BEFORE = /([\w.-]{1,64})\\{0,8}["'`]?\]?[ \t]{0,8}(?:=>|[:=]=?)[ \t]{0,8}$/;
const MAX_BEFORE = 96;

/**
 * Finds the secrets of any text, in order and apart from each other: as JSON where it is JSON, which may hold JSON in its
 * strings, else as plain text, in which JSON may stand. The text is one-byte characters. One pass for each level of
 * escapes.
 */
export function findSecrets(text: string, rules: Rules, where = '', level = 0): readonly Find[] {
  const candidates = new Candidates(text, rules.candidate);
  if (!candidates.isIn(0, text.length)) return [];
  const named = where || 'text';
  if (level >= MAX_LEVELS) return joinFinds(text, findInText(text, rules, named));
  return findInJson(text, candidates, rules, where, level) ?? joinFinds(text, findInMixed(text, rules, named, level));
}

/** Undefined where the text as a whole is no JSON, or nests too deep. */
function findInJson(
  text: string,
  candidates: Candidates,
  rules: Rules,
  where: string,
  level: number,
): readonly Find[] | undefined {
  if (!/^[ \t\r\n]{0,1000}[[{"]/.test(text)) return undefined;
  const search = new JsonSearch(text, 0, candidates, new JsonPlace(where), rules, inside(rules, level));
  return search.run() && search.at === text.length ? joinFinds(text, search.finds) : undefined;
}

/** Where JSON ends before it should, or is none after all, what was found in it until then holds. */
function findInMixed(text: string, rules: Rules, where: string, level: number): readonly Find[] {
  const finds = [...findInText(text, rules, where)];
  const candidates = new Candidates(text, rules.candidate);
  let at = 0;
  for (const { index } of text.matchAll(JSON_START)) {
    if (index < at) continue;
    const name = NAME_BEFORE.exec(text.slice(Math.max(at, index - MAX_BEFORE), index))?.[1];
    const place = new JsonPlace(where, name === undefined ? undefined : secretName(name));
    const search = new JsonSearch(text, index, candidates, place, rules, inside(rules, level));
    search.run();
    at = search.at;
    for (const find of search.finds) finds.push(find);
  }
  return finds;
}

function inside(rules: Rules, level: number): SearchInside {
  return (said, where) => findSecrets(said, rules, where, level + 1);
}
