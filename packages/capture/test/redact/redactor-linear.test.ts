import { describe, expect, it } from 'vitest';

import { redactor } from './redacting.ts';

/** Enough that anything quadratic would take longer than a test may, even at the speed of a search for one byte. */
const SIZE = 1_000_000;
/** The same, where each step does more. */
const FEW = 100_000;

const filled = (piece: string, size = SIZE): string => piece.repeat(Math.ceil(size / piece.length));

describe('Redactor takes time in proportion to the text', () => {
  it.each([
    ['arrays in arrays', `${filled('[', FEW)}"token=abc1"${filled(']', FEW)}`],
    ['objects in objects under a secret name', `${filled('{"token":', FEW)}1${filled('}', FEW)}`],
    ['one long string of base64', `{"token":1,"data":"${filled('QUJDREVGR0g0Nkpr')}"}`],
    ['quotes', `token${filled('"')}`],
    ['backslashes', `{"token":"${filled('\\')}"}`],
    ['escaped quotes in JSON', JSON.stringify({ token: 1, a: filled('"', SIZE / 2) })],
    ['openings without an end', filled('token="\\\\\\"token=\'', FEW)],
    ['strings of JSON that never end', `token${filled('{"a":"\\"{\\"b')}`],
    ['escaped JSON that never ends', `token"${filled('\\"{\\"')}`],
    ['names without values', filled('token:token: the token={', FEW)],
    ['options without values', filled('--token ', FEW)],
    ['the first half of a JWT', `token${filled('eyJ')}`],
    ['words that begin a JWT', filled('eyJaaaaaa.', FEW)],
    ['schemes of URLs', `${filled('a://b', FEW)}@`],
    ['escaped slashes', `${filled('\\\\\\\\/')}@`],
    ['logins without a host', `a://${filled('b:')}`],
    ['keys that begin and never end', filled('-----BEGIN PRIVATE KEY-----"', FEW)],
    ['spaces behind a name', filled('token=        ', FEW)],
    ['spaces before the end of a line', `TOKEN=a${filled(' ')}`],
    ['placeholders', filled('token=«redacted:token:abcd» ', FEW)],
    ['beginnings of placeholders', `token${filled('«redacted:')}`],
    ['pairs whose value comes first', `{"value":"abc1",${filled('"name":"token",', FEW)}"a":1}`],
    ['escapes before each secret', `{"a":"${filled('\\u00e9token=x ', FEW)}"}`],
    ['digits', `{"token":1${filled('0')}}`],
  ])('over %s', (_, text) => {
    const line = Buffer.from(text);
    const by = redactor({ fingerprint: () => 'abcd', secrets: [{ name: 'A', value: `${'a'.repeat(16)}"\\b` }] });
    expect(by.redactLine(line).length).toBeGreaterThan(0);
  });

  it('over a chosen secret in front of which half of it stands again and again', () => {
    const by = redactor({ secrets: [{ name: 'A', value: `${'a'.repeat(200)}b` }] });
    const line = Buffer.from(filled('a'));
    expect(by.redactLine(line)).toBe(line);
  });
});
