import { MODERN_VERSIONS } from '@mcp-dbg/protocol';

import { CoreError } from './errors.ts';
import type { ProbeOutcome } from './era-verdict.ts';
import type { Link } from './link.ts';
import type { JsonObject } from './model.ts';

export const PROBE = 'server/discover';

/** With what a legacy server refuses over HTTP what it does not know (basic/transports, backward compatibility). */
const LEGACY_REFUSALS: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 422, 501]);

/** Who we say we are to servers. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

export interface ProbeOptions {
  /** The request's id, since a link may be probed twice. */
  readonly id: string;
  readonly clientInfo: ClientInfo;
  readonly capabilities: JsonObject;
  /** Milliseconds without an answer that count as one. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks `server/discover` in place, on the wire that the session will use, and waits for an answer, silence, or the
 * server's end. Throws the signal's reason when aborted.
 */
export async function probe(
  link: Link,
  { id, clientInfo, capabilities, silenceMs, signal }: ProbeOptions,
): Promise<ProbeOutcome> {
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
      const request = { jsonrpc: '2.0', id, method: PROBE, params: { _meta: envelope(clientInfo, capabilities) } };
      link.send(request, { signal: over.signal, onLost: reject }).taken.catch(reject);
    });
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    if (error.status !== undefined && LEGACY_REFUSALS.has(error.status)) return { kind: 'refused' };
    if (error.code !== 'CONNECTION_LOST' || link.pid === null) throw error;
    // A server that was gone before it could be asked has answered by that.
    await link.ended;
    return { kind: 'exit' };
  } finally {
    over.abort();
  }
}

/** The `_meta` of every 2026-07-28 request (basic/index, `_meta`). */
export function envelope(clientInfo: ClientInfo, capabilities: JsonObject): object {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSIONS[0],
    'io.modelcontextprotocol/clientInfo': clientInfo,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}
