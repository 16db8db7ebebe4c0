import { clientCapabilities, serverCapabilities } from './capabilities.ts';
import { bareRequest, cacheHints, logLevel, notification, request, result } from './envelope.ts';
import { implementation } from './implementation.ts';
import type { MethodShapes } from './method-shapes.ts';
import { list, optional, text } from './table.ts';

/** Spec 2025-11-25, basic/lifecycle; spec 2026-07-28, server/discover. */
export const LIFECYCLE: MethodShapes = {
  initialize: {
    params: request({ protocolVersion: text, capabilities: clientCapabilities, clientInfo: implementation }),
    result: result({
      protocolVersion: text,
      capabilities: serverCapabilities,
      serverInfo: implementation,
      instructions: optional(text),
    }),
  },
  'notifications/initialized': { params: optional(notification()) },
  'server/discover': {
    params: request(),
    result: result({
      ...cacheHints,
      supportedVersions: list(text),
      capabilities: serverCapabilities,
      instructions: optional(text),
    }),
  },
  ping: { params: bareRequest(), result: result() },
  'logging/setLevel': { params: request({ level: logLevel }), result: result() },
};
