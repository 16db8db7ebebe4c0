import { described, resource, resourceContents } from './content.ts';
import { cacheHints, page, pageRequest, request, result } from './envelope.ts';
import { inputRequired, retry } from './input-required.ts';
import type { MethodShapes } from './method-shapes.ts';
import { list, object, text } from './table.ts';

const resourceTemplate = object({ ...described, uriTemplate: text });

/** Spec 2026-07-28, server/resources; subscribing is of the legacy era (2025-11-25, server/resources#subscriptions). */
export const RESOURCES: MethodShapes = {
  'resources/list': {
    params: pageRequest,
    result: result({ ...page, ...cacheHints, resources: list(resource) }),
  },
  'resources/templates/list': {
    params: pageRequest,
    result: result({ ...page, ...cacheHints, resourceTemplates: list(resourceTemplate) }),
  },
  'resources/read': {
    params: request({ ...retry, uri: text }),
    result: result({ ...cacheHints, contents: list(resourceContents) }, { input_required: inputRequired }),
  },
  'resources/subscribe': { params: request({ uri: text }), result: result() },
  'resources/unsubscribe': { params: request({ uri: text }), result: result() },
};
