// Exits with status 1 when its first message is `server/discover`; otherwise a good legacy server.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

let first = true;
serve({
  name: 'exits-on-probe',
  era: 'legacy',
  tools: goodTools,
  intercept: ({ method }) => {
    if (first && method === 'server/discover') {
      process.stderr.write('error: expected initialize request, got server/discover\n', () => process.exit(1));
      return true;
    }
    first = false;
    return false;
  },
});
