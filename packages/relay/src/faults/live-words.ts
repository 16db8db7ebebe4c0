import type { FilterNode, FilterSide } from '@mcp-dbg/capture';

import { FaultError } from './fault-error.ts';
import type { FaultRule } from './fault-rule.ts';

type FilterTerm = Extract<FilterNode, { readonly kind: 'word' | 'regex' | 'key' | 'path' }>;

/** Words of `is:`, `kind:`, `status:` and `from:` that no frame is when it passes, and why. */
const NEVER: Readonly<Record<string, string>> = {
  lost: 'a request is lost when its server ends, long after it passed',
  stderr: 'rules are about frames, and stderr is none',
  event: 'rules are about frames, and the life of a process is none',
  fault: 'rules are not for what mcp-dbg itself made',
  injected: 'rules are not for what mcp-dbg itself made',
};

/** Words of `is:` and `status:` that the answer decides. */
const BY_ANSWER: ReadonlySet<string> = new Set(['ok', 'error', 'tool-error', 'toolerror', 'slow', 'late', 'orphan']);

/**
 * Refuses a filter that has words which cannot be answered while frames pass, and those that only an answer can answer
 * where the rule is for requests. Throws {@link FaultError}.
 */
export function expectLive({ text, filter }: Pick<FaultRule, 'text' | 'filter'>, side: FilterSide | undefined): void {
  if (filter.kind === 'all') return;
  for (const term of termsOf(filter)) {
    const { place, why } = problemOf(term, side) ?? {};
    if (place === undefined || why === undefined) continue;
    const at = Math.max(0, text.indexOf(place));
    throw new FaultError(`"${place}" cannot be used here: ${why}`, text, at, Math.min(place.length, text.length - at));
  }
}

function* termsOf(node: FilterNode): Generator<FilterTerm, void> {
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const term of node.terms) yield* termsOf(term);
      return;
    case 'not':
      yield* termsOf(node.term);
      return;
    case 'word':
    case 'regex':
    case 'key':
    case 'path':
      yield node;
  }
}

interface Problem {
  readonly place: string;
  readonly why: string;
}

function problemOf(term: FilterTerm, side: FilterSide | undefined): Problem | undefined {
  const isOfAnswer = side === 'req' && needsAnswer(term);
  if (term.kind !== 'key') {
    if (!isOfAnswer) return undefined;
    return { place: term.kind === 'path' && term.side === undefined ? term.head : 'res.', why: ANSWER };
  }
  const { key, values } = term;
  if (key === 'level' || key === 'rule')
    return { place: `${key}:`, why: 'findings come from a check of the whole log' };
  if (key === 'conn') return { place: 'conn:', why: 'connections are counted in a log only' };
  const never = values.find(({ text }) => isWordKey(key) && NEVER[text.toLowerCase()] !== undefined);
  const why = never && NEVER[never.text.toLowerCase()];
  if (never !== undefined && why !== undefined) return { place: `${key}:${never.text}`, why };
  return isOfAnswer ? { place: `${key}:`, why: ANSWER } : undefined;
}

const ANSWER = 'only an answer tells it, and this rule is for requests (side=res is for answers)';

function needsAnswer(term: FilterTerm): boolean {
  if (term.side === 'res') return true;
  switch (term.kind) {
    case 'word':
    case 'regex':
      return false;
    case 'path':
      return term.head === 'result' || term.head === 'error';
    case 'key':
      return (
        ['slower', 'faster', 'code'].includes(term.key) ||
        (isWordKey(term.key) && term.values.every(({ text }) => BY_ANSWER.has(text.toLowerCase())))
      );
  }
}

function isWordKey(key: string): boolean {
  return key === 'is' || key === 'kind' || key === 'status' || key === 'from';
}
