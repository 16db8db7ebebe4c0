import { VERSIONS, type Version } from '../eras.ts';
import { isObject } from '../json-object.ts';
import { expectedText, expectedWord } from './expected-text.ts';
import { foundText } from './found-text.ts';
import type { ChoiceShape, HoldingShape, ObjectShape, Shape, Slot, Slots } from './shape.ts';
import { slotOf } from './table.ts';

/** Faults that one check reports, at most. */
const FAULT_LIMIT = 20;

/** Characters of a member's name that a path shows, at most. */
const KEY_LIMIT = 60;

/** One place where a value is not what a revision of MCP says it is. */
export interface ShapeFault {
  /** Where: `tools[2].inputSchema`; empty for the value itself. Names that a peer chose are in it, as they came. */
  readonly path: string;
  /**
   * `missing` nothing stands where something has to; `type` it is of another JSON type; `value` it is of the right type
   * and not of the values allowed. `too-new` only a later revision has it; `removed` only an earlier one: both are
   * legal, since objects are open, and tell of a peer that mixes revisions.
   */
  readonly kind: 'missing' | 'type' | 'value' | 'too-new' | 'removed';
  /** What the revision asks for: `a string`, `one of public, private`. */
  readonly expected: string;
  /** Of what is too new: the first revision that has it. */
  readonly since?: Version;
  /** What stands there, in at most 60 characters; may hold a peer's own text. */
  readonly found: string;
}

/**
 * Compares a value, as JSON.parse gives it, with what a revision says of its place; an absent value is `undefined`.
 * Gives the first 20 faults, in the order of the table, and none where all is well. What is too new or removed is
 * reported where it first stands, not for each item of a list, so that it hides no breach. Reads the value's own members
 * only, goes no deeper than the table, and throws on nothing that JSON can hold.
 */
export function checkShape(row: Shape | Slot, value: unknown, version: Version): readonly ShapeFault[] {
  const check = new ShapeCheck(version);
  check.place(slotOf(row), value);
  return check.faults;
}

class ShapeCheck {
  readonly faults: ShapeFault[] = [];
  readonly #version: Version;
  /** The way from the value to the place that is looked at. */
  readonly #path: (string | number)[] = [];
  /** What was found where the revision has nothing. */
  readonly #misplaced = new Set<Slot>();

  constructor(version: Version) {
    this.#version = version;
  }

  place(slot: Slot, value: unknown): void {
    const rule = slot.at.get(this.#version);
    if (rule === undefined) {
      if (value !== undefined) this.#misplace(slot, value);
    } else if (value !== undefined) this.#value(rule.shape, value);
    else if (rule.isRequired) this.#fault('missing', expectedText(rule.shape), value);
  }

  #value(shape: Shape, value: unknown): void {
    if (!fits(shape, value)) return this.#fault('type', expectedText(shape), value);
    switch (shape.kind) {
      case 'anything':
      case 'text':
      case 'truth':
      case 'nothing':
        return;
      case 'number':
        if (Number(value) < shape.from || Number(value) > shape.to) this.#fault('value', expectedText(shape), value);
        return;
      case 'words':
        if (!shape.words.includes(String(value))) this.#fault('value', expectedText(shape), value);
        return;
      case 'list':
        return this.#items(shape.of, value);
      case 'map':
        return this.#values(shape.of, value);
      case 'object':
        return this.#members(shape, value);
      case 'either': {
        const fitting = shape.of.find((each) => fits(each, value));
        return fitting && this.#value(fitting, value);
      }
      case 'choice':
        return this.#choice(shape, value);
      case 'holding':
        return this.#holding(shape, value);
    }
  }

  #items(shape: Shape, items: unknown): void {
    if (!Array.isArray(items)) return;
    for (let index = 0; index < items.length && !this.#isFull; index++) {
      this.#path.push(index);
      this.#value(shape, items[index]);
      this.#path.pop();
    }
  }

  #values(shape: Shape, map: unknown): void {
    if (!isObject(map)) return;
    for (const key of Object.keys(map)) {
      if (this.#isFull) return;
      this.#path.push(key);
      this.#value(shape, map[key]);
      this.#path.pop();
    }
  }

  #members(shape: ObjectShape, value: unknown): void {
    for (const [name, slot] of shape.members) {
      this.#path.push(name);
      this.place(slot, memberOf(value, name));
      this.#path.pop();
    }
  }

  #choice(shape: ChoiceShape, value: unknown): void {
    const told = memberOf(value, shape.by);
    const name = told === undefined ? shape.absent : told;
    const slot = typeof name === 'string' ? shape.cases.get(name) : undefined;
    const rule = slot?.at.get(this.#version);
    if (rule !== undefined) return this.#value(rule.shape, value);
    if (typeof name === 'string' && slot === undefined && shape.other !== undefined)
      return this.place(shape.other, value);
    this.#path.push(shape.by);
    if (slot !== undefined) this.#misplace(slot, name);
    else this.#unchosen(shape, told);
    this.#path.pop();
  }

  #unchosen(shape: ChoiceShape, told: unknown): void {
    if (told !== undefined && typeof told !== 'string') return this.#fault('type', 'a string', told);
    this.#fault(told === undefined ? 'missing' : 'value', expectedWord(this.#inForce(shape.cases)), told);
  }

  #holding(shape: HoldingShape, value: unknown): void {
    const names = this.#inForce(shape.cases);
    const name = names.find((each) => memberOf(value, each) !== undefined);
    const chosen = name === undefined ? shape.otherwise : shape.cases.get(name);
    if (chosen !== undefined) return this.place(chosen, value);
    this.#fault('missing', `a member ${names.join(' or ')}`, value);
  }

  /** The names of the cases that the revision has. */
  #inForce(cases: Slots): readonly string[] {
    return [...cases].filter(([, slot]) => slot.at.has(this.#version)).map(([name]) => name);
  }

  #misplace(slot: Slot, value: unknown): void {
    if (this.#misplaced.has(slot)) return;
    this.#misplaced.add(slot);
    const since = VERSIONS.find((version) => version > this.#version && slot.at.has(version));
    if (since !== undefined) return this.#fault('too-new', `nothing before ${since}`, value, since);
    const last = VERSIONS.findLast((version) => slot.at.has(version));
    this.#fault('removed', last === undefined ? 'nothing' : `nothing after ${last}`, value);
  }

  get #isFull(): boolean {
    return this.faults.length >= FAULT_LIMIT;
  }

  #fault(kind: ShapeFault['kind'], expected: string, value: unknown, since?: Version): void {
    if (this.#isFull) return;
    const path = pathText(this.#path);
    this.faults.push({ path, kind, expected, ...(since !== undefined && { since }), found: foundText(value) });
  }
}

/** Whether a value is of the JSON type of a shape. */
function fits(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'anything':
      return true;
    case 'text':
    case 'words':
      return typeof value === 'string';
    case 'truth':
      return typeof value === 'boolean';
    case 'nothing':
      return value === null;
    case 'number':
      return shape.isWhole ? Number.isInteger(value) : Number.isFinite(value);
    case 'list':
      return Array.isArray(value);
    case 'map':
    case 'object':
    case 'choice':
    case 'holding':
      return isObject(value);
    case 'either':
      return shape.of.some((each) => fits(each, value));
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (step.length > KEY_LIMIT) text += `[${JSON.stringify(`${step.slice(0, KEY_LIMIT - 1)}…`)}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
