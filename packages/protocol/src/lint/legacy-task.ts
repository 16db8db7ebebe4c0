import { isObject } from '../json-object.ts';

const ENDED: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];
const STATUSES = ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const;

/** What becomes of a task (2025-11-25, basic/utilities/tasks). */
export type TaskStatus = (typeof STATUSES)[number];

/** The status, where it is one of the five. */
export function taskStatusOf(status: unknown): TaskStatus | undefined {
  return STATUSES.find((each) => each === status);
}

/** True for the statuses that a task keeps. */
export function hasTaskEnded(status: TaskStatus): boolean {
  return ENDED.includes(status);
}

/** The id of the task that params, or a task, name. */
export function taskIdOf(holder: unknown): string | undefined {
  const id = isObject(holder) ? holder['taskId'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** What is wrong with a task as it was told; undefined where nothing is. */
export function faultOfTask(task: unknown): string | undefined {
  if (!isObject(task)) return 'that is no object';
  if (taskStatusOf(task['status']) === undefined) return 'without a known status';
  if (task['ttl'] !== null && typeof task['ttl'] !== 'number') return 'without ttl';
  const missing = ['taskId', 'createdAt', 'lastUpdatedAt'].find((key) => typeof task[key] !== 'string');
  return missing === undefined ? undefined : `without ${missing}`;
}
