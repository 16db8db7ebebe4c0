import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { HostId } from '../../src/config/hosts.ts';
import { themeFor } from '../../src/render/theme.ts';
import type { FileChange } from '../../src/wrap/change-file.ts';
import { diffText } from '../../src/wrap/diff-text.ts';
import type { Kept } from '../../src/wrap/pieces.ts';
import { spliced } from '../../src/wrap/splice.ts';
import { jsoncConfigs, tomlConfigs } from './arbitrary-configs.ts';
import { WORDS, changed, entriesOf } from './wrapping.ts';

const FORMATS = [
  { format: 'JSON with comments', host: 'cursor', configs: jsoncConfigs },
  { format: 'TOML', host: 'codex', configs: tomlConfigs },
] as const;

/** What an entry starts. */
function argvOf(text: string, host: HostId, name: string): unknown {
  const entry = entriesOf(text, host).get(name) as {
    readonly command: unknown;
    readonly args?: readonly unknown[] | null;
  };
  return [entry.command, ...(entry.args ?? [])];
}

/** By which its wraps are taken back. */
function keptOf({ entries }: FileChange): readonly (Kept | undefined)[] {
  return entries.map(({ kept }) => kept);
}

/** All that a file says, but what its servers start. */
function rest(text: string, host: HostId): unknown {
  return Array.from(entriesOf(text, host), ([name, entry]) => {
    const { command: _, args: __, ...others } = entry as Readonly<Record<string, unknown>>;
    return [name, others];
  });
}

describe.each(FORMATS)('whatever a file of $format looks like', ({ host, configs }) => {
  test('a wrap changes what its entries start and nothing else, and taking it out gives back every byte', () => {
    fc.assert(
      fc.property(configs, ({ text, names }) => {
        const wrapped = changed(text, host, names, WORDS);
        for (const name of names)
          expect(argvOf(wrapped.text, host, name)).toEqual([...WORDS, ...(argvOf(text, host, name) as string[])]);
        expect(rest(wrapped.text, host)).toEqual(rest(text, host));
        const back = changed(wrapped.text, host, names, undefined, keptOf(wrapped));
        expect(back.isKnown).toBe(true);
        expect(back.text).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  test('entries that were wrapped one after the other come out in any order', () => {
    fc.assert(
      fc.property(configs, fc.boolean(), ({ text, names }, isReversed) => {
        let now = text;
        const wraps = names.map((name) => {
          const one = changed(now, host, [name], WORDS);
          now = one.text;
          return { name, kept: keptOf(one) };
        });
        for (const each of isReversed ? wraps.toReversed() : wraps)
          now = changed(now, host, [each.name], undefined, each.kept).text;
        expect(now).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test('a wrap of what is wrapped already is taken out to what was there before the first', () => {
    fc.assert(
      fc.property(configs, ({ text, names }) => {
        const first = changed(text, host, names, WORDS);
        const second = changed(
          first.text,
          host,
          names,
          ['/usr/bin/mcp-dbg', 'proxy', '--announce', '--'],
          keptOf(first),
        );
        for (const name of names)
          expect(argvOf(second.text, host, name)).toEqual([
            '/usr/bin/mcp-dbg',
            'proxy',
            '--announce',
            '--',
            ...(argvOf(text, host, name) as string[]),
          ]);
        expect(changed(second.text, host, names, undefined, keptOf(second)).text).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test('without what was kept of the wrap, or with what is wrong, the entries start again what they did', () => {
    const wrong = [{ anchor: 'command', before: '"evil"', after: JSON.stringify(WORDS[0]) }] as const;
    fc.assert(
      fc.property(configs, fc.boolean(), ({ text, names }, isWrong) => {
        const wrapped = changed(text, host, names, WORDS);
        const kept = isWrong
          ? names.map((name) => ({ argv: argvOf(text, host, name) as string[], pieces: wrong }))
          : undefined;
        const back = changed(wrapped.text, host, names, undefined, kept);
        for (const name of names) expect(argvOf(back.text, host, name)).toEqual(argvOf(text, host, name));
        expect(rest(back.text, host)).toEqual(rest(text, host));
        expect(back.isKnown).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test('the diff has every line that changes, and nothing of the file but what its servers start', () => {
    const count = (text: string, line: string): number => text.split(line).length - 1;
    fc.assert(
      fc.property(configs, ({ text, names }) => {
        const { before, after, splices } = changed(text, host, names, WORDS);
        const diff = diffText('/x', before, after, splices, themeFor(false, {}));
        expect(diff).not.toMatch(/cret|theme|disabled|startup|model|profiles|mcp_?servers/i);
        const [, ...hunks] = diff.split('\n').slice(1);
        const [added, removed] = ['+', '-'].map((sign) => hunks.filter((line) => line.startsWith(sign)).length);
        expect((added ?? 0) - (removed ?? 0)).toBe(count(after.text, '\n') - count(before.text, '\n'));
      }),
      { numRuns: 100 },
    );
  });

  test('what changes is told as stretches of the text', () => {
    fc.assert(
      fc.property(configs, ({ text, names }) => {
        const { before, after, splices } = changed(text, host, names, WORDS);
        expect(spliced(before.text, splices)).toBe(after.text);
        expect(text.endsWith(before.text)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
