import { VERSIONS, type Version } from '../eras.ts';
import type { Shape, Slot, Slots } from './shape.ts';

/** What a row of a table says of a member. A bare shape: it has to be there in every revision. */
export type Row = Shape | Slot;

/** The members of an object, or the cases of a choice, by name. */
export type Rows = Readonly<Record<string, Row>>;

export const anything: Shape = { kind: 'anything' };
/** Any string; base64 and URIs are not looked into. */
export const text: Shape = { kind: 'text' };
export const truth: Shape = { kind: 'truth' };
export const nothing: Shape = { kind: 'nothing' };

export function number(from: number = -Infinity, to: number = Infinity): Shape {
  return { kind: 'number', isWhole: false, from, to };
}

export function whole(from: number = -Infinity): Shape {
  return { kind: 'number', isWhole: true, from, to: Infinity };
}

/** One of these strings. */
export function words(...these: readonly string[]): Shape {
  return { kind: 'words', words: these };
}

export function list(of: Shape): Shape {
  return { kind: 'list', of };
}

/** An object whose members all are of one shape, whatever they are called. */
export function mapOf(of: Shape): Shape {
  return { kind: 'map', of };
}

export function object(members: Rows): Shape {
  return { kind: 'object', members: slotsOf(members) };
}

/** An object of which nothing is known. */
export const anyObject: Shape = object({});

/** A value of one of these shapes, told apart by its JSON type. */
export function either(...of: readonly Shape[]): Shape {
  return { kind: 'either', of };
}

/** An object of one of several shapes, told apart by the text in its member `by`. */
export function choice(by: string, cases: Rows, rest: { readonly absent?: string; readonly other?: Row } = {}): Shape {
  return {
    kind: 'choice',
    by,
    cases: slotsOf(cases),
    absent: rest.absent,
    other: rest.other && slotOf(rest.other),
  };
}

/** An object of one of several shapes, told apart by which of these members it has; the first one counts. */
export function holding(cases: Rows, otherwise?: Row): Shape {
  return { kind: 'holding', cases: slotsOf(cases), otherwise: otherwise && slotOf(otherwise) };
}

/** A member that may be left out. */
export function optional(row: Row): Slot {
  return slot((version) => {
    const rule = slotOf(row).at.get(version);
    return rule && { shape: rule.shape, isRequired: false };
  });
}

/** A member that came with a revision. */
export function since(first: Version, row: Row): Slot {
  return slot((version) => (version >= first ? slotOf(row).at.get(version) : undefined));
}

/** A member that a revision, and every later one, does without. */
export function removedIn(first: Version, row: Row): Slot {
  return slot((version) => (version < first ? slotOf(row).at.get(version) : undefined));
}

/** A member that changed: each row holds from its revision up to the next one. */
export function changing(rows: Readonly<Partial<Record<Version, Row>>>): Slot {
  return slot((version) => {
    const row = VERSIONS.filter((each) => each <= version).findLast((each) => rows[each] !== undefined);
    const current = row && rows[row];
    return current && slotOf(current).at.get(version);
  });
}

/** The place that a row describes. */
export function slotOf(row: Row): Slot {
  return row.kind === 'slot' ? row : slot(() => ({ shape: row, isRequired: true }));
}

function slotsOf(rows: Rows): Slots {
  return new Map(Object.entries(rows).map(([name, row]) => [name, slotOf(row)]));
}

function slot(ruleIn: (version: Version) => { readonly shape: Shape; readonly isRequired: boolean } | undefined): Slot {
  const at = new Map<Version, { readonly shape: Shape; readonly isRequired: boolean }>();
  for (const version of VERSIONS) {
    const rule = ruleIn(version);
    if (rule !== undefined) at.set(version, rule);
  }
  return { kind: 'slot', at };
}
