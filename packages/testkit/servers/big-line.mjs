// Answers with a line of many megabytes. argv: [MEGABYTES] of the tool `big` when it is called without a size; 11.
import { serve } from './_mcp.mjs';

const MEGABYTE = 1024 * 1024;
const usual = Number(process.argv[2] ?? 11);

serve({
  name: 'big-line',
  tools: [
    {
      name: 'big',
      description: 'Answers with a text of that many megabytes.',
      inputSchema: { type: 'object', properties: { megabytes: { type: 'number' } } },
      annotations: { readOnlyHint: true },
      run: ({ megabytes = usual }) => 'x'.repeat(megabytes * MEGABYTE),
    },
  ],
});
