import { maskArgv } from '@mcp-dbg/capture/redact';
import { describe, expect, it } from 'vitest';

import { countedSteps } from './counted-steps.ts';
import { redactor } from './redacting.ts';

const SIZE = 8_000;

/** Four times the text takes four times the steps; what is quadratic takes sixteen times as many. */
const MOST_FOR_FOUR_TIMES = 6;

const filled = (piece: string, size: number): string => piece.repeat(Math.ceil(size / piece.length));

const growth = (work: (size: number) => void): number =>
  countedSteps(() => work(4 * SIZE)) / countedSteps(() => work(SIZE));

const texts: readonly (readonly [string, (size: number) => string])[] = [
  ['arrays in arrays', (size) => `${filled('[', size)}"token=abc1"${filled(']', size)}`],
  ['objects in objects under a secret name', (size) => `${filled('{"token":', size)}1${filled('}', size / 9)}`],
  ['one long string of base64', (size) => `{"token":1,"data":"${filled('QUJDREVGR0g0Nkpr', size)}"}`],
  ['quotes', (size) => `token${filled('"', size)}`],
  ['backslashes', (size) => `{"token":"${filled('\\', size)}"}`],
  ['escaped quotes in JSON', (size) => JSON.stringify({ token: 1, a: filled('"', size) })],
  ['openings without an end', (size) => filled('token="\\\\\\"token=\'', size)],
  ['strings of JSON that never end', (size) => `token${filled('{"a":"\\"{\\"b', size)}`],
  ['escaped JSON that never ends', (size) => `token"${filled('\\"{\\"', size)}`],
  ['short JSON, again and again', (size) => `${filled('{"a":"b"} ', size)}token=abc1`],
  ['names without values', (size) => filled('token:token: the token={', size)],
  ['names that never end', (size) => filled('signature=token%3Apass:jwt=', size)],
  ['options without values', (size) => filled('--token ', size)],
  ['the first half of a JWT', (size) => `token${filled('eyJ', size)}`],
  ['words that begin a JWT', (size) => filled('eyJaaaaaa.', size)],
  ['schemes of URLs', (size) => `${filled('a://b', size)}@`],
  ['escaped slashes', (size) => `${filled('\\\\\\\\/', size)}@`],
  ['logins without a host', (size) => `a://${filled('b:', size)}`],
  ['keys that begin and never end', (size) => filled('-----BEGIN PRIVATE KEY-----"', size)],
  ['spaces behind a name', (size) => filled('token=        ', size)],
  ['spaces before the end of a line', (size) => `TOKEN=a${filled(' ', size)}`],
  ['spaces in rows', (size) => filled('[["token" ,  "a"    ,', size)],
  ['placeholders', (size) => filled('token=«redacted:token:abcd» ', size)],
  ['beginnings of placeholders', (size) => `token${filled('«redacted:', size)}`],
  ['pairs whose value comes first', (size) => `{"value":"abc1",${filled('"name":"token",', size)}"a":1}`],
  ['escapes before each secret', (size) => `{"a":"${filled('\\u00e9token=x ', size)}"}`],
  ['digits', (size) => `{"token":1${filled('0', size)}}`],
];

describe('Redactor takes steps in proportion to the text', () => {
  it.each(texts)('over %s', (_, textOf) => {
    const secrets = [{ name: 'A', value: `${'a'.repeat(16)}"\\b` }];
    const ratio = growth((size) => {
      redactor({ fingerprint: () => 'abcd', secrets }).redactLine(Buffer.from(textOf(size)));
    });
    expect(ratio).toBeLessThan(MOST_FOR_FOUR_TIMES);
  });

  it.each(texts)('in a command line over %s', (_, textOf) => {
    const ratio = growth((size) => maskArgv([textOf(size), `--key=${textOf(size)}`, `https://h/?key=${textOf(size)}`]));
    expect(ratio).toBeLessThan(MOST_FOR_FOUR_TIMES);
  });

  it('over a chosen secret in front of which half of it stands again and again', () => {
    const secrets = [{ name: 'A', value: `${'a'.repeat(200)}b` }];
    const ratio = growth((size) => {
      const line = Buffer.from(filled('a', size));
      expect(redactor({ secrets }).redactLine(line)).toBe(line);
    });
    expect(ratio).toBeLessThan(MOST_FOR_FOUR_TIMES);
  });
});

describe('the count of steps', () => {
  it('shows what is quadratic', () => {
    const ratio = growth((size) => {
      const text = filled('a', size / 20);
      for (let at = 0; at < text.length; at++) /b/.exec(text.slice(at));
    });
    expect(ratio).toBeGreaterThan(12);
  });
});
