// Goes on living after the end of stdin; SIGTERM ends it.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

setInterval(() => {}, 60_000);
serve({
  name: 'ignores-eof',
  tools: goodTools,
  onEnd: () => process.stderr.write('ignoring the end of stdin\n'),
});
