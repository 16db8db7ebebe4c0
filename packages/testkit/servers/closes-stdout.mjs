// Closes its stdout and goes on living until stdin ends: in a call of `close_stdout`, or before anything is read with
// argv `at-once`.
import { closeSync } from 'node:fs';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const CLOSE = {
  name: 'close_stdout',
  description: 'Closes stdout; there will be no answer.',
  inputSchema: { type: 'object' },
  run: () => {
    closeSync(1);
    return new Promise(() => {});
  },
};

if (process.argv[2] === 'at-once') closeSync(1);
serve({ name: 'closes-stdout', tools: [...goodTools, CLOSE], onEnd: () => process.exit(0) });
