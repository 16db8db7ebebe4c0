import { writeSync } from 'node:fs';

import { type OwnEnd, ProxyError, type ProxyOptions, START_FAILURE_CODES, ownEnd, runProxy } from '@mcp-dbg/proxy';

import { failure } from '../proxy-failure.ts';
import { defaultCaptureFolder, recordServer } from '../record-server.ts';
import { proxyHelp } from './proxy-option-table.ts';
import { readProxyArgv } from './proxy-options.ts';

/** Stands in the middle of a client and a server and records. Says nothing unless the server cannot be started, or `--announce` asks for it. */
export async function proxy(argv: readonly string[], onSignal: ProxyOptions['onSignal']): Promise<OwnEnd> {
  const request = readProxyArgv(argv);
  if (request.kind === 'misuse') return failure(request.message);
  if (request.kind === 'help') {
    writeSync(1, proxyHelp(defaultCaptureFolder()));
    return { kind: 'exit', code: 0 };
  }
  // Loaded only where more is asked for than to watch.
  if (request.relay !== undefined) {
    const { relayedProxy } = await import('../relay/relayed-proxy.ts');
    return await relayedProxy({ ...request, relay: request.relay }, onSignal).catch(proxyFailure);
  }
  const { command, killAfterMs } = request;
  const recording = recordServer({ ...request, onFailure: (why) => announcer?.say(why) });
  const recorders = recording.observe();
  // Loaded only where it is asked for: a host waits for the server to start.
  const announcer = request.announce ? new (await import('../announcer.ts')).Announcer() : undefined;
  try {
    const exit = await runProxy({
      command: { argv: command },
      observers: announcer === undefined ? recorders : [...recorders, announcer],
      onSignal,
      ...(killAfterMs !== undefined && { killAfterMs }),
      ...(announcer !== undefined && { onStderr: announcer.onStderr }),
    });
    return ownEnd(exit);
  } catch (error) {
    if (error instanceof ProxyError) return failure(error.message, START_FAILURE_CODES[error.code]);
    return proxyFailure(error);
  } finally {
    await announcer?.close();
    await recording.close();
  }
}

/** Says that we failed, not the server. */
export function proxyFailure(error: unknown): OwnEnd {
  return failure(`the proxy failed: ${error instanceof Error ? error.message : String(error)}`);
}
