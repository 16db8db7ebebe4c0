import { isObject } from '../../json-object.ts';
import { ASSERTIONS, type Budget } from './assertions.ts';
import { localTarget } from './local-target.ts';
import { FITS, MAX_FAULTS, type SchemaFault, UNSURE, type Verdict, both, inside, misfit } from './verdict.ts';

/** Steps that one check takes at most; then what was not looked at counts as fitting. */
const MAX_STEPS = 100_000;

/** Levels of schemas within schemas that are looked at, references included. */
const MAX_DEPTH = 64;

/** Names of members that are listed at the cost of one step. */
const NAMES_A_STEP = 64;

/** Dialects in which the keywords that we know mean what we take them for; a schema without `$schema` is 2020-12. */
const DIALECTS = /^https?:\/\/json-schema\.org\/(?:draft\/20(?:19-09|20-12)|draft-0[67])\/schema#?$/;

/** Keywords that say nothing of whether a value fits. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  '$schema $id $anchor $comment $defs definitions title description default examples deprecated readOnly writeOnly'.split(
    ' ',
  ),
);

type Schema = Readonly<Record<string, unknown>>;

/**
 * Says where a value certainly does not fit a JSON Schema: the first five faults. It knows the common keywords; what it
 * does not know (`pattern`, `format`, `if`, references to elsewhere, schemas of draft-04) counts as fitting, so no fault
 * does not mean that a validator takes the value. Total, and bounded in time and depth, whatever the two hold.
 */
export function schemaFaults(schema: unknown, value: unknown): readonly SchemaFault[] {
  const dialect = isObject(schema) ? schema['$schema'] : undefined;
  if (dialect !== undefined && !(typeof dialect === 'string' && DIALECTS.test(dialect))) return [];
  return new SchemaCheck(schema).look(schema, value, 0).faults;
}

class SchemaCheck {
  readonly #root: unknown;
  readonly #budget: Budget = { left: MAX_STEPS };

  constructor(root: unknown) {
    this.#root = root;
  }

  look(schema: unknown, value: unknown, depth: number): Verdict {
    if (schema === true) return FITS;
    if (schema === false) return misfit('is not allowed here');
    if (!isObject(schema) || depth > MAX_DEPTH) return UNSURE;
    // References inside a part with an id of its own start there, which we do not follow.
    if (depth > 0 && typeof schema['$id'] === 'string') return UNSURE;
    const keywords = Object.keys(schema);
    if (schema['$ref'] !== undefined) return this.#reference(schema, keywords, value, depth);
    return this.#all(keywords, (keyword) => this.#keyword(schema, keyword, value, depth));
  }

  #keyword(schema: Schema, keyword: string, value: unknown, depth: number): Verdict {
    const says = schema[keyword];
    switch (keyword) {
      case 'properties':
        return this.#properties(says, value, depth);
      case 'required':
        return required(says, value);
      case 'additionalProperties':
        return this.#otherProperties(schema, says, value, depth);
      case 'items':
        return this.#items(schema, says, value, depth);
      case 'prefixItems':
        return this.#firstItems(says, value, depth);
      case 'allOf':
        return Array.isArray(says) ? this.#all(says, (each) => this.look(each, value, depth + 1)) : UNSURE;
      case 'anyOf':
      case 'oneOf':
        return this.#some(says, value, depth, keyword);
      case 'not':
        return this.#not(says, value, depth);
      default:
        return this.#assertion(keyword, says, value);
    }
  }

  #assertion(keyword: string, says: unknown, value: unknown): Verdict {
    const assertion = ASSERTIONS.get(keyword);
    if (assertion === undefined) return ANNOTATIONS.has(keyword) ? FITS : UNSURE;
    const outcome = assertion(says, value, this.#budget);
    return outcome === true ? FITS : outcome === undefined ? UNSURE : misfit(outcome);
  }

  /** Beside a reference older drafts ignore all else, newer ones do not. */
  #reference(schema: Schema, keywords: readonly string[], value: unknown, depth: number): Verdict {
    if (!this.#canGoOn()) return UNSURE;
    const { $ref } = schema;
    const target = typeof $ref === 'string' ? localTarget(this.#root, $ref) : undefined;
    if (target?.kind !== 'found') return UNSURE;
    const isAlone = keywords.every((keyword) => keyword === '$ref' || ANNOTATIONS.has(keyword));
    return both(isAlone ? FITS : UNSURE, this.look(target.value, value, depth + 1));
  }

  #properties(says: unknown, value: unknown, depth: number): Verdict {
    if (!isObject(says)) return UNSURE;
    if (!isObject(value)) return FITS;
    const there = this.#namesIn(says).filter((name) => Object.hasOwn(value, name));
    return this.#all(there, (name) => inside(name, this.look(says[name], value[name], depth + 1)));
  }

  #otherProperties(schema: Schema, says: unknown, value: unknown, depth: number): Verdict {
    if (!isObject(value)) return FITS;
    const { properties = {}, patternProperties } = schema;
    if (patternProperties !== undefined || !isObject(properties)) return UNSURE;
    const others = this.#namesIn(value).filter((name) => !Object.hasOwn(properties, name));
    return this.#all(others, (name) => inside(name, this.look(says, value[name], depth + 1)));
  }

  #items(schema: Schema, says: unknown, value: unknown, depth: number): Verdict {
    if (Array.isArray(says)) return UNSURE;
    if (!Array.isArray(value)) return FITS;
    const first = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0;
    let verdict = FITS;
    for (let at = first; at < value.length && verdict.faults.length < MAX_FAULTS; at++) {
      if (!this.#canGoOn()) return both(verdict, UNSURE);
      verdict = both(verdict, inside(at, this.look(says, value[at], depth + 1)));
    }
    return verdict;
  }

  #firstItems(says: unknown, value: unknown, depth: number): Verdict {
    if (!Array.isArray(says) || !isNewest(this.#root)) return UNSURE;
    if (!Array.isArray(value)) return FITS;
    const items: readonly unknown[] = value;
    const there: readonly unknown[] = says.slice(0, items.length);
    return this.#all(there, (each, at) => inside(at, this.look(each, items[at], depth + 1)));
  }

  #some(says: unknown, value: unknown, depth: number, keyword: 'anyOf' | 'oneOf'): Verdict {
    if (!Array.isArray(says) || says.length === 0) return UNSURE;
    let [fitting, unsure] = [0, 0];
    for (const each of says as readonly unknown[]) {
      if (!this.#canGoOn()) return UNSURE;
      const { faults, isSure } = this.look(each, value, depth + 1);
      if (faults.length > 0) continue;
      if (isSure) fitting++;
      else unsure++;
      if (keyword === 'anyOf' && isSure) return FITS;
    }
    if (fitting + unsure === 0) return misfit(`fits none of the ${says.length} schemas of ${keyword}`);
    if (keyword === 'oneOf' && fitting > 1) return misfit('fits more than one schema of oneOf');
    return unsure === 0 ? FITS : UNSURE;
  }

  #not(says: unknown, value: unknown, depth: number): Verdict {
    if (!this.#canGoOn()) return UNSURE;
    const { faults, isSure } = this.look(says, value, depth + 1);
    if (faults.length > 0) return FITS;
    return isSure ? misfit('fits what the schema excludes') : UNSURE;
  }

  /** The verdict where a value has to fit for each of several; ends with the last fault that is wanted. */
  #all<Item>(items: readonly Item[], verdictOn: (item: Item, at: number) => Verdict): Verdict {
    let verdict = FITS;
    for (let at = 0; at < items.length && verdict.faults.length < MAX_FAULTS; at++) {
      if (!this.#canGoOn()) return both(verdict, UNSURE);
      const item = items[at];
      verdict = both(verdict, item === undefined ? UNSURE : verdictOn(item, at));
    }
    return verdict;
  }

  /** Takes a step. */
  #canGoOn(): boolean {
    return --this.#budget.left >= 0;
  }

  /** A large object that is looked at again and again has its price too. */
  #namesIn(value: object): readonly string[] {
    const names = Object.keys(value);
    this.#budget.left -= Math.floor(names.length / NAMES_A_STEP);
    return names;
  }
}

function required(says: unknown, value: unknown): Verdict {
  if (!Array.isArray(says)) return UNSURE;
  if (!isObject(value)) return FITS;
  let verdict = FITS;
  for (const name of says as readonly unknown[]) {
    if (typeof name !== 'string') verdict = both(verdict, UNSURE);
    else if (!Object.hasOwn(value, name)) verdict = both(verdict, inside(name, misfit('is missing')));
    if (verdict.faults.length >= MAX_FAULTS) return verdict;
  }
  return verdict;
}

/** `prefixItems` means something since 2020-12 only. */
function isNewest(root: unknown): boolean {
  const dialect = isObject(root) ? root['$schema'] : undefined;
  return dialect === undefined || (typeof dialect === 'string' && dialect.includes('/2020-12/'));
}
