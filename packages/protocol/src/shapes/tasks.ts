import { notification, page, pageRequest, request, result, resultMeta, resultMembers } from './envelope.ts';
import type { MethodShapes } from './method-shapes.ts';
import type { Shape, Slot } from './shape.ts';
import {
  type Row,
  type Rows,
  changing,
  either,
  holding,
  list,
  nothing,
  object,
  optional,
  removedIn,
  since,
  text,
  whole,
  words,
} from './table.ts';

// Tasks were a part of 2025-11-25 (basic/utilities/tasks). In the modern era they are an extension, whose own members
// are not checked here: its page is no part of the specification.

const task: Rows = {
  taskId: text,
  status: words('working', 'input_required', 'completed', 'failed', 'cancelled'),
  statusMessage: optional(text),
  createdAt: text,
  lastUpdatedAt: text,
  ttl: either(whole(), nothing),
  pollInterval: optional(whole()),
};

/** How a request asked to be made a task. */
export const taskWish: Rows = {
  task: since('2025-11-25', removedIn('2026-07-28', optional(object({ ttl: optional(whole()) })))),
};

/** The result of a request that may have been made a task. */
export function orTask(row: Row): Slot {
  const started = object({ _meta: optional(resultMeta()), task: object(task) });
  return changing({ '2024-11-05': row, '2025-11-25': holding({ task: started }, row), '2026-07-28': row });
}

/** The result that tells a modern client of a task. */
export const extensionTask: Shape = object(resultMembers);

const oneTask = {
  params: changing({ '2025-11-25': request({ taskId: text }), '2026-07-28': request() }),
  result: changing({ '2025-11-25': result(task), '2026-07-28': result() }),
};

export const TASKS: MethodShapes = {
  'tasks/get': oneTask,
  'tasks/cancel': oneTask,
  'tasks/result': { params: request({ taskId: text }), result: result() },
  'tasks/list': { params: pageRequest, result: result({ ...page, tasks: list(object(task)) }) },
  'tasks/update': { params: request(), result: result() },
  'notifications/tasks/status': { params: notification(task) },
  'notifications/tasks': { params: notification() },
};
