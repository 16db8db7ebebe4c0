import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { modelToolNames } from '../src/tool-names.ts';

const names = (oneServer: boolean, ...addresses: readonly (readonly [string, string])[]): readonly string[] =>
  modelToolNames(
    addresses.map(([server, tool]) => ({ server, tool })),
    oneServer ? addresses[0]?.[0] : undefined,
  );

describe('the names that a model gets', () => {
  test('are the plain ones where there is one server', () => {
    expect(names(true, ['echo', 'add'], ['echo', 'sub-2'])).toEqual(['add', 'sub-2']);
  });

  test('begin with the server where there are several', () => {
    expect(names(false, ['a', 'add'], ['b', 'add'])).toEqual(['a__add', 'b__add']);
  });

  test('of one server still begin with it where the plain one is illegal', () => {
    expect(names(true, ['my files', 'read.me'])).toEqual(['my_files__read_me']);
  });

  test('end in a hash where two would be the same', () => {
    expect(names(true, ['s', 'files.read'], ['s', 'files/read'])).toEqual([
      expect.stringMatching(/^s__files_read_[0-9a-f]{8}$/),
      expect.stringMatching(/^s__files_read_[0-9a-f]{8}$/),
    ]);
  });

  test('cannot be taken by a tool that is called like the hashed name of another', () => {
    const [hashed = ''] = names(true, ['s', 'files.read'], ['s', 'files/read']);
    const all = names(true, ['s', 'files.read'], ['s', 'files/read'], ['s', hashed]);
    expect(new Set(all).size).toBe(3);
  });

  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.stringMatching(/^[a-z_.]{1,90}$/),
    fc.constantFrom('a', 'a_', '_a', 'a__b', 'b', 'echo'),
  );
  const addresses = fc.uniqueArray(fc.record({ server: word, tool: word }), {
    selector: ({ server, tool }) => `${server}\0${tool}`,
    maxLength: 40,
  });

  test('are legal, at most 64 characters long, and all different', () => {
    fc.assert(
      fc.property(addresses, fc.boolean(), (given, oneServer) => {
        const all = modelToolNames(given, oneServer ? given[0]?.server : undefined);
        for (const name of all) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(new Set(all).size).toBe(given.length);
      }),
    );
  });

  test('do not depend on the order of servers and tools', () => {
    const shuffled = addresses.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.boolean(), ([given, other], oneServer) => {
        const first = new Map(
          modelToolNames(given, oneServer ? given[0]?.server : undefined).map((name, index) => [given[index], name]),
        );
        const second = new Map(
          modelToolNames(other, oneServer ? given[0]?.server : undefined).map((name, index) => [other[index], name]),
        );
        for (const address of given) expect(second.get(address)).toBe(first.get(address));
      }),
    );
  });
});
