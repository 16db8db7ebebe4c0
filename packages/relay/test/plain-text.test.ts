import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { faultedAnswer, lateSentence, lostAnswer } from '../src/continuity/lost-answer.ts';
import { plainText } from '../src/plain-text.ts';

const HIDDEN = /\p{C}/u;
const HOSTILE = '\u001b[31mred\u001b[0m bell\u0007 \u202eback\u200b \u{e0041} tab\there\nnext \ue000';
const END = { pid: 1, exit: { code: 1, signal: null }, uptimeMs: 1, stderr: HOSTILE, torn: undefined };
const PLAIN = 'red bell\\u{7} \\u{202e}back\\u{200b} \\u{e0041} tab\\there\\nnext \\u{e000}';

const codePoint = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff }));

describe('what a peer wrote', () => {
  it('is told on one line, without escapes, its hidden characters spelt out', () => {
    expect(plainText(HOSTILE, 200)).toBe(PLAIN);
  });

  it('is never hidden, nor longer than is said, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(codePoint).map((points) => String.fromCodePoint(...points)),
        fc.nat({ max: 50 }),
        (text, length) => {
          const plain = plainText(text, length);
          expect(plain).not.toMatch(HIDDEN);
          expect(plain.length).toBeLessThanOrEqual(length + 1);
        },
      ),
    );
  });

  it('is told like that in the answers that a dead server does not give', () => {
    const asked = { id: '1', method: 'ping' };
    for (const answer of [lostAnswer(asked, END, { kind: 'crash' }, true), faultedAnswer(asked, END)]) {
      const [message] = answer.messages;
      expect(message?.kind === 'error' && message.error).toMatchObject({ data: { stderr: PLAIN } });
    }
    expect(lateSentence(1000, END)).toContain(PLAIN);
    const long = { ...END, stderr: 'x'.repeat(100_000) };
    expect(lateSentence(1000, long).length).toBeLessThan(1000);
    expect(faultedAnswer(asked, long).bytes.length).toBeLessThan(10_000);
  });
});
