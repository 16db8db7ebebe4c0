// Dies in the middle of a call, in two ways, beside the tools that work.
// argv: [FILE that the tool `counter` appends to].
import { appendFileSync } from 'node:fs';
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const inputSchema = { type: 'object' };

serve({
  name: 'crashes-on-call',
  tools: [
    ...goodTools,
    {
      name: 'crash',
      description: 'Exits with status 3 after a stack trace on stderr.',
      inputSchema,
      run: () => {
        process.stderr.write(
          'Traceback (most recent call last):\n  File "forecast.py", line 12, in parse\nKeyError: \'temperature\'\n',
          () => process.exit(3),
        );
        return new Promise(() => {});
      },
    },
    {
      name: 'sigkill',
      description: 'Kills its own process with SIGKILL.',
      inputSchema,
      run: () => {
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => {});
      },
    },
    {
      name: 'crash_read_only',
      description: 'As crash, but promises to change nothing: a client may call it again.',
      inputSchema,
      annotations: { readOnlyHint: true },
      run: (_args, { id }) => {
        if (process.argv[2] !== undefined) appendFileSync(process.argv[2], `"crash_read_only ${id}" ${process.pid}\n`);
        process.exit(3);
      },
    },
  ],
});
