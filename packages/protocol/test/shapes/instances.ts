import type { Version } from '@mcp-dbg/protocol';
import fc from 'fast-check';

import type { ChoiceShape, HoldingShape, NumberShape, ObjectShape, Shape, Slot } from '../../src/shapes/shape.ts';

/** Values that a revision allows at a place, with members that no table names among them. */
export function valueAt(slot: Slot, version: Version): fc.Arbitrary<unknown> {
  const rule = slot.at.get(version);
  return rule === undefined ? fc.constant(undefined) : valueOf(rule.shape, version);
}

function valueOf(shape: Shape, version: Version): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'anything':
      return fc.jsonValue({ maxDepth: 1 });
    case 'text':
      return fc.string({ maxLength: 5 });
    case 'truth':
      return fc.boolean();
    case 'nothing':
      return fc.constant(null);
    case 'number':
      return numberOf(shape);
    case 'words':
      return fc.constantFrom(...shape.words);
    case 'list':
      return fc.array(valueOf(shape.of, version), { maxLength: 2 });
    case 'map':
      return fc.dictionary(fc.constantFrom('a', 'b.c', '__proto__'), valueOf(shape.of, version), { maxKeys: 2 });
    case 'object':
      return objectOf(shape, version);
    case 'either':
      return fc.oneof(...shape.of.map((each) => valueOf(each, version)));
    case 'choice':
      return choiceOf(shape, version);
    case 'holding':
      return fc.oneof(...casesOf(shape, version).map((slot) => valueAt(slot, version)));
  }
}

function numberOf({ isWhole, from, to }: NumberShape): fc.Arbitrary<number> {
  if (isWhole) return fc.integer({ min: Math.max(from, -1e6) });
  return fc.double({ min: Math.max(from, -1e6), max: Math.min(to, 1e6), noNaN: true });
}

function objectOf({ members }: ObjectShape, version: Version): fc.Arbitrary<unknown> {
  const inForce = [...members].filter(([, slot]) => slot.at.has(version));
  const values = inForce.map(([name, slot]) => [name, valueAt(slot, version)] as const);
  const required = inForce.filter(([, slot]) => slot.at.get(version)?.isRequired === true);
  return fc.record(Object.fromEntries([...values, ['x/own', fc.jsonValue({ maxDepth: 1 })]]), {
    requiredKeys: required.map(([name]) => name),
  });
}

function choiceOf(shape: ChoiceShape, version: Version): fc.Arbitrary<unknown> {
  const cases = [...shape.cases].filter(([, slot]) => slot.at.has(version));
  return fc.oneof(
    ...cases.map(([text, slot]) =>
      valueAt(slot, version).map((value) => {
        const object = value as Readonly<Record<string, unknown>>;
        return text !== shape.absent || shape.by in object ? { ...object, [shape.by]: text } : object;
      }),
    ),
  );
}

function casesOf({ cases, otherwise }: HoldingShape, version: Version): readonly Slot[] {
  const slots = [...cases.values(), ...(otherwise === undefined ? [] : [otherwise])];
  return slots.filter((slot) => slot.at.has(version));
}
