// Answers every request whose id is a number with that id as a string.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({
  name: 'string-ids',
  tools: goodTools,
  encode: (message) => `${JSON.stringify('id' in message ? { ...message, id: `${message.id}` } : message)}\n`,
});
