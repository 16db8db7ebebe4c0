import { isObject } from '../../json-object.ts';

/** What may still be spent on one check. */
export interface Budget {
  left: number;
}

/** What one keyword says of a value: why it does not fit, true where it fits, undefined where that is not certain. */
export type Assertion = (says: unknown, value: unknown, budget: Budget) => string | true | undefined;

/** Characters that are counted at the cost of one step. */
const CHARACTERS_A_STEP = 64;

/** Levels of a `const` or `enum` value that are compared. */
const MAX_LEVELS = 64;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: (value) => Array.isArray(value),
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  null: (value) => value === null,
  number: (value) => typeof value === 'number',
  object: isObject,
  string: (value) => typeof value === 'string',
};

/** Keywords that look at a value and not into it. */
export const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ['type', type],
  ['const', (says, value, budget) => oneOf([says], value, budget)],
  ['enum', (says, value, budget) => (Array.isArray(says) ? oneOf(says, value, budget) : undefined)],
  ['minimum', limit((value, bound) => value >= bound, 'is below the minimum')],
  ['maximum', limit((value, bound) => value <= bound, 'is above the maximum')],
  ['exclusiveMinimum', limit((value, bound) => value > bound, 'is not above')],
  ['exclusiveMaximum', limit((value, bound) => value < bound, 'is not below')],
  ['minLength', length((count, bound) => count >= bound, 'is shorter than')],
  ['maxLength', length((count, bound) => count <= bound, 'is longer than')],
  ['minItems', items((count, bound) => count >= bound, 'has fewer items than')],
  ['maxItems', items((count, bound) => count <= bound, 'has more items than')],
]);

/** The JSON type of a value, with its article. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function type(says: unknown, value: unknown): string | true | undefined {
  const types: readonly unknown[] = Array.isArray(says) ? says : [says];
  for (const name of types) {
    const is = typeof name === 'string' && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (is === undefined) return undefined;
    if (is(value)) return true;
  }
  return `is ${kindOf(value)} where the schema has ${types.slice(0, 7).join(' or ')}`;
}

function oneOf(allowed: readonly unknown[], value: unknown, budget: Budget): string | true | undefined {
  let isSure = true;
  for (const each of allowed) {
    const same = isSame(each, value, budget, 0);
    if (same === true) return true;
    if (same === undefined) isSure = false;
  }
  return isSure ? `is none of the ${allowed.length === 1 ? '1 value' : `${allowed.length} values`} allowed` : undefined;
}

/** Undefined where the two are too big, or too deep, to be compared. */
function isSame(one: unknown, other: unknown, budget: Budget, level: number): boolean | undefined {
  if (--budget.left < 0 || level > MAX_LEVELS) return undefined;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  if (keys.length !== others.length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(other, key)) return false;
    const same = isSame(Reflect.get(one, key), Reflect.get(other, key), budget, level + 1);
    if (same !== true) return same;
  }
  return true;
}

function limit(holds: (value: number, bound: number) => boolean, fault: string): Assertion {
  return (bound, value) => {
    if (typeof bound !== 'number') return undefined;
    return typeof value !== 'number' || holds(value, bound) || `${fault} ${bound}`;
  };
}

function items(holds: (count: number, bound: number) => boolean, fault: string): Assertion {
  return (bound, value) => {
    if (typeof bound !== 'number') return undefined;
    return !Array.isArray(value) || holds(value.length, bound) || `${fault} ${bound}`;
  };
}

/** A length counts code points, not UTF-16 units. */
function length(holds: (count: number, bound: number) => boolean, fault: string): Assertion {
  return (bound, value, budget) => {
    if (typeof bound !== 'number') return undefined;
    if (typeof value !== 'string') return true;
    budget.left -= Math.ceil(value.length / CHARACTERS_A_STEP);
    if (budget.left < 0) return undefined;
    let count = 0;
    for (let at = 0; at < value.length; at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
    return holds(count, bound) || `${fault} ${bound} characters`;
  };
}
