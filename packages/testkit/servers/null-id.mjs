// Answers every request with the id null.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({
  name: 'null-id',
  tools: goodTools,
  encode: (message) => `${JSON.stringify('id' in message ? { ...message, id: null } : message)}\n`,
});
