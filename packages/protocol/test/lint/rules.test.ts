import { VERSIONS } from '@mcp-dbg/protocol';
import { FAMILIES, LEVELS, RULES } from '@mcp-dbg/protocol/lint';
import { describe, expect, it } from 'vitest';

import { SAMPLES } from './samples/all-samples.ts';
import { findingsIn } from './transcript.ts';

describe('every rule', () => {
  it(`has a sample that keeps it and one that breaks it (${RULES.size} rules)`, () => {
    expect(Object.keys(SAMPLES).toSorted()).toEqual([...RULES.keys()].toSorted());
  });

  it('has an id of its own, a level, versions, a title and a fix', () => {
    expect(RULES.size).toBe(FAMILIES.flatMap(({ rules }) => Object.keys(rules)).length);
    for (const [id, { level, versions, title, fix }] of RULES) {
      expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
      expect(LEVELS).toContain(level);
      expect(versions.length, id).toBeGreaterThan(0);
      expect(VERSIONS).toEqual(expect.arrayContaining([...versions]));
      expect(title, id).toMatch(/^[A-Z"].*[^.]$/);
      expect(fix, id).toMatch(/^[A-Z].*[.)]$/);
    }
  });
});

describe.each(Object.entries(SAMPLES))('%s', (id, { passes, fails }) => {
  it('is not found where it is kept, nor is any other error', () => {
    const found = findingsIn(passes);
    expect(found.filter(({ rule, level }) => rule === id || level === 'error')).toEqual([]);
  });

  it('is found where it is broken, with its level, its fix and what shows it', () => {
    const found = findingsIn(fails).filter(({ rule }) => rule === id);
    expect(found).not.toEqual([]);
    for (const { message, quote, n, level, fix } of found) {
      expect({ level, fix }).toEqual({ level: RULES.get(id)?.level, fix: RULES.get(id)?.fix });
      expect(message).toMatch(/^The (client|server) /);
      if (n !== undefined) expect(quote).toBeDefined();
    }
  });

  it('is not found where it is switched off', () => {
    expect(findingsIn(fails, { off: [id] }).filter(({ rule }) => rule === id)).toEqual([]);
  });
});
