import { type Exchange, META_KEYS, metaOf } from '@mcp-dbg/protocol';
import { type Frame, readFrame } from '@mcp-dbg/wire';

/** Who a client or a server says it is. Raw text of a peer. */
export interface PeerFacts {
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The names of what it says it can do. */
  readonly capabilities: readonly string[];
}

/** What an exchange tells of both ends of its connection. */
export interface ConnectionFacts {
  readonly client: PeerFacts;
  readonly server: PeerFacts;
  /** The protocol version that the client's `initialize` asks for, where it is one. */
  readonly asked: string | undefined;
  /** The protocol version that holds, where it is known. */
  readonly version: string | undefined;
  /** The versions that a server offers, where it lists them. */
  readonly offered: readonly string[];
}

/** Reads what a request of a client and its answer say of the two: of both eras, from any request that tells. */
export function factsOf({ frame, answer, version }: Exchange): ConnectionFacts {
  const params = contentOf(frame);
  const result = answer === undefined ? undefined : contentOf(answer);
  const meta = metaOf(params);
  return {
    client: peer(field(params, 'clientInfo') ?? meta?.[META_KEYS.clientInfo], [
      field(params, 'capabilities'),
      meta?.[META_KEYS.clientCapabilities],
    ]),
    server: peer(field(result, 'serverInfo') ?? metaOf(result)?.[META_KEYS.serverInfo], [
      field(result, 'capabilities'),
    ]),
    asked: text(field(params, 'protocolVersion')),
    version,
    offered: textsIn(field(result, 'supportedVersions')),
  };
}

/** Names of capabilities, or versions, that are told at most, and UTF-16 units of each. */
const MAX_NAMES = 20;
const MAX_NAME = 200;

function peer(info: unknown, capabilities: readonly unknown[]): PeerFacts {
  const said = capabilities.find((each) => isObject(each));
  return {
    name: text(field(info, 'name')),
    version: text(field(info, 'version')),
    capabilities: isObject(said) ? textsIn(Object.keys(said)) : [],
  };
}

function contentOf({ bytes }: Frame): unknown {
  const reading = readFrame(bytes);
  if (reading.kind === 'request') return reading.params;
  return reading.kind === 'result' ? reading.result : undefined;
}

function textsIn(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_NAMES).flatMap((each) => text(each) ?? []);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_NAME) : undefined;
}

function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
