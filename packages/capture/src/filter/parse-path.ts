import { shortened } from './filter-error.ts';
import { type FilterScanner, inQuotes } from './filter-scanner.ts';
import type { FilterSide } from './filter-subject.ts';
import { PATH_HEADS, type PathOp, PATH_OPS, type PathStep, type PathTerm } from './filter-tree.ts';

/** What can stand in a path's key without quotes. */
const BARE_KEY = /[^\s.[\]=!<>~"():,*]+/y;
const OP = /[=!<>~]+/y;

/** What others write for our comparisons. */
const FOREIGN: Readonly<Record<string, string>> = {
  '==': '=',
  '===': '=',
  '=~': '~',
  '~=': '~',
  '=>': '>=',
  '=<': '<=',
  '<>': '!=',
  '!': '!=',
  '!==': '!=',
};

/** Reads a comparison, such as `params.arguments.city=Paris`; undefined where none begins here. */
export function parsePath(scanner: FilterScanner, side: FilterSide | undefined): PathTerm | undefined {
  const { at } = scanner;
  const head = PATH_HEADS.find((each) => scanner.text.startsWith(each, at));
  if (head === undefined || !/[.[=!<>~]/.test(scanner.text.charAt(at + head.length))) return undefined;
  scanner.at += head.length;
  const steps: PathStep[] = [];
  for (let step = parseStep(scanner); step !== undefined; step = parseStep(scanner)) steps.push(step);
  return { kind: 'path', side, head, steps, op: parseOp(scanner, at), value: parseCompared(scanner) };
}

function parseStep(scanner: FilterScanner): PathStep | undefined {
  const { at } = scanner;
  if (scanner.next === '[') return parseItem(scanner);
  if (scanner.take(/\./y) === '') return undefined;
  // `content.[]` is what those write who know jq.
  if (scanner.next === '[') return parseItem(scanner);
  if (scanner.take(/\*/y) !== '') return { kind: 'any' };
  const key = scanner.next === '"' ? scanner.takeQuoted() : scanner.take(BARE_KEY);
  if (key !== '' || scanner.at > at + 1) return { kind: 'key', key };
  throw scanner.error('A name is missing after this dot; one with special characters stands in quotes', {
    at,
    length: 1,
  });
}

function parseItem(scanner: FilterScanner): PathStep {
  const { at } = scanner;
  const item = scanner.take(/\[(?:\*|\d*)\]/y);
  if (item === '') {
    const { length } = scanner.take(/\[[^\s\]]*\]?/y);
    throw scanner.error('Write [] for every item, or a number such as [0]; a name goes behind a dot', { at, length });
  }
  const index = item.slice(1, -1);
  return index === '' || index === '*' ? { kind: 'any' } : { kind: 'key', key: index };
}

function parseOp(scanner: FilterScanner, start: number): PathOp {
  const { at } = scanner;
  const typed = scanner.take(OP);
  const op = PATH_OPS.find((each) => each === typed);
  if (op !== undefined) return op;
  if (typed !== '') {
    const meant = FOREIGN[typed];
    const hint = meant === undefined ? `there are ${PATH_OPS.join(' ')}` : `did you mean ${meant}?`;
    const message = `I do not know the comparison ${shortened(typed)} (${hint}); a value that begins so stands in quotes`;
    throw scanner.error(message, { at, length: typed.length }, meant);
  }
  if (scanner.sees(/\s+[=!<>~]/y)) {
    const { length } = scanner.take(/\s+[=!<>~]+\s*/y);
    const tight = scanner.text.slice(at, at + length).trim();
    throw scanner.error(`Write a comparison without spaces, as in params.id${tight}7`, { at, length }, tight);
  }
  if (scanner.next === ':')
    throw scanner.error('A path is compared with = or another sign, not with :', { at, length: 1 }, '=');
  const path = scanner.text.slice(start, at);
  if (!scanner.isDone && !scanner.sees(/[\s()]/y)) {
    throw scanner.error('This cannot stand in a path; put a name with special characters in quotes', { at, length: 1 });
  }
  const shown = shortened(path);
  throw scanner.error(
    `This path is compared with nothing; write ${shown}=value, or ${shown}!=null where it only has to be there; ` +
      `to search for the text, put it in quotes: ${inQuotes(shown)}`,
    { at: start, length: path.length },
    `${path}!=null`,
  );
}

function parseCompared(scanner: FilterScanner): PathTerm['value'] {
  const { at } = scanner;
  const op = scanner.text.charAt(at - 1);
  if (op === '~' && scanner.next === '/') return { kind: 'regex', ...scanner.takeRegex() };
  const isQuoted = scanner.next === '"';
  const text = isQuoted ? scanner.takeQuoted() : scanner.take(/[^\s()"]+/y);
  if (text !== '' || (isQuoted && op !== '~')) return { kind: 'text', text, isQuoted };
  if (op === '~')
    throw scanner.error('Write here what the text contains, or a /regular expression/', {
      at,
      length: scanner.at - at,
    });
  throw scanner.error('A value is missing here; an empty text is written ""', { at, length: 0 });
}
