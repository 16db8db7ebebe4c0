import { isObject } from './json-object.ts';

/**
 * The keys that MCP itself puts into `_meta` (spec 2026-07-28, basic/index#_meta; `relatedTask` is of 2025-11-25).
 */
export const META_KEYS = {
  /** Of every modern request: the version it is written in. */
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  /** Of every modern request: what its client can do; may be empty. */
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  /** Of a modern request that wants `notifications/message`. */
  logLevel: 'io.modelcontextprotocol/logLevel',
  /** Of a modern result: what server made it. */
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  /** Of what comes through a subscription: the id of its `subscriptions/listen`, with its JSON type. */
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  relatedTask: 'io.modelcontextprotocol/related-task',
  progressToken: 'progressToken',
} as const;

/** The `_meta` of a message's params or result; undefined where there is no such object. */
export function metaOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const meta = isObject(value) ? value['_meta'] : undefined;
  return isObject(meta) ? meta : undefined;
}
