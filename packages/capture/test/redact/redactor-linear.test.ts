import { describe, expect, it } from 'vitest';

import { redactor } from './redacting.ts';

/** Enough that anything quadratic would take hours, and anything recursive would overflow. */
const SIZE = 200_000;

const filled = (piece: string, size = SIZE): string => piece.repeat(Math.ceil(size / piece.length));

describe('Redactor takes time in proportion to the text', () => {
  it.each([
    ['arrays in arrays', `${filled('[')}"token=abc1"${filled(']')}`],
    ['objects in objects under a secret name', `${filled('{"token":')}1${filled('}', SIZE / 9)}`],
    ['one long string of base64', `{"token":1,"data":"${filled('QUJDREVGR0g0Nkpr')}"}`],
    ['quotes', `token${filled('"')}`],
    ['backslashes', `{"token":"${filled('\\')}"}`],
    ['escaped quotes in JSON', JSON.stringify({ token: 1, a: filled('"', SIZE / 2) })],
    ['openings without an end', filled('token="\\\\\\"token=\'')],
    ['strings of JSON that never end', `token${filled('{"a":"\\"{\\"b')}`],
    ['escaped JSON that never ends', `token"${filled('\\"{\\"')}`],
    ['names without values', filled('token:token: the token={')],
    ['options without values', filled('--token ')],
    ['the first half of a JWT', `token${filled('eyJ')}`],
    ['words that begin a JWT', filled('eyJaaaaaa.')],
    ['schemes of URLs', `${filled('a://b')}@`],
    ['escaped slashes', `${filled('\\\\\\\\/')}@`],
    ['logins without a host', `a://${filled('b:')}`],
    ['keys that begin and never end', filled('-----BEGIN PRIVATE KEY-----"')],
    ['spaces behind a name', filled('token=        ')],
    ['spaces before the end of a line', `TOKEN=a${filled(' ')}`],
    ['placeholders', filled('token=«redacted:token:abcd» ')],
    ['beginnings of placeholders', `token${filled('«redacted:')}`],
    ['pairs whose value comes first', `{"value":"abc1",${filled('"name":"token",')}"a":1}`],
    ['escapes before each secret', `{"a":"${filled('\\u00e9token=x ', SIZE / 4)}"}`],
    ['digits', `{"token":1${filled('0')}}`],
  ])('over %s', (_, text) => {
    const line = Buffer.from(text);
    const by = redactor({ fingerprint: () => 'abcd', secrets: [{ name: 'A', value: `${'a'.repeat(16)}"\\b` }] });
    expect(by.redactLine(line).length).toBeGreaterThan(0);
  });

  it('over a chosen secret in front of which half of it stands again and again', () => {
    const by = redactor({ secrets: [{ name: 'A', value: `${'a'.repeat(1000)}b` }] });
    const line = Buffer.from(filled('a'));
    expect(by.redactLine(line)).toBe(line);
  });
});
