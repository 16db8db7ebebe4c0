import type { FilterRegex, FilterValue } from './filter-tree.ts';

/**
 * How much of a text a regular expression is applied to, in UTF-16 units: the text is a stranger's, and there are
 * expressions that take more than linear time.
 */
export const MAX_REGEX_TEXT: number = 1024 * 1024;

/** Longer words are looked for as they are written only: an expression for all their forms would grow too big. */
const MAX_WORD_FORMS = 1000;

export type TextMatcher = (text: string) => boolean;

/** Finds a word anywhere in a text. Upper and lower case are told apart if the word has an upper-case letter. */
export function wordMatcher(word: string): TextMatcher {
  if (isCased(word)) return (text) => text.includes(word);
  return regexMatcher([...word.matchAll(/[^]/g)].map(([unit]) => literal(unit)).join(''), 'i');
}

/**
 * Finds a word in the text of a frame, in whichever way JSON may spell it: `ü` may be `\u00fc` there, `/` may be `\/`.
 * Letters and digits of ASCII, which nobody escapes, are looked for as they are.
 */
export function wireWordMatcher(word: string): TextMatcher {
  if (/^[\w .:,;=-]*$/.test(word) || word.length > MAX_WORD_FORMS) return wordMatcher(word);
  const flags = isCased(word) ? '' : 'i';
  return regexMatcher([...word.matchAll(/[^]/g)].map(([unit]) => wireForms(unit, flags === 'i')).join(''), flags);
}

/** Fits a whole text to a value, in which `*` stands for anything unless it is quoted; case counts as in a word. */
export function patternMatcher({ text: pattern, isQuoted }: Omit<FilterValue, 'kind'>): TextMatcher {
  const folded = isCased(pattern) ? (text: string) => text : (text: string) => text.toLowerCase();
  const parts = isQuoted ? [folded(pattern)] : folded(pattern).split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => folded(text) === first;
  return (raw) => {
    const text = folded(raw);
    if (!text.startsWith(first)) return false;
    let at = first.length;
    // The earliest place for each part leaves the most room for the next: one pass, no way back.
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return text.length - at >= last.length && text.endsWith(last);
  };
}

/** Applies a regular expression to the first {@link MAX_REGEX_TEXT} of a text. */
export function userRegexMatcher({ source, ignoreCase }: FilterRegex): TextMatcher {
  const matches = regexMatcher(source, ignoreCase ? 'i' : '');
  return (text) => matches(text.length > MAX_REGEX_TEXT ? text.slice(0, MAX_REGEX_TEXT) : text);
}

/** Why the engine refuses a regular expression; undefined where it takes it. */
export function regexProblem({ source, ignoreCase }: FilterRegex): string | undefined {
  try {
    const regex = new RegExp(source, ignoreCase ? 'i' : '');
    // An expression is compiled when it is first used, once for each of the two ways in which strings are kept.
    regex.test('');
    regex.test('\u2028');
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it is not valid';
    return message.replace(/^Invalid regular expression: \/[^]*\/[a-z]*: /, '');
  }
}

function regexMatcher(source: string, flags: string): TextMatcher {
  const regex = new RegExp(source, flags);
  return (text) => {
    try {
      return regex.test(text);
    } catch {
      // The engine gives up where an expression has to remember too much of the text.
      return false;
    }
  };
}

function isCased(text: string): boolean {
  return /\p{Lu}/u.test(text);
}

function literal(unit: string): string {
  return /[\w\s-]/.test(unit) || unit > '\u007f' ? unit : `\\${unit}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\\\"',
  '\\': '\\\\\\\\',
  '/': '\\\\/',
  '\b': '\\\\b',
  '\f': '\\\\f',
  '\n': '\\\\n',
  '\r': '\\\\r',
  '\t': '\\\\t',
};

/** A regular expression for one UTF-16 unit of a text, in every way in which a JSON string may spell it. */
function wireForms(unit: string, ignoreCase: boolean): string {
  if (/[\w .:,;=-]/.test(unit)) return literal(unit);
  const cases = ignoreCase ? new Set([unit, unit.toLowerCase(), unit.toUpperCase()]) : new Set([unit]);
  const escapes = [...cases].filter((each) => each.length === 1).map(unicodeEscape);
  const short = SHORT_ESCAPES[unit];
  return `(?:${[...escapes, ...(short === undefined ? [] : [short]), literal(unit)].join('|')})`;
}

function unicodeEscape(unit: string): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\\\u${hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}
