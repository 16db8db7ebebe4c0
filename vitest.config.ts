import { defineConfig } from 'vitest/config';

import { ClosingLine } from './scripts/closing-line.ts';

const conditions = ['@mcp-dbg/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', new ClosingLine()],
    include: [
      'packages/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // Most tests wait for processes, so more of them run than there are cores.
    maxWorkers: 3,
    // Bounds a hang; no test waits on the clock to pass.
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
