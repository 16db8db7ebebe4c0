import { MODERN_VERSIONS } from '@mcp-dbg/protocol';

import { isObject } from './json.ts';
import type { JsonObject } from './model.ts';

/** Who a server says it is and what it can do, with nothing refused for being incomplete. */
export interface ServerIdentity {
  readonly protocolVersion: string;
  /** Empty where the server does not say. */
  readonly serverInfo: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions?: string;
  /** Required members that are missing or malformed: SDK clients refuse such a server. */
  readonly lacks: readonly string[];
}

/** Reads a result of `initialize`; undefined when it names no protocol version. */
export function legacyIdentity(result: unknown): ServerIdentity | undefined {
  if (!isObject(result) || typeof result['protocolVersion'] !== 'string') return undefined;
  return identity(result, result['protocolVersion'], result['serverInfo'], ['capabilities', 'serverInfo']);
}

/** Reads a result of `server/discover` that names a version that we speak. */
export function modernIdentity(discover: JsonObject): ServerIdentity {
  const supported: unknown = discover['supportedVersions'];
  const version = MODERN_VERSIONS.find((each) => Array.isArray(supported) && supported.includes(each)) ?? '';
  const meta = isObject(discover['_meta']) ? discover['_meta'] : {};
  return identity(discover, version, meta['io.modelcontextprotocol/serverInfo'], ['capabilities', 'resultType']);
}

function identity(
  result: JsonObject,
  protocolVersion: string,
  info: unknown,
  required: readonly string[],
): ServerIdentity {
  const { instructions, capabilities } = result;
  const { name, version } = isObject(info) ? info : {};
  return {
    protocolVersion,
    serverInfo: { name: typeof name === 'string' ? name : '', version: typeof version === 'string' ? version : '' },
    capabilities: isObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' && { instructions }),
    lacks: required.filter((member) =>
      member === 'resultType' ? result[member] === undefined : !isObject(result[member]),
    ),
  };
}
