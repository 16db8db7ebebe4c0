import { toByteText } from './byte-text.ts';
import { findSecrets } from './find-secrets.ts';
import { type Find, joinFinds, replaceFinds } from './find.ts';
import { namedFind } from './find-named-values.ts';
import type { Rules } from './rules.ts';
import { isSecretOption, secretKind } from './secret-names.ts';

const OPTION = /^--?[\w.-]+$/;
/** Names with a sign, one behind the other, as in `--env=API_KEY=…`. The colon of a URL names nothing. */
const NAME = /([\w.-]+)(?:=|:\s*(?!\/\/))/gy;
const PARAMETER = /(?<=[?&]([\w.-]{1,64})=)[^&#\s]+/g;

const WHERE = 'argv';

/**
 * Puts something else, as one-byte characters, in the place of each secret of a command line. Secrets are found as in any
 * text, and what the program is told as a word or a part of one, to its very end: the value of an option, of a variable,
 * of a header.
 */
export function hideInArgv(argv: readonly string[], rules: Rules, put: (find: Find) => string): readonly string[] {
  return argv.map((said, index) => {
    const before = argv[index - 1] ?? '';
    const word = toByteText(said);
    const isValue = OPTION.test(before) && isSecretOption(before) && !word.startsWith('-');
    return replaceFinds(said, word, isValue ? [...wordFind(word, 0, before)] : findInWord(word, rules), put);
  });
}

function findInWord(word: string, rules: Rules): readonly Find[] {
  return joinFinds(word, [...findSecrets(word, rules, WHERE), ...findRest(word), ...findParameters(word)]);
}

/** What stands behind the name of a secret up to the end of the word. */
function* findRest(word: string): Generator<Find, void, undefined> {
  for (const { 0: sign, 1: name = '', index } of word.matchAll(NAME)) {
    if (!isSecretOption(name)) continue;
    yield* wordFind(word, index + sign.length, name);
    return;
  }
}

function* wordFind(word: string, start: number, name: string): Generator<Find, void, undefined> {
  const rest = word.slice(start);
  const quotes = /^(["'`])[^]*\1$/.test(rest) ? 1 : 0;
  const value = { start: start + quotes, end: word.length - quotes, quote: '', escaped: 0 };
  const find = namedFind(word, value, kindOf(name), WHERE);
  if (find !== undefined) yield find;
}

/** In a URL too a bare `key` is a secret here. */
function* findParameters(word: string): Generator<Find, void, undefined> {
  for (const { 0: value, 1: name = '', index } of word.matchAll(PARAMETER)) {
    const find = { start: index, end: index + value.length, quote: '', escaped: 0 };
    const found = isSecretOption(name) ? namedFind(word, find, kindOf(name), WHERE) : undefined;
    if (found !== undefined) yield found;
  }
}

function kindOf(name: string): string {
  return secretKind(name) ?? 'option';
}
