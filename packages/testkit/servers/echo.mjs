// The good server: both eras, well-behaved tools. argv: [FILE that the tool `counter` appends to].
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

serve({ name: 'echo', tools: goodTools });
