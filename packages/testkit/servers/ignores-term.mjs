// Ignores the end of stdin, SIGTERM, SIGINT and SIGHUP; only SIGKILL ends it.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
  process.on(signal, () => process.stderr.write(`ignoring ${signal}\n`));
setInterval(() => {}, 60_000);
serve({
  name: 'ignores-term',
  tools: goodTools,
  onEnd: () => process.stderr.write('ignoring the end of stdin\n'),
});
