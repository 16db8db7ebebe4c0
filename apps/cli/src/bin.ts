#!/usr/bin/env node
import { releaseSignals } from './early-signals.ts';

import type { OwnEnd } from '@mcp-dbg/proxy';

end(await run(process.argv.slice(2)));

async function run(argv: readonly string[]): Promise<OwnEnd> {
  // The proxy stands in for a server, so it loads as little as it can before it starts the real one.
  if (argv[0] === 'proxy') return await (await import('./commands/proxy.ts')).proxy(argv.slice(1));
  return { kind: 'exit', code: await (await import('./program.ts')).program(argv) };
}

function end(own: OwnEnd): void {
  if (own.kind === 'raise') {
    releaseSignals();
    process.kill(process.pid, own.signal);
    // Reached only where the signal leaves us alive.
    setTimeout(() => process.exit(own.code), 1000);
    return;
  }
  process.exit(own.code);
}
