// Text that must not reach a terminal as it is, for the fixture servers of this folder. Each payload also says PWNED.
const ESC = '\u001B';
export const payloads = {
  clear: `${ESC}[2J${ESC}[H`,
  color: `${ESC}[31mPWNED${ESC}[0m`,
  title: `${ESC}]0;PWNED\u0007`,
  link: `${ESC}]8;;https://example.com\u0007PWNED${ESC}]8;;\u0007`,
  clipboard: `${ESC}]52;c;UFdORUQ=\u0007`,
  c1: '\u009B31mPWNED',
  bidi: '\u202EDENWP\u202C \u2066PWNED\u2069',
  tags: [...'PWNED'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join(''),
  zeroWidth: 'P\u200BW\u200CN\u200DE\u2060D',
  overwrite: 'harmless\rPWNED\b\b\b',
  separators: 'PWNED\u2028PWNED\u2029PWNED',
  nul: 'PWNED\u0000\u007F',
};
/** All of them on one line. */
export const all = Object.values(payloads).join(' ');
