import { CoreError } from '@mcp-dbg/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type SessionContent, readSessionText, sessionText } from '../src/chat/session-file.ts';
import { CliError } from '../src/exit-code.ts';

const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\0'));
const word = text.filter((each) => each !== '');
const server = fc.record(
  {
    name: word,
    argv: fc.tuple(word, text, text),
    masked: fc.constant(true),
    cwd: text,
    env: fc.array(text, { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'argv', 'env'] },
);
const far = fc.record(
  { name: word, url: fc.webUrl().map((url) => new URL(url).href), masked: fc.constant(true), headers: fc.array(text) },
  { requiredKeys: ['name', 'url', 'headers'] },
);
const content: fc.Arbitrary<SessionContent> = fc.record(
  {
    savedAt: text,
    model: fc.option(text),
    servers: fc.uniqueArray(fc.oneof(server, far), { maxLength: 3, selector: ({ name }) => name }),
    seal: text,
    turns: fc.array(
      text.map((said) => ({ role: 'user' as const, text: said })),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['savedAt', 'model', 'servers', 'turns'] },
);

describe('the file of a session', () => {
  test('comes back as it was, and holds nothing raw that could fool a terminal', () => {
    fc.assert(
      fc.property(content, (saved) => {
        const written = sessionText(saved);
        expect(written).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ud800-\udfff]/u,
        );
        expect(readSessionText(written)).toEqual(saved);
      }),
    );
  });

  test('that is anything else is refused in one sentence, or read; it never crashes', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant('['.repeat(100_000)),
      hostile().map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(anything, (given) => {
        let saved: SessionContent;
        try {
          saved = readSessionText(given);
        } catch (error) {
          if (!(error instanceof CliError) && !(error instanceof CoreError)) throw error;
          expect(error.message).toMatch(/^[^\n]+$/);
          return;
        }
        expect(readSessionText(sessionText(saved))).toEqual(saved);
      }),
    );
  });

  test('skips what a later version may add to it', () => {
    const later = {
      mcpDbgSession: 1,
      savedAt: 'x',
      model: null,
      servers: [],
      turns: [{ role: 'user', text: 'a', more: 1 }],
      more: {},
    };
    expect(readSessionText(JSON.stringify(later))).toEqual({
      savedAt: 'x',
      model: null,
      servers: [],
      turns: [{ role: 'user', text: 'a' }],
    });
  });
});

/** A session with something else in one of its places. */
function hostile(): fc.Arbitrary<unknown> {
  const other = fc.oneof(
    fc.jsonValue(),
    fc.constant([{ name: 'a', argv: ['b'] }]),
    fc.constant([{}]),
    fc.constant([{ argv: [] }]),
  );
  const good = { savedAt: '', model: null, servers: [], turns: [] };
  return fc
    .record({ key: fc.constantFrom(...Object.keys(good), 'seal'), other })
    .map(({ key, other: value }) => ({ mcpDbgSession: 1, ...good, [key]: value }));
}
