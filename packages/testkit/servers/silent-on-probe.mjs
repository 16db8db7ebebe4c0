// Never answers `server/discover`; otherwise a good legacy server.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({
  name: 'silent-on-probe',
  era: 'legacy',
  tools: goodTools,
  intercept: ({ method }) => method === 'server/discover',
});
