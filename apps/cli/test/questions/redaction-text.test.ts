import { expect, test } from 'vitest';

import { redactionText } from '../../src/redaction.ts';

const ONE = { kind: 'bearer', where: 'params.token', count: 1 } as const;

test.each([
  [[], 'redacted: nothing that looks like a secret was found\n'],
  [[ONE], 'redacted: 1 in 1 place\n  1 × bearer in params.token\n'],
  [
    [ONE, { ...ONE, count: 2 }],
    'redacted: 3 in 2 places\n  2 × bearer in params.token\n  1 × bearer in params.token\n',
  ],
])('what was replaced is counted in words that fit', (report, text) => {
  expect(redactionText(report)).toBe(text);
});
