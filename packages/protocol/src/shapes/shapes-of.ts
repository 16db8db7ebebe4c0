import { MODERN_VERSIONS, type Version } from '../eras.ts';
import { type Method, methodNamed } from '../methods.ts';
import { COMPLETION } from './completion.ts';
import { ELICITATION_NOTIFICATIONS, elicitation } from './elicitation.ts';
import { notification, request, result } from './envelope.ts';
import { LIFECYCLE } from './lifecycle.ts';
import type { MethodShapes } from './method-shapes.ts';
import { NOTIFICATIONS } from './notifications.ts';
import { PROMPTS } from './prompts.ts';
import { RESOURCES } from './resources.ts';
import { roots } from './roots.ts';
import { sampling } from './sampling.ts';
import type { Slot } from './shape.ts';
import { SUBSCRIPTIONS } from './subscriptions.ts';
import { slotOf } from './table.ts';
import { TASKS } from './tasks.ts';
import { TOOLS } from './tools.ts';

interface MethodSlots {
  readonly params: Slot;
  readonly result: Slot | undefined;
}

const SLOTS: ReadonlyMap<string, MethodSlots> = new Map(
  Object.entries<MethodShapes[string]>({
    ...LIFECYCLE,
    ...TOOLS,
    ...PROMPTS,
    ...RESOURCES,
    ...COMPLETION,
    ...SUBSCRIPTIONS,
    ...TASKS,
    ...NOTIFICATIONS,
    ...ELICITATION_NOTIFICATIONS,
    'sampling/createMessage': sampling,
    'elicitation/create': elicitation,
    'roots/list': roots,
  }).map(([method, shapes]) => [method, slotsOf(shapes)]),
);

/** What every request and notification of the era has, also those of extensions, whose own members we do not know. */
const ENVELOPES: Readonly<Record<Method['kind'], MethodSlots>> = {
  request: slotsOf({ params: request(), result: result() }),
  notification: slotsOf({ params: notification() }),
};

/**
 * What the params of a request or a notification have to be in a revision, for `checkShape`; params may be missing
 * (`undefined`) where the revision lets them. In the modern era a request that is part of a result (`inputRequests`)
 * counts as one, too. Undefined where the revision has no such method.
 */
export function paramsShapeOf(method: string, version: Version): Slot | undefined {
  return slotsIn(method, version)?.params;
}

/**
 * What the result of a request has to be in a revision, for `checkShape`. A modern result is checked as what its
 * `resultType` says; of types that are not MCP's own only what all results share. Undefined where the revision has no
 * such request.
 */
export function resultShapeOf(method: string, version: Version): Slot | undefined {
  return slotsIn(method, version)?.result;
}

function slotsIn(name: string, version: Version): MethodSlots | undefined {
  const method = methodNamed(name);
  if (method === undefined || !isOf(method, version)) return undefined;
  return SLOTS.get(name) ?? ENVELOPES[method.kind];
}

function slotsOf({ params, result }: MethodShapes[string]): MethodSlots {
  return { params: slotOf(params), result: result && slotOf(result) };
}

function isOf(method: Method, version: Version): boolean {
  const { client, server, embedded, extension } = method;
  const isExtension = extension !== undefined && MODERN_VERSIONS.some((modern) => modern === version);
  return isExtension || [client, server, embedded].some((versions) => versions.includes(version));
}
