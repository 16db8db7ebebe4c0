import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { type Observer, type OwnEnd, ProxyError, START_FAILURE_CODES, ownEnd, runProxy } from '@mcp-dbg/proxy';

import { forwardSignals } from '../early-signals.ts';
import { splitArgv } from '../split-argv.ts';

/** Our own failure, bad usage included: what env(1) and timeout(1) exit with. */
const OWN_FAILURE = 125;

/** Stands in the middle of a client and a server and records. Says nothing unless the server cannot be started. */
export async function proxy(argv: readonly string[]): Promise<OwnEnd> {
  const { own, command } = splitArgv(argv);
  const options = parse(own);
  if (typeof options === 'string') return fail(options);
  if (command === undefined) return fail('proxy needs a command after --, as in: mcp-dbg proxy -- python3 server.py');
  const observers: Observer[] = [];
  try {
    return ownEnd(await runProxy({ command: { argv: command }, observers, onSignal: forwardSignals, ...options }));
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    return fail(error.message, START_FAILURE_CODES[error.code]);
  }
}

function parse(own: readonly string[]): { readonly killAfterMs?: number } | string {
  try {
    const { values } = parseArgs({ args: [...own], options: { 'kill-after': { type: 'string' } } });
    const killAfter = values['kill-after'];
    if (killAfter === undefined) return {};
    return /^\d+$/.test(killAfter) ? { killAfterMs: Number(killAfter) } : '--kill-after needs milliseconds';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fail(message: string, code = OWN_FAILURE): OwnEnd {
  writeSync(2, `mcp-dbg: ${message}\n`);
  return { kind: 'exit', code };
}
