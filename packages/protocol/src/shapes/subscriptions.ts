import { META_KEYS } from '../meta-keys.ts';
import { notification, request, requestId, result, resultMeta } from './envelope.ts';
import type { MethodShapes } from './method-shapes.ts';
import { type Rows, list, object, optional, text, truth } from './table.ts';

const filter: Rows = {
  notifications: object({
    toolsListChanged: optional(truth),
    promptsListChanged: optional(truth),
    resourcesListChanged: optional(truth),
    resourceSubscriptions: optional(list(text)),
  }),
};

/** Spec 2026-07-28, basic/patterns/subscriptions. */
export const SUBSCRIPTIONS: MethodShapes = {
  'subscriptions/listen': {
    params: request(filter),
    result: result({ _meta: resultMeta({ [META_KEYS.subscriptionId]: requestId }) }),
  },
  'notifications/subscriptions/acknowledged': { params: notification(filter) },
};
