import { logLevel, notification, progressToken, requestId } from './envelope.ts';
import type { MethodShapes } from './method-shapes.ts';
import { anything, changing, number, optional, since, text } from './table.ts';

const changed = { params: optional(notification()) };

/** Spec 2026-07-28, basic/patterns, server/utilities/logging and the pages of what changes. */
export const NOTIFICATIONS: MethodShapes = {
  'notifications/cancelled': {
    params: notification({
      // A task of 2025-11-25 is not called off by the id of its request.
      requestId: changing({ '2024-11-05': requestId, '2025-11-25': optional(requestId), '2026-07-28': requestId }),
      reason: optional(text),
    }),
  },
  'notifications/progress': {
    params: notification({
      progressToken,
      progress: number(),
      total: optional(number()),
      message: since('2025-03-26', optional(text)),
    }),
  },
  'notifications/message': {
    params: notification({ level: logLevel, logger: optional(text), data: anything }),
  },
  'notifications/resources/updated': { params: notification({ uri: text }) },
  'notifications/resources/list_changed': changed,
  'notifications/tools/list_changed': changed,
  'notifications/prompts/list_changed': changed,
  'notifications/roots/list_changed': changed,
};
