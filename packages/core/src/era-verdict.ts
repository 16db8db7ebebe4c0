import { MODERN_VERSIONS } from '@mcp-dbg/protocol';
import type { Message } from '@mcp-dbg/wire';

import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';

/** JSON-RPC error code of a modern server that does not speak the version asked for. */
const UNSUPPORTED_VERSION = -32022;

/** How a probe with `server/discover` turned out. */
export type ProbeOutcome =
  | { readonly kind: 'answer'; readonly message: Message }
  | { readonly kind: 'silence' }
  /** Refused over HTTP, without an answer of the protocol. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'exit' };

/** A verdict that there is, or could have been, a modern server. */
export type ModernVerdict =
  /** Without `discover` the server must be asked again. */
  | { readonly era: 'modern'; readonly discover?: JsonObject }
  /** The server speaks no version that we do. */
  | { readonly era: 'none'; readonly supported: readonly string[] };

/** What follows from a probe. `why` is said to the user where it is not the plain case of an error answer. */
export type Verdict = ModernVerdict | { readonly era: 'legacy'; readonly why?: string; readonly ended: boolean };

/**
 * Judges a server by its answer to `server/discover` (2026-07-28/basic/transports, backward compatibility): a
 * discover result or -32022 means modern; any other error or refusal, silence or exit means legacy.
 */
export function judgeProbe(outcome: ProbeOutcome, probeMs: number): Verdict {
  switch (outcome.kind) {
    case 'silence':
      return {
        era: 'legacy',
        ended: false,
        why: `No answer to server/discover within ${probeMs / 1000} s, so trying the legacy handshake`,
      };
    case 'exit':
      return {
        era: 'legacy',
        ended: true,
        why: 'The server ended on server/discover, so starting it once more with the legacy handshake',
      };
    case 'refused':
      return { era: 'legacy', ended: false };
    case 'answer':
      return judgeAnswer(outcome.message);
  }
}

/** What a message says about the era, be it late; undefined when it says nothing for the modern one. */
export function modernByAnswer(message: Message): ModernVerdict | undefined {
  const verdict = judgeAnswer(message);
  return verdict.era === 'legacy' ? undefined : verdict;
}

function judgeAnswer(message: Message): Verdict {
  if (message.kind === 'result' && isObject(message.result) && Array.isArray(message.result['supportedVersions'])) {
    const supported = strings(message.result['supportedVersions']);
    if (supported.some(isModern)) return { era: 'modern', discover: message.result };
    return { era: 'none', supported };
  }
  if (message.kind === 'error' && isObject(message.error) && message.error['code'] === UNSUPPORTED_VERSION) {
    const detail = message.error['data'];
    const supported = isObject(detail) ? strings(detail['supported']) : [];
    return supported.some(isModern) ? { era: 'modern' } : { era: 'none', supported };
  }
  return { era: 'legacy', ended: false };
}

function isModern(version: string): boolean {
  return MODERN_VERSIONS.some((each) => each === version);
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
