import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { LINE_SCAN_SOURCE_SHA256 } from '../src/node/line-scan-code.ts';

it('the code of the line scan was made of the source that stands here; scripts/line-scan.ts makes it anew', () => {
  const source = readFileSync(new URL('../assembly/line-scan.ts', import.meta.url));
  expect(createHash('sha256').update(source).digest('hex')).toBe(LINE_SCAN_SOURCE_SHA256);
});
