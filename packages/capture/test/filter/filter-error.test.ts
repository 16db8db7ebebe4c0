import { CaptureError, explainFilterError, FilterError, parseFilter, printFilter } from '@mcp-dbg/capture';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { filterText, filterTree } from './arbitrary-filter.ts';

function errorOf(text: string): FilterError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(text)} is a filter`);
}


describe('parseFilter', () => {
  it('reads what printFilter writes as the same tree', () => {
    fc.assert(
      fc.property(filterTree, (tree) => {
        expect(parseFilter(printFilter(tree))).toEqual(tree);
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but FilterError, which points into the text', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        try {
          const tree = parseFilter(text);
          expect(parseFilter(printFilter(tree))).toEqual(tree);
        } catch (error) {
          expect(error).toBeInstanceOf(FilterError);
          expect(error).toBeInstanceOf(CaptureError);
          const { code, at, length } = error as FilterError;
          expect(code).toBe('BAD_FILTER');
          expect(at).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThanOrEqual(0);
          expect(at + length).toBeLessThanOrEqual(text.length);
          expect(explainFilterError(text, error as FilterError).split('\n')).toHaveLength(3);
        }
      }),
      { numRuns: 300 },
    );
  });
});
