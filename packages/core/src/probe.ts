import { MODERN_VERSIONS } from '@mcp-dbg/protocol';

import { CoreError } from './errors.ts';
import type { ProbeOutcome } from './era-verdict.ts';
import type { Link } from './link.ts';

export const PROBE = 'server/discover';

/** Who we say we are to servers. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

export interface ProbeOptions {
  /** The request's id, since a link may be probed twice. */
  readonly id: string;
  readonly clientInfo: ClientInfo;
  /** Milliseconds without an answer that count as one. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks `server/discover` in place, on the wire that the session will use, and waits for an answer, silence, or the
 * server's end. Throws the signal's reason when aborted.
 */
export async function probe(link: Link, { id, clientInfo, silenceMs, signal }: ProbeOptions): Promise<ProbeOutcome> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    return await new Promise<ProbeOutcome>((resolve, reject) => {
      const release = link.onMessage((message, answered) => {
        if (answered?.method === PROBE) resolve({ kind: 'answer', message });
      });
      void link.ended.then(() => resolve({ kind: 'exit' }));
      const silence = setTimeout(() => resolve({ kind: 'silence' }), silenceMs);
      over.signal.addEventListener('abort', () => {
        clearTimeout(silence);
        release();
      });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
      link.send({ jsonrpc: '2.0', id, method: PROBE, params: { _meta: envelope(clientInfo) } });
    });
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'CONNECTION_LOST') throw error;
    // A server that was gone before it could be asked has answered by that.
    await link.ended;
    return { kind: 'exit' };
  } finally {
    over.abort();
  }
}

/** The `_meta` of every 2026-07-28 request (basic/index, `_meta`). */
function envelope(clientInfo: ClientInfo): object {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSIONS[0],
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
}
