// Knows only `initialize`: answers `server/discover` with -32601, as servers up to 2025-11-25 do.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({ name: 'legacy-only', era: 'legacy', tools: goodTools });
