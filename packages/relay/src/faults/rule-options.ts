import { type FilterSide, nearestWord } from '@mcp-dbg/capture';

import { actionNamed } from './action-table.ts';
import { FaultError } from './fault-error.ts';
import type { FaultAction, FaultRule, FaultWhen } from './fault-rule.ts';
import { type Refusal, isRefused, readTime, refusal } from './quantities.ts';

export type RuleOptions = Pick<FaultRule, 'when' | 'p' | 'side' | 'afterMs'>;

type OptionName = 'when' | 'p' | 'side' | 'after';

const NAMES: readonly OptionName[] = ['when', 'p', 'side', 'after'];

/** What `after` can be said of. */
const ENDS: ReadonlySet<FaultAction['kind']> = new Set(['kill', 'exit', 'eof']);

const MAX_COUNT = 1_000_000_000;

/** Reads what stands behind the actions of a rule, from `at` on. Throws {@link FaultError}. */
export function parseOptions(text: string, at: number, actions: readonly FaultAction[]): RuleOptions {
  const given = new Map<OptionName, string>();
  let options: RuleOptions = { when: undefined, p: undefined, side: undefined, afterMs: undefined };
  for (const { 0: word, index } of text.slice(at).matchAll(/\S+/g)) {
    const start = at + index;
    const { name, value } = optionOf(text, word, start);
    if (given.has(name)) throw new FaultError(`"${name}" is there twice; leave one out`, text, start, word.length, '');
    given.set(name, value);
    if (name === 'after' && actions.every(({ kind }) => !ENDS.has(kind)))
      throw new FaultError('"after" is for kill, exit and eof; delay=TIME holds a frame', text, start, word.length, '');
    const read = readOption(name, value);
    if (isRefused(read)) {
      const valueAt = start + name.length + 1;
      throw new FaultError(`"${value.slice(0, 40)}" ${read.problem}`, text, valueAt, value.length, read.suggestion);
    }
    if (read.side !== undefined && options.side !== undefined && options.side !== read.side)
      throw new FaultError('"side" and "after" name different sides; leave one out', text, start, word.length, '');
    options = { ...options, ...read };
  }
  return options;
}

function optionOf(text: string, word: string, at: number): { readonly name: OptionName; readonly value: string } {
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const option = NAMES.find((each) => each === name);
  if (option !== undefined && equals !== -1) return { name: option, value: word.slice(equals + 1) };
  if (option !== undefined)
    throw new FaultError(`A value is missing here, as in ${EXAMPLES[option]}`, text, at + name.length, 0);
  if (actionNamed(name) !== undefined)
    throw new FaultError(
      'Put a comma between two actions, and what is said of all of them at the end',
      text,
      at,
      name.length,
    );
  const near = nearestWord(name, NAMES);
  const hint = near === undefined ? `; there are ${NAMES.join(', ')}` : ` (did you mean "${near}"?)`;
  throw new FaultError(`I do not know "${name.slice(0, 40)}"${hint}`, text, at, name.length, near);
}

const EXAMPLES: Readonly<Record<OptionName, string>> = {
  when: 'when=3, when=2..5 or when=2+3',
  p: 'p=0.2',
  side: 'side=res',
  after: 'after=100ms',
};

function readOption(name: OptionName, value: string): Partial<RuleOptions> | Refusal {
  switch (name) {
    case 'when':
      return given(readWhen(value), (when) => ({ when }));
    case 'p':
      return given(readProbability(value), (p) => ({ p }));
    case 'side':
      return given(readSide(value), (side) => ({ side }));
    case 'after': {
      const side = readSide(value);
      if (!isRefused(side)) return { side };
      const ms = readTime(value);
      return isRefused(ms) ? refusal('is neither req, nor res, nor a time such as 100ms', '100ms') : { afterMs: ms };
    }
  }
}

function given<Value>(
  read: Value | Refusal,
  make: (value: Value) => Partial<RuleOptions>,
): Partial<RuleOptions> | Refusal {
  return isRefused(read) ? read : make(read);
}

function readSide(value: string): FilterSide | Refusal {
  return value === 'req' || value === 'res' ? value : refusal('is no side; write req or res');
}

function readProbability(value: string): number | Refusal {
  const p = /^(?:0?\.\d{1,9}|0|1|1\.0{1,9}|0\.\d{1,9})$/.test(value) ? Number(value) : Number.NaN;
  if (p > 0) return p;
  const [, percent] = /^(\d{1,2})%$/.exec(value) ?? [];
  const meant = percent === undefined || Number(percent) === 0 ? undefined : String(Number(percent) / 100);
  return refusal('is no probability; write a number above 0, 1 at most, such as 0.2', meant);
}

function readWhen(value: string): FaultWhen | Refusal {
  const [, first, dots, last, plus, step] = /^(\d{1,10})(?:(\.\.)(\d{0,10}))?(?:(\+)(\d{0,10}))?$/.exec(value) ?? [];
  const none = 'is no choice of firings; write 3, 2..5, 2.., 2+3 or 2..9+3, counted from 1';
  if (first === undefined) return refusal(none);
  const from = Number(first);
  const isOpen = dots === undefined ? plus !== undefined : last === '';
  const to = dots === undefined ? from : Number(last);
  const by = step === undefined || step === '' ? 1 : Number(step);
  if (from < 1 || by < 1 || Math.max(from, to, by) > MAX_COUNT) return refusal(none);
  if (isOpen) return { first: from, last: undefined, step: by };
  return to < from
    ? refusal('ends before it begins', `${to}..${from}`)
    : { first: from, last: to, step: to === from ? 1 : by };
}
