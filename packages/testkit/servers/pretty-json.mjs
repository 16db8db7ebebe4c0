// Writes every message over several lines.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({
  name: 'pretty-json',
  tools: goodTools,
  encode: (message) => `${JSON.stringify(message, undefined, 2)}\n`,
});
