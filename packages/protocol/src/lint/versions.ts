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
 * stands under what `initialize` agreed on, or else, where there was none, under what the server answered to last.
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

  /**
   * What an answer stands under. A legacy server may refuse a modern request, or take it for one of its own: it is
   * judged as modern only once something that it sent showed that it is.
   */
  ofAnswer(method: string, asked: Version | undefined, answer: Message): Version | undefined {
    if (!isModern(asked) || this.#said !== undefined || showsModern(method, answer)) return asked;
    return this.#agreed;
  }

  /** Takes a request that was answered, with its answer. */
  answered(method: string, asked: Version | undefined, answer: Message): void {
    if (method === 'initialize') {
      const chosen = answer.kind === 'result' && isObject(answer.result) ? answer.result['protocolVersion'] : undefined;
      this.#agreed = publishedVersion(chosen) ?? this.#agreed;
    } else if (isModern(asked) && showsModern(method, answer)) this.#said = asked;
  }
}

/** True for a version of the modern era. */
export function isModern(version: Version | undefined): version is Version {
  return version !== undefined && eraOf(version) === 'modern';
}

/** The version that a message names itself. Only modern servers have subscriptions with ids. */
function ownVersion({ method, params }: Extract<Message, { kind: 'request' | 'notification' }>): Version | undefined {
  const meta = metaOf(params);
  if (meta?.[META_KEYS.subscriptionId] !== undefined) return MODERN_VERSIONS.at(-1);
  const own = publishedVersion(meta?.[META_KEYS.protocolVersion]);
  if (own !== undefined || method !== 'initialize' || !isObject(params)) return own;
  return publishedVersion(params['protocolVersion']);
}

/** True for an answer that no legacy server gives. */
function showsModern(method: string, answer: Message): boolean {
  if (answer.kind === 'error') return isModernError(answer);
  if (answer.kind !== 'result' || !isObject(answer.result)) return false;
  const { resultType, supportedVersions } = answer.result;
  return typeof resultType === 'string' || (method === 'server/discover' && Array.isArray(supportedVersions));
}

/** True for the errors that only a modern server sends (-32020 to -32022, spec 2026-07-28, basic/index#error-codes). */
function isModernError(message: Message): boolean {
  const code = message.kind === 'error' && isObject(message.error) ? message.error['code'] : undefined;
  return typeof code === 'number' && code <= -32020 && code >= -32022;
}
