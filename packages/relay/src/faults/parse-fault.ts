import { FilterError, type FilterTree, nearestWord, parseFilter } from '@mcp-dbg/capture';

import { FAULT_ACTIONS, actionNamed } from './action-table.ts';
import { FaultError } from './fault-error.ts';
import type { FaultAction, FaultRule } from './fault-rule.ts';
import { expectLive } from './live-words.ts';
import { isRefused } from './quantities.ts';
import { parseOptions } from './rule-options.ts';
import { sideOf } from './side-of.ts';

/** Characters that a rule may have. */
const MAX_RULE_LENGTH = 10_000;

/** The most actions of one rule. */
const MAX_ACTIONS = 20;

/** What stands in front of `::` and is no end of the filter, whatever it holds: text in quotes, an expression. */
const QUOTED = /"(?:[^"\\]|\\[^])*"/y;
const REGEX = /\/(?:[^/\\]|\\[^])*\//y;
const NAME = /[A-Za-z][A-Za-z-]*/y;
const VALUE = /(?:[^\s,"]|"(?:[^"\\]|\\[^])*")+/y;

/**
 * Reads `FILTER :: ACTION[,ACTION…] [when=FIRST[..LAST][+STEP]] [p=0.2] [side=req|res] [after=req|res|TIME]`. The filter
 * is that of captures, see `parseFilter`; an empty one is for every frame. See `FAULT_ACTIONS` for what can be done.
 *
 * Throws a {@link FaultError}, and nothing else, for what is no rule, has words that only a finished log can answer, or
 * is longer than 10,000 characters.
 */
export function parseFault(text: string): FaultRule {
  if (text.length > MAX_RULE_LENGTH)
    throw new FaultError(
      `A rule has at most ${MAX_RULE_LENGTH} characters; this is more`,
      text,
      MAX_RULE_LENGTH,
      text.length - MAX_RULE_LENGTH,
    );
  const cut = cutAt(text);
  const filter = readFilter(text.slice(0, cut), text);
  const actions = readActions(text, cut + '::'.length);
  const options = parseOptions(text, actions.end, actions.read);
  const rule = { text, filter, actions: actions.read, ...options };
  expectSides(rule);
  expectLive(rule, sideOf(rule));
  return rule;
}

/** Where the `::` stands that ends the filter. */
function cutAt(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const isStart = at === 0 || /[\s(.~=-]/.test(text.charAt(at - 1));
    if (text.startsWith('::', at) && isStart && /^(?:\s|$)/.test(text.slice(at + 2, at + 3))) return at;
    const skipped = lengthAt(QUOTED, text, at) || (isStart ? lengthAt(REGEX, text, at) : 0);
    if (skipped > 0) at += skipped - 1;
  }
  throw noCut(text);
}

function noCut(text: string): FaultError {
  const [first = ''] = /^\s*[a-z-]+/.exec(text) ?? [];
  const example = 'as in method:tools/call :: delay=2s';
  if (actionNamed(first.trim()) !== undefined)
    return new FaultError(`A rule begins with a filter, which may be empty, and " :: ", ${example}`, text, 0, 0, ':: ');
  const glued = text.indexOf('::');
  if (glued !== -1) return new FaultError(`Put a space before and after "::", ${example}`, text, glued, 2, ' :: ');
  return new FaultError(`There is no " :: " with an action behind it, ${example}`, text, text.length, 0);
}

function readFilter(text: string, whole: string): FilterTree {
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new FaultError(error.message, whole, error.at, error.length, error.suggestion);
  }
}

function readActions(text: string, from: number): { readonly read: readonly FaultAction[]; readonly end: number } {
  const read: FaultAction[] = [];
  let at = from;
  do {
    at = skipSpace(text, at);
    const { action, end } = readAction(text, at);
    read.push(action);
    if (read.length > MAX_ACTIONS)
      throw new FaultError(`A rule has at most ${MAX_ACTIONS} actions`, text, at, end - at);
    at = skipSpace(text, end);
    if (text.charAt(at) !== ',') return { read, end };
    at++;
  } while (at <= text.length);
  return { read, end: at };
}

function readAction(text: string, at: number): { readonly action: FaultAction; readonly end: number } {
  const name = text.slice(at, at + lengthAt(NAME, text, at));
  const row = actionNamed(name);
  if (row === undefined) throw unknownAction(text, at, name);
  let end = at + name.length;
  let value: string | undefined;
  if (text.charAt(end) === '=') {
    const length = lengthAt(VALUE, text, end + 1);
    if (length === 0 && text.charAt(end + 1) !== '"')
      throw new FaultError(`A value is missing here, as in ${row.example}`, text, end + 1, 0);
    value = text.slice(end + 1, end + 1 + length);
    end += 1 + length;
  }
  if (!/^[\s,]?$/.test(text.charAt(end))) {
    const isQuote = text.charAt(end) === '"';
    const what = isQuote
      ? 'This quote is never closed; put " at the end of the text'
      : 'Put a comma between two actions';
    throw new FaultError(what, text, end, 1);
  }
  const action = row.read(value);
  if (!isRefused(action)) return { action, end };
  if (value === undefined)
    throw new FaultError(`${name} needs a value, as in ${row.example}`, text, at, name.length, row.example);
  const start = at + name.length + 1;
  throw new FaultError(`"${shortened(value)}" ${action.problem}`, text, start, value.length, action.suggestion);
}

function unknownAction(text: string, at: number, name: string): FaultError {
  const names = FAULT_ACTIONS.map((each) => each.name);
  if (name === '') {
    const message = `An action is missing here: ${names.join(', ')}`;
    return new FaultError(
      message,
      text,
      Math.min(at, text.length),
      Math.min(1, text.length - Math.min(at, text.length)),
    );
  }
  const near = nearestWord(name, names);
  const hint = near === undefined ? `; there are ${names.join(', ')}` : ` (did you mean "${near}"?)`;
  return new FaultError(`I do not know the action "${shortened(name)}"${hint}`, text, at, name.length, near);
}

/** Some actions are for one side alone. */
function expectSides({ text, actions, side }: FaultRule): void {
  if (side !== 'res' || actions.every(({ kind }) => kind !== 'era')) return;
  const at = Math.max(0, text.lastIndexOf('=res'));
  throw new FaultError(
    '"era" stands in for the answer to server/discover; it needs side=req, or none',
    text,
    at,
    Math.min('=res'.length, text.length - at),
  );
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function skipSpace(text: string, from: number): number {
  return from + lengthAt(/\s+/y, text, from);
}

function lengthAt(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0].length ?? 0;
}
