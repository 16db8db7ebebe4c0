#!/usr/bin/env node
import { forwardSignals, releaseSignals } from './early-signals.ts';

import type { Writable } from 'node:stream';

import type { OwnEnd } from '@mcp-dbg/proxy';

import { printPreparedHelp } from './prepared-help.ts';

/** Milliseconds after which a signal to ourselves has failed to end us: we are the first process of a container. */
const RAISED_MS = 100;

end(await run(process.argv.slice(2)));

async function run(argv: readonly string[]): Promise<OwnEnd> {
  // The proxy stands in for a server, so it loads as little as it can before it starts the real one.
  if (argv[0] === 'proxy') {
    const { proxy, proxyFailure } = await import('./commands/proxy.ts');
    process.on('uncaughtException', (error) => end(proxyFailure(error)));
    return await proxy(argv.slice(1), forwardSignals);
  }
  if (printPreparedHelp(argv)) return { kind: 'exit', code: 0 };
  let failure: NodeJS.ErrnoException | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    // A reader that goes away early, such as head(1), is no failure of ours.
    stream.on('error', (error: NodeJS.ErrnoException) => (failure ??= error.code === 'EPIPE' ? undefined : error));
  }
  const { program, reportBug } = await import('./program.ts');
  process.on('uncaughtException', (error) => end({ kind: 'exit', code: reportBug(error) }));
  const code = await program(argv);
  await Promise.all([delivered(process.stdout), delivered(process.stderr)]);
  if (failure === undefined) return { kind: 'exit', code };
  process.stderr.write(`mcp-dbg: Cannot write the output: ${failure.message}\n`);
  return { kind: 'exit', code: code === 0 ? 1 : code };
}

/** Resolves when everything written has left this process: what is still here when it ends is lost. */
async function delivered(stream: Writable): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

function end(own: OwnEnd): void {
  if (own.kind === 'raise') {
    releaseSignals();
    process.kill(process.pid, own.signal);
    setTimeout(() => process.exit(own.code), RAISED_MS);
    return;
  }
  process.exit(own.code);
}
