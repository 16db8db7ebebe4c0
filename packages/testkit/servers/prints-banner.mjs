// Writes noise on stdout: a banner before its first message and a log line before every one.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

process.stdout.write('Starting server v1.2.3\nLoading models...\n');
serve({
  name: 'prints-banner',
  tools: goodTools,
  encode: (message) => `[info] answering\n${JSON.stringify(message)}\n`,
});
