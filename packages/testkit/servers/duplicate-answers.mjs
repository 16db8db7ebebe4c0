// Sends every message twice.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({
  name: 'duplicate-answers',
  tools: goodTools,
  encode: (message) => `${JSON.stringify(message)}\n`.repeat(2),
});
