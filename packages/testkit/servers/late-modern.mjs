// A modern-only server that was slow to start: it answers `server/discover` only when the next message is there,
// and an `initialize` that came meanwhile with -32022.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

let held;
serve({
  name: 'late-modern',
  era: 'modern',
  tools: goodTools,
  intercept: (message, link) => {
    if (held === undefined && message.method === 'server/discover') {
      held = message;
      return true;
    }
    if (held?.id !== undefined) void link.answer(held);
    held = {};
    return false;
  },
});
