import { FilterError } from './filter-error.ts';
import type { Filter, FilterNeeds, FilterSide, FilterSubject } from './filter-subject.ts';
import type {
  FilterNode,
  FilterRegex,
  FilterTerm,
  FilterTree,
  FilterValue,
  KeyTerm,
  RegexTerm,
  WordTerm,
} from './filter-tree.ts';
import { keyMatcher, sizeOf } from './match-key.ts';
import { pathMatcher } from './match-path.ts';
import { regexProblem, type TextMatcher, userRegexMatcher, wireWordMatcher, wordMatcher } from './match-text.ts';
import { isBad } from './read-quantity.ts';

type Need = keyof FilterNeeds;

/** A piece of a filter that is ready to be asked, with what it may look at. */
interface Compiled {
  readonly matches: (subject: FilterSubject) => boolean;
  readonly needs: ReadonlySet<Need>;
}

/** What each need costs, beside a look at a field: decode, parse, check. */
const COSTS: Readonly<Record<Need, number>> = { text: 1, value: 10, findings: 100 };
const NOTHING: ReadonlySet<Need> = new Set();

/**
 * Makes a filter of its tree. Of what `and` or `or` joins, it asks first what costs least.
 *
 * Words are looked for in the method, the tool and the text of both sides; a side narrows them to its text. They are
 * found however JSON escapes them. A regular expression is applied to the text of a frame as it was sent, to the first
 * MiB of each side; one that takes exponential time, such as `(a|aa)*b`, can still take for ever. Throws a {@link FilterError} for a tree that `parseFilter` could not have made.
 */
export function compileFilter(tree: FilterTree): Filter {
  const { matches, needs } = tree.kind === 'all' ? { matches: () => true, needs: NOTHING } : compileNode(tree);
  return {
    matches,
    needs: { text: needs.has('text'), value: needs.has('value'), findings: needs.has('findings') },
  };
}

function compileNode(node: FilterNode): Compiled {
  switch (node.kind) {
    case 'and': {
      const terms = cheapestFirst(node.terms);
      return { matches: (subject) => terms.every(({ matches }) => matches(subject)), needs: needsOf(terms) };
    }
    case 'or': {
      const terms = cheapestFirst(node.terms);
      return { matches: (subject) => terms.some(({ matches }) => matches(subject)), needs: needsOf(terms) };
    }
    case 'not': {
      const { matches, needs } = compileNode(node.term);
      return { matches: (subject) => !matches(subject), needs };
    }
    case 'word':
    case 'regex':
    case 'key':
    case 'path':
      return compileTerm(node);
  }
}

function compileTerm(term: FilterTerm): Compiled {
  switch (term.kind) {
    case 'word':
      return { matches: compileWord(term), needs: new Set(['text']) };
    case 'regex':
      return { matches: compileRegex(term), needs: new Set(['text']) };
    case 'key':
      return { matches: compileKey(term), needs: keyNeeds(term) };
    case 'path':
      if (term.value.kind === 'regex') expectRegex(term.value);
      return { matches: pathMatcher(term), needs: new Set(['value']) };
  }
}

function compileWord({ text, side }: WordTerm): Filter['matches'] {
  const onWire = wireWordMatcher(text);
  if (side !== undefined) return (subject) => sideFits(subject, side, onWire);
  const inName = wordMatcher(text);
  return (subject) =>
    (subject.method !== undefined && inName(subject.method)) ||
    (subject.tool !== undefined && inName(subject.tool)) ||
    eitherText(subject, onWire);
}

function compileRegex({ side, ...regex }: RegexTerm): Filter['matches'] {
  expectRegex(regex);
  const fits = userRegexMatcher(regex);
  if (side !== undefined) return (subject) => sideFits(subject, side, fits);
  return (subject) => eitherText(subject, fits);
}

function expectRegex(regex: FilterRegex): void {
  const problem = regexProblem(regex);
  if (problem !== undefined) throw new FilterError(`This is no regular expression: ${problem}`, 0, 0);
}

function eitherText(subject: FilterSubject, fits: TextMatcher): boolean {
  return SIDES.some((side) => sideFits(subject, side, fits));
}

/** A side that is not there fits nothing, although its text is as empty as that of a blank line. */
function sideFits(subject: FilterSubject, side: FilterSide, fits: TextMatcher): boolean {
  const text = subject.text(side);
  return (text !== '' || sizeOf(subject, side) > 0) && fits(text);
}

const SIDES: readonly FilterSide[] = ['req', 'res'];

function compileKey({ key, values, side }: KeyTerm): Filter['matches'] {
  const matchers = values.map((value) => matcherOf(key, value, side));
  const [only] = matchers;
  if (only !== undefined && matchers.length === 1) return only;
  return (subject) => matchers.some((matches) => matches(subject));
}

function matcherOf(key: KeyTerm['key'], value: FilterValue, side: FilterSide | undefined): Filter['matches'] {
  const matcher = keyMatcher(key, value, side);
  if (isBad(matcher)) throw new FilterError(`"${value.text}" ${matcher.problem}`, 0, 0, matcher.suggestion);
  return matcher;
}

function keyNeeds({ key }: KeyTerm): ReadonlySet<Need> {
  if (key === 'level' || key === 'rule') return new Set(['findings']);
  return key === 'code' ? new Set(['value']) : NOTHING;
}

function cheapestFirst(nodes: readonly FilterNode[]): readonly Compiled[] {
  return nodes.map(compileNode).toSorted((a, b) => costOf(a) - costOf(b));
}

function costOf({ needs }: Compiled): number {
  return [...needs].reduce((cost, need) => cost + COSTS[need], 0);
}

function needsOf(terms: readonly Compiled[]): ReadonlySet<Need> {
  return new Set(terms.flatMap(({ needs }) => [...needs]));
}
