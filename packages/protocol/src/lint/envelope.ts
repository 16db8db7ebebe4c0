import { isObject } from '../json-object.ts';
import { META_KEYS, metaOf } from '../meta-keys.ts';
import type { Asked } from './check.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** What a modern request says that its client can do; undefined where it does not say so. */
export function capabilitiesIn(params: unknown): JsonObject | undefined {
  const capabilities = metaOf(params)?.[META_KEYS.clientCapabilities];
  return isObject(capabilities) ? capabilities : undefined;
}

/** The extensions that capabilities have, by their identifiers. */
export function extensionsIn(capabilities: unknown): JsonObject {
  const extensions = isObject(capabilities) ? capabilities['extensions'] : undefined;
  return isObject(extensions) ? extensions : {};
}

/** True for a request that says in `_meta` all that a modern one has to say (spec 2026-07-28, basic/index#meta). */
export function hasEnvelope({ params }: Pick<Asked, 'params'>): boolean {
  return typeof metaOf(params)?.[META_KEYS.protocolVersion] === 'string' && capabilitiesIn(params) !== undefined;
}
