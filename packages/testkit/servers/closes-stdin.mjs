// Closes its stdin and goes on living, until SIGTERM or for 30 s: in a call of `close_stdin` (which is answered), or
// before anything is read with argv `at-once`.
import { closeSync } from 'node:fs';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

function closeStdin() {
  setTimeout(() => process.exit(0), 30_000);
  process.stdin.destroy();
  // destroy() alone leaves the descriptor open: Node keeps 0, 1 and 2.
  closeSync(0);
  return 'closed stdin';
}

const CLOSE = {
  name: 'close_stdin',
  description: 'Closes stdin.',
  inputSchema: { type: 'object' },
  run: closeStdin,
};

if (process.argv[2] === 'at-once') closeStdin();
else serve({ name: 'closes-stdin', tools: [...goodTools, CLOSE] });
