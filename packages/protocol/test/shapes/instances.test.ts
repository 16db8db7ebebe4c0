import { METHODS, VERSIONS, type Version } from '@mcp-dbg/protocol';
import { checkShape, paramsShapeOf, resultShapeOf } from '@mcp-dbg/protocol/lint';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Slot } from '../../src/shapes/shape.ts';
import { breaksOf, broken, pathText } from './breaks.ts';
import { valueAt } from './instances.ts';

describe.for(VERSIONS)('checkShape in %s', (version) => {
  it('has nothing against what a table allows, whatever else is in it', () => {
    fc.assert(
      fc.property(placeAndValue(version), ({ slot, value }) => {
        expect(checkShape(slot, value, version)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('finds the one thing that is wrong, where it is', () => {
    fc.assert(
      fc.property(placeAndValue(version), ({ slot, value }) => {
        for (const each of breaksOf(slot, value, version)) {
          const faults = checkShape(slot, broken(value, each), version);
          expect(faults.map(({ path, kind }) => `${kind} ${path}`)).toEqual([`${each.kind} ${pathText(each.path)}`]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('throws on no value and stays short', () => {
    fc.assert(
      fc.property(fc.constantFrom(...slotsOf(version)), fc.anything(), (slot, value) => {
        const faults = checkShape(slot, value, version);
        expect(faults.length).toBeLessThanOrEqual(20);
        for (const { found } of faults) expect(found.length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

function placeAndValue(version: Version): fc.Arbitrary<{ readonly slot: Slot; readonly value: unknown }> {
  return fc
    .constantFrom(...slotsOf(version))
    .chain((slot) => fc.record({ slot: fc.constant(slot), value: valueAt(slot, version) }));
}

function slotsOf(version: Version): readonly Slot[] {
  const slots = METHODS.flatMap(({ name }) => [paramsShapeOf(name, version), resultShapeOf(name, version)]);
  return slots.filter((slot) => slot !== undefined);
}
