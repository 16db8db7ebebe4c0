import { isObject } from '../json-object.ts';
import type { Asked, SeenAnswer } from './check.ts';

/** The extension that tasks are since 2026-07-28. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** The requests that may run as a task, and what the other side has to have announced for it. */
export const TASK_CAPABILITIES: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'tasks.requests.tools.call'],
  ['sampling/createMessage', 'tasks.requests.sampling.createMessage'],
  ['elicitation/create', 'tasks.requests.elicitation.create'],
]);

/**
 * True for a request that asks to be run as a task (2025-11-25, basic/utilities/tasks). Others may carry `task` too:
 * the TypeScript SDK 1.x puts it into its tasks/get.
 */
export function isTaskAugmented({ method, params }: Pick<Asked, 'method' | 'params'>): boolean {
  return TASK_CAPABILITIES.has(method) && isObject(params) && isObject(params['task']);
}

/** True for an answer that says that its request goes on as a task, in either era's way. */
export function isTaskAnswer({ reading }: Pick<SeenAnswer, 'reading'>): boolean {
  if (reading.kind === 'error' || !isObject(reading.result)) return false;
  return isObject(reading.result['task']) || reading.result['resultType'] === 'task';
}
