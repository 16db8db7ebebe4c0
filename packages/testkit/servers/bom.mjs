// Puts a byte order mark before its first message.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

let mark = '\uFEFF';
serve({
  name: 'bom',
  tools: goodTools,
  encode: (message) => {
    const line = `${mark}${JSON.stringify(message)}\n`;
    mark = '';
    return line;
  },
});
