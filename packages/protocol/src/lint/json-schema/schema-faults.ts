import { isObject } from '../../json-object.ts';
import { ASSERTIONS, type Budget } from './assertions.ts';
import { localTarget } from './local-target.ts';
import {
  FITS,
  MAX_FAULTS,
  type SchemaFault,
  UNSURE,
  type Verdict,
  doesFit,
  faultAt,
  joined,
  together,
} from './verdict.ts';

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

/** One value under one schema. */
interface Look {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/**
 * Says where a value certainly does not fit a JSON Schema: the first five faults. It knows the common keywords; what it
 * does not know (`pattern`, `format`, `if`, references to elsewhere, schemas of draft-04) counts as fitting, so no fault
 * does not mean that a validator takes the value. Total, and bounded in time and depth, whatever the two hold.
 */
export function schemaFaults(schema: unknown, value: unknown): readonly SchemaFault[] {
  const dialect = isObject(schema) ? schema['$schema'] : undefined;
  if (dialect !== undefined && !(typeof dialect === 'string' && DIALECTS.test(dialect))) return [];
  return new SchemaCheck(schema).look(schema, value, '', 0).faults.slice(0, MAX_FAULTS);
}

class SchemaCheck {
  readonly #root: unknown;
  readonly #budget: Budget = { left: MAX_STEPS };
  readonly #inner: ReadonlyMap<string, (says: unknown, look: Look) => Verdict> = new Map([
    ['$ref', (says: unknown, look: Look) => this.#reference(says, look)],
    ['properties', (says: unknown, look: Look) => this.#properties(says, look)],
    ['required', (says: unknown, look: Look) => required(says, look)],
    ['additionalProperties', (says: unknown, look: Look) => this.#others(says, look)],
    ['items', (says: unknown, look: Look) => this.#items(says, look)],
    ['prefixItems', (says: unknown, look: Look) => this.#firstItems(says, look)],
    ['allOf', (says: unknown, look: Look) => together(this.#each(says, look))],
    ['anyOf', (says: unknown, look: Look) => this.#some(says, look, 'anyOf')],
    ['oneOf', (says: unknown, look: Look) => this.#some(says, look, 'oneOf')],
    ['not', (says: unknown, look: Look) => this.#not(says, look)],
  ]);

  constructor(root: unknown) {
    this.#root = root;
  }

  look(schema: unknown, value: unknown, path: string, depth: number): Verdict {
    if (schema === true) return FITS;
    if (schema === false) return faultAt(path, 'is not allowed here');
    if (!isObject(schema) || depth > MAX_DEPTH) return UNSURE;
    // References inside a part with an id of its own start there, which we do not follow.
    if (depth > 0 && typeof schema['$id'] === 'string') return UNSURE;
    const look = { schema, value, path, depth };
    const reference = schema['$ref'];
    // Beside a reference older drafts ignore all else, newer ones do not.
    const keywords = reference === undefined ? Object.keys(schema) : ['$ref'];
    const isWhole =
      reference === undefined || Object.keys(schema).every((key) => key === '$ref' || ANNOTATIONS.has(key));
    return together([...this.#keywords(keywords, look), isWhole ? FITS : UNSURE]);
  }

  *#keywords(keywords: readonly string[], look: Look): Generator<Verdict, void> {
    for (const keyword of keywords) {
      if (--this.#budget.left < 0) return void (yield UNSURE);
      yield this.#keyword(keyword, look);
    }
  }

  #keyword(keyword: string, look: Look): Verdict {
    const says = look.schema[keyword];
    const assertion = ASSERTIONS.get(keyword);
    if (assertion === undefined) {
      return this.#inner.get(keyword)?.(says, look) ?? (ANNOTATIONS.has(keyword) ? FITS : UNSURE);
    }
    const outcome = assertion(says, look.value, this.#budget);
    return outcome === undefined ? UNSURE : outcome === true ? FITS : faultAt(look.path, outcome);
  }

  #reference(says: unknown, { value, path, depth }: Look): Verdict {
    const target = typeof says === 'string' ? localTarget(this.#root, says) : undefined;
    return target?.kind === 'found' ? this.look(target.value, value, path, depth + 1) : UNSURE;
  }

  #properties(says: unknown, { value, path, depth }: Look): Verdict {
    if (!isObject(says)) return UNSURE;
    if (!isObject(value)) return FITS;
    const there = this.#namesIn(says).filter((name) => Object.hasOwn(value, name));
    return together(this.#named(there, (name) => this.look(says[name], value[name], joined(path, name), depth + 1)));
  }

  #others(says: unknown, { schema, value, path, depth }: Look): Verdict {
    if (!isObject(value)) return FITS;
    const { properties = {}, patternProperties } = schema;
    if (patternProperties !== undefined || !isObject(properties)) return UNSURE;
    const others = this.#namesIn(value).filter((name) => !Object.hasOwn(properties, name));
    return together(this.#named(others, (name) => this.look(says, value[name], joined(path, name), depth + 1)));
  }

  #items(says: unknown, { schema, value, path, depth }: Look): Verdict {
    if (Array.isArray(says)) return UNSURE;
    if (!Array.isArray(value)) return FITS;
    const first = Array.isArray(schema['prefixItems']) ? schema['prefixItems'].length : 0;
    return together(this.#from(first, value.length, (at) => this.look(says, value[at], `${path}[${at}]`, depth + 1)));
  }

  #firstItems(says: unknown, { value, path, depth }: Look): Verdict {
    if (!Array.isArray(says) || !isNewest(this.#root)) return UNSURE;
    if (!Array.isArray(value)) return FITS;
    const end = Math.min(says.length, value.length);
    return together(this.#from(0, end, (at) => this.look(says[at], value[at], `${path}[${at}]`, depth + 1)));
  }

  #some(says: unknown, look: Look, keyword: 'anyOf' | 'oneOf'): Verdict {
    if (!Array.isArray(says) || says.length === 0) return UNSURE;
    const verdicts = [...this.#each(says, look)];
    if (verdicts.length === says.length && verdicts.every(({ faults }) => faults.length > 0))
      return faultAt(look.path, `fits none of the ${says.length} schemas of ${keyword}`);
    const fitting = verdicts.filter(doesFit).length;
    if (keyword === 'anyOf') return fitting > 0 ? FITS : UNSURE;
    if (fitting > 1) return faultAt(look.path, 'fits more than one schema of oneOf');
    return verdicts.every(({ faults, isSure }) => faults.length > 0 || isSure) ? FITS : UNSURE;
  }

  #not(says: unknown, { value, path, depth }: Look): Verdict {
    const verdict = this.look(says, value, path, depth + 1);
    if (verdict.faults.length > 0) return FITS;
    return verdict.isSure ? faultAt(path, 'fits what the schema excludes') : UNSURE;
  }

  #each(says: unknown, { value, path, depth }: Look): Iterable<Verdict> {
    if (!Array.isArray(says)) return [UNSURE];
    return this.#from(0, says.length, (at) => this.look(says[at], value, path, depth + 1));
  }

  #named(names: readonly string[], verdictOn: (name: string) => Verdict): Generator<Verdict, void> {
    return this.#from(0, names.length, (at) => verdictOn(names[at] ?? ''));
  }

  *#from(start: number, end: number, verdictOn: (at: number) => Verdict): Generator<Verdict, void> {
    for (let at = start; at < end; at++) {
      if (--this.#budget.left < 0) return void (yield UNSURE);
      yield verdictOn(at);
    }
  }

  /** A large object that is looked at again and again has its price too. */
  #namesIn(value: object): readonly string[] {
    const names = Object.keys(value);
    this.#budget.left -= Math.ceil(names.length / NAMES_A_STEP);
    return names;
  }
}

function required(says: unknown, { value, path }: Look): Verdict {
  if (!Array.isArray(says)) return UNSURE;
  if (!isObject(value)) return FITS;
  const names = says.filter((name) => typeof name === 'string');
  const missing = names.filter((name) => !Object.hasOwn(value, name)).slice(0, MAX_FAULTS);
  return {
    faults: missing.map((name) => ({ path: joined(path, name), what: 'is missing' })),
    isSure: names.length === says.length,
  };
}

/** `prefixItems` means something since 2020-12 only. */
function isNewest(root: unknown): boolean {
  const dialect = isObject(root) ? root['$schema'] : undefined;
  return dialect === undefined || (typeof dialect === 'string' && dialect.includes('/2020-12/'));
}
