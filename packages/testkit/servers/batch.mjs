// Wraps every message in a batch of one, which only 2025-03-26 allows.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({ name: 'batch', tools: goodTools, encode: (message) => `${JSON.stringify([message])}\n` });
