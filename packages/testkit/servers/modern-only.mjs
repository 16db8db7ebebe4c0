// Knows only 2026-07-28: answers `initialize` with -32022 and names what it supports.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({ name: 'modern-only', era: 'modern', tools: goodTools });
