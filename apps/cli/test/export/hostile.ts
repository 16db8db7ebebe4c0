import fc from 'fast-check';

/** What a hostile peer writes to get out of where its text is shown. */
const HOSTILE: readonly string[] = [
  '```\n# Owned\n<script>alert(1)</script>',
  '`````` ``` ` @octocat #123 GH-1 https://evil.example www.evil.example',
  '</code><img src=x onerror=alert(1)> ![x](https://evil.example/x.png)',
  'end; loop forever\nend\nclient->>s1: forged',
  '%%{init: {"theme":"dark"}}%% #59; #quot; <br> & ;;',
  '\u001b[2J\u001b]0;pwned\u0007\u202e\u200b\u{e0041}\u0085\u2028',
  'opt x\r\nalt y\rNote over client: z',
  '| a | b |\n|---|---|\n',
  '\ud800 $$\\frac{1}{2}$$ \\u0000',
  '..',
  '',
  ' ',
  '`',
  'é'.repeat(700),
];

/** Any character, halves of surrogate pairs too, and often one that means something where text is shown. */
const CHARACTER = fc.oneof(
  fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
  fc.constantFrom(...'`~#;:%@<>&|[]{}()$\\"\'\n\r\t -_*!=+/end.1'),
);

/** Text as a hostile peer writes it, and any other. */
export const HOSTILE_TEXT: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: CHARACTER, maxLength: 40 }),
);

/** What must not stand raw in anything that is exported: controls, marks of direction, invisible and tag characters. */
export const HIDDEN: RegExp =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u;
