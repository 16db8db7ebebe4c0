import { LEGACY_VERSIONS, MODERN_VERSIONS, VERSIONS, eraOf } from '@mcp-dbg/protocol';
import { describe, expect, it } from 'vitest';

describe('eraOf', () => {
  it('knows the era of every published version', () => {
    expect(LEGACY_VERSIONS.map(eraOf)).toEqual(LEGACY_VERSIONS.map(() => 'legacy'));
    expect(MODERN_VERSIONS.map(eraOf)).toEqual(MODERN_VERSIONS.map(() => 'modern'));
    expect(VERSIONS).toEqual([...VERSIONS].toSorted());
  });

  it('places versions that were never published, or are not yet, by their date', () => {
    expect(eraOf('2024-10-07')).toBe('legacy');
    expect(eraOf('2026-07-27')).toBe('legacy');
    expect(eraOf('2031-01-01')).toBe('modern');
  });

  it('gives what is no version no era', () => {
    for (const text of ['', 'draft', '2026-07-28-rc', '20260728', '1.0', ' 2026-07-28'])
      expect(eraOf(text)).toBeUndefined();
  });
});
