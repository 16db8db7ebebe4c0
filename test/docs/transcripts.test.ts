import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

test('every transcript in the docs is what the program prints now', () => {
  const script = fileURLToPath(new URL('../../scripts/transcripts.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).not.toThrow();
});
