import { META_KEYS } from '../meta-keys.ts';
import { clientCapabilities } from './capabilities.ts';
import { implementation } from './implementation.ts';
import type { Shape, Slot } from './shape.ts';
import {
  type Rows,
  anyObject,
  anything,
  changing,
  choice,
  either,
  object,
  optional,
  removedIn,
  since,
  text,
  whole,
  words,
} from './table.ts';

// What params and results have in common (spec 2026-07-28, basic/index).

export const requestId: Shape = either(text, whole());
export const progressToken: Shape = either(text, whole());

/** How grave a log message is, as RFC 5424 has it. */
export const logLevel: Shape = words('debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency');

const relatedTask: Slot = since('2025-11-25', removedIn('2026-07-28', optional(object({ taskId: text }))));
/** Trace context (W3C) got its names with the modern era; before, they were anybody's. */
const trace: Slot = changing({ '2024-11-05': optional(anything), '2026-07-28': optional(text) });

export const requestMeta: Shape = object({
  [META_KEYS.progressToken]: optional(progressToken),
  [META_KEYS.protocolVersion]: since('2026-07-28', text),
  [META_KEYS.clientCapabilities]: since('2026-07-28', clientCapabilities),
  [META_KEYS.clientInfo]: since('2026-07-28', optional(implementation)),
  [META_KEYS.logLevel]: since('2026-07-28', optional(logLevel)),
  [META_KEYS.relatedTask]: relatedTask,
  traceparent: trace,
  tracestate: trace,
  baggage: trace,
});

const notificationMeta: Shape = object({
  [META_KEYS.subscriptionId]: since('2026-07-28', optional(requestId)),
  [META_KEYS.relatedTask]: relatedTask,
});

/** The `_meta` of a result, which may have to name its subscription. */
export function resultMeta(more: Rows = {}): Shape {
  return object({
    [META_KEYS.serverInfo]: since('2026-07-28', optional(implementation)),
    [META_KEYS.relatedTask]: relatedTask,
    ...more,
  });
}

/** The `_meta` of things inside params and results, which is the peers' own; it came to most of them with 2025-06-18. */
export const ownMeta: Rows = { _meta: since('2025-06-18', optional(anyObject)) };

/** The params of a request. A modern one says in `_meta` what it needs to be understood. */
export function request(members: Rows = {}): Shape {
  return object({ _meta: changing({ '2024-11-05': optional(requestMeta), '2026-07-28': requestMeta }), ...members });
}

/** The `_meta` of requests and results that are no messages of their own in the modern era, but keep one. */
export function embeddedMeta(meta: Shape): Rows {
  return { _meta: changing({ '2024-11-05': optional(meta), '2026-07-28': optional(anyObject) }) };
}

/** The `_meta` of those that do not keep it. */
export function legacyMeta(meta: Shape): Rows {
  return { _meta: removedIn('2026-07-28', optional(meta)) };
}

/** Params that a legacy request may leave out. */
export function bareRequest(members: Rows = {}): Slot {
  return changing({ '2024-11-05': optional(request(members)), '2026-07-28': request(members) });
}

export function notification(members: Rows = {}): Shape {
  return object({ _meta: optional(notificationMeta), ...members });
}

/** A result with these members. Modern results say of what type they are, and those of other types lack them. */
export function result(members: Rows = {}, otherTypes: Rows = {}): Slot {
  const complete = object({ ...resultMembers, ...members });
  return changing({
    '2024-11-05': complete,
    '2026-07-28': choice('resultType', { complete, ...otherTypes }, { absent: 'complete', other: baseResult }),
  });
}

export const resultMembers: Rows = { _meta: optional(resultMeta()), resultType: since('2026-07-28', text) };
const baseResult: Shape = object(resultMembers);

/** The members of a result that comes in pages. */
export const page: Rows = { nextCursor: optional(text) };
export const pageRequest: Slot = bareRequest({ cursor: optional(text) });

/** How long a result may be kept, in milliseconds, and by whom (spec 2026-07-28, server/utilities/caching). */
export const cacheHints: Rows = {
  ttlMs: since('2026-07-28', whole(0)),
  cacheScope: since('2026-07-28', words('public', 'private')),
};
