import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { harEntry } from '../../src/export/har-entry.ts';
import { frameText, headOf, withinStringLimit } from '../../src/export/frame-text.ts';
import { shortText } from '../../src/export/short-text.ts';
import { HIDDEN, HOSTILE_TEXT } from './hostile.ts';
import { entriesOf, result, rpc, said } from './made-capture.ts';

describe('frameText', () => {
  it('gives text exactly, a byte order mark too, and base64 of what is none', () => {
    expect(frameText(Buffer.from('\uFEFFü\r'))).toEqual({ text: '\uFEFFü\r' });
    expect(frameText(Buffer.from('xx\xff', 'latin1').subarray(1))).toEqual({ base64: 'eP8=' });
  });
});

describe('withinStringLimit', () => {
  it.each([
    { what: 'the engine', make: (): string => 'x'.repeat(2 ** 30) },
    { what: 'Node', make: (): string => Buffer.alloc(2 ** 29).toString('latin1') },
  ])('gives the other text where $what can make no string that long', ({ make }) => {
    expect(withinStringLimit(make, () => 'instead')).toBe('instead');
  });

  it('hides no other failure', () => {
    const fail = (): string => {
      throw new TypeError('something else');
    };
    expect(() => withinStringLimit(fail, () => 'instead')).toThrow('something else');
  });

  it('leaves an entry of HAR whole without the texts of its frames', async () => {
    const [entry] = await entriesOf([said('client', rpc(1, 'a')), said('server', result(1))]);
    if (entry?.kind !== 'exchange') throw new Error('there is no exchange');
    const startedDateTime = new Date(0).toISOString();
    const bare = harEntry(entry, { startedDateTime, host: 'x', findings: [], isBare: true });
    expect(bare).toMatchObject({
      request: { postData: { text: '', comment: 'left out: too long' } },
      response: { content: { comment: 'left out: too long' } },
    });
  });
});

describe('headOf', () => {
  it('reads no more than it needs, and cuts no character', () => {
    expect(headOf(Buffer.from('ab'), 2)).toEqual({ text: 'ab', isCut: false });
    expect(headOf(Buffer.from('abc'), 2)).toEqual({ text: 'ab', isCut: true });
    expect(headOf(Buffer.from('a😀b'), 2)).toEqual({ text: 'a', isCut: true });
    expect(headOf(Buffer.from('€€€€'), 2)).toEqual({ text: '€€', isCut: true });
  });

  it('gives the beginning of what the whole would be', () => {
    fc.assert(
      fc.property(HOSTILE_TEXT, fc.integer({ min: 1, max: 30 }), (text, max) => {
        const bytes = Buffer.from(text);
        const head = headOf(bytes, max);
        expect(bytes.toString().startsWith(head.text)).toBe(true);
        expect(head.text.length).toBeGreaterThanOrEqual(Math.min(bytes.toString().length, max - 1));
        expect(head.isCut).toBe(head.text !== bytes.toString());
      }),
    );
  });
});

describe('shortText', () => {
  it('is one line, no longer than asked, with nothing hidden', () => {
    fc.assert(
      fc.property(HOSTILE_TEXT, fc.integer({ min: 1, max: 80 }), (text, max) => {
        const short = shortText(text, max);
        expect(Array.from(short).length).toBeLessThanOrEqual(max);
        expect(short).not.toMatch(HIDDEN);
        expect(short).not.toContain('\n');
      }),
    );
  });

  it('says with a sign that something is cut', () => {
    expect(shortText('abc', 3)).toBe('abc');
    expect(shortText('abcd', 3)).toBe('ab…');
    expect(shortText('\u0007', 3)).toBe('\\u…');
  });
});
