import type { Message } from '@mcp-dbg/wire';

import { LEGACY_VERSIONS, MODERN_VERSIONS, type Version, eraOf } from '../eras.ts';
import { isObject } from '../json-object.ts';
import { META_KEYS, metaOf } from '../meta-keys.ts';

/** The published version that a text stands for: itself, or for an unknown date the newest of its era that is not newer. */
export function publishedVersion(text: unknown): Version | undefined {
  const era = typeof text === 'string' ? eraOf(text) : undefined;
  if (typeof text !== 'string' || era === undefined) return undefined;
  const versions: readonly Version[] = era === 'modern' ? MODERN_VERSIONS : LEGACY_VERSIONS;
  return versions.findLast((version) => version <= text) ?? versions[0];
}

/**
 * Knows under which version each message of a connection stands. A modern request says so itself; anything else
 * stands under what `initialize` agreed on, or else, where there was none, under what the client's requests said last.
 */
export class Versions {
  #agreed: Version | undefined;
  #said: Version | undefined;

  /** The version of whatever does not say its own. */
  get current(): Version | undefined {
    return this.#agreed ?? this.#said;
  }

  /** What a request or a notification stands under. */
  ofMessage(message: Message): Version | undefined {
    const own = message.kind === 'request' || message.kind === 'notification' ? ownVersion(message) : undefined;
    return own ?? this.current;
  }

  /** Takes a request that was answered, with its answer. */
  answered(method: string, asked: Version | undefined, answer: Message): void {
    if (method === 'initialize') {
      const chosen = answer.kind === 'result' && isObject(answer.result) ? answer.result['protocolVersion'] : undefined;
      this.#agreed = publishedVersion(chosen) ?? this.#agreed;
      return;
    }
    // A legacy server refuses the probe: that its client asked in the modern way says nothing of what follows.
    const isModern = answer.kind === 'result' || isModernError(answer);
    if (asked !== undefined && isModern && eraOf(asked) === 'modern') this.#said = asked;
  }
}

/** The version that a message names itself. */
function ownVersion(message: Extract<Message, { kind: 'request' | 'notification' }>): Version | undefined {
  const meta = publishedVersion(metaOf(message.params)?.[META_KEYS.protocolVersion]);
  if (meta !== undefined || message.method !== 'initialize' || !isObject(message.params)) return meta;
  return publishedVersion(message.params['protocolVersion']);
}

/** True for the errors that only a modern server sends (-32020 to -32022, spec 2026-07-28, basic/index#error-codes). */
export function isModernError(message: Message): boolean {
  const code = message.kind === 'error' && isObject(message.error) ? message.error['code'] : undefined;
  return typeof code === 'number' && code <= -32020 && code >= -32022;
}
