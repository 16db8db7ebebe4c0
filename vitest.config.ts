import { defineConfig } from 'vitest/config';

import { ClosingLine } from './scripts/closing-line.ts';

const conditions = ['@mcp-dbg/source'];

const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
};
const together = {
  // To load the same modules anew for each file would take a quarter of all the time.
  isolate: false,
  // Bounds a hang; no test waits on the clock to pass. What a test waits for is bounded tighter, as its failure says more.
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    globalSetup: ['test/support/scratch-root.ts'],
    // Most tests wait for processes, so more of them run than there are cores.
    maxWorkers: 3,
    // Bounds the end of a worker, which a busy machine delays.
    teardownTimeout: 60_000,
    projects: [
      {
        ...shared,
        test: {
          name: 'packages',
          include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          ...together,
        },
      },
      {
        ...shared,
        test: {
          name: 'program',
          include: ['apps/*/test/**/*.test.ts'],
          setupFiles: ['apps/cli/test/end-programs.ts'],
          ...together,
        },
      },
    ],
  },
});
