// Answers the handshake and `tools/list`, then exits with status 1 at once.
// argv: `handshake` makes it die after the answer to `server/discover` or `initialize` already.
import { serve } from './_mcp.mjs';
import { goodTools } from './_tools.mjs';

const last = process.argv[2] === 'handshake' ? ['server/discover', 'initialize'] : ['tools/list'];
serve({
  name: 'dies-after-handshake',
  tools: goodTools,
  intercept: ({ method }) => {
    // One turn later, so that the answer is written first.
    if (last.includes(method)) setImmediate(() => process.stdout.write('', die));
    return false;
  },
});

const die = () => process.stderr.write('fatal: the database is locked\n', () => process.exit(1));
