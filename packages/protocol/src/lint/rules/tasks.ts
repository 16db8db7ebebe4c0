import { type Sender } from '@mcp-dbg/wire';

import { isObject } from '../../json-object.ts';
import { META_KEYS, metaOf } from '../../meta-keys.ts';
import { answeredRequest } from '../answered-request.ts';
import {
  type Asked,
  type Check,
  type Family,
  type Report,
  type SeenAnswer,
  type SeenNotification,
  family,
} from '../check.ts';
import { MAX_REMEMBERED, shortened } from '../shortened.ts';
import { type TaskStatus, faultOfTask, hasTaskEnded, taskIdOf, taskStatusOf } from '../legacy-task.ts';
import { isTaskAugmented } from '../task-requests.ts';
import { WHO } from '../who.ts';

const BASE = { versions: ['2025-11-25'], spec: 'basic/utilities/tasks' } as const;

/** Tasks of one side that are remembered; the oldest are forgotten. */
const MAX_TASKS = 10_000;

const RULES = {
  'tasks/shape': {
    ...BASE,
    title: 'A task is told with taskId, status, createdAt, lastUpdatedAt and ttl',
    level: 'error',
    once: 'side',
    fix: 'Send the five members with every task: times as ISO 8601 texts, ttl as milliseconds or null.',
  },
  'tasks/unique-id': {
    ...BASE,
    title: 'Every task has an id of its own',
    level: 'error',
    fix: 'Draw a new random id for each task.',
  },
  // A task may have gone on before its creation was answered.
  'tasks/begins-working': {
    ...BASE,
    title: 'A task begins with the status working',
    level: 'warning',
    fix: 'Answer with the task as it was made, with status "working"; tell what comes of it by tasks/get.',
  },
  'tasks/end-stays': {
    ...BASE,
    title: 'A task that ended keeps its status',
    level: 'error',
    fix: 'Change the status of a task only while it is "working" or "input_required".',
  },
  'tasks/result-waits': {
    ...BASE,
    title: 'The request tasks/result is answered when the task has ended',
    level: 'error',
    fix: 'Hold the answer to tasks/result back until the task is completed, failed or cancelled.',
  },
  'tasks/related-task': {
    ...BASE,
    title: 'The result of tasks/result names its task in _meta',
    level: 'error',
    once: 'side',
    fix: `Put "_meta":{"${META_KEYS.relatedTask}":{"taskId":…}} into the result.`,
  },
  'tasks/cancel-ended': {
    ...BASE,
    title: 'Cancelling a task that ended is refused with -32602',
    level: 'error',
    fix: 'Answer tasks/cancel with the error -32602 where the task is completed, failed or cancelled.',
  },
} as const;

interface Task {
  isCreated: boolean;
  /** The number of the frame that told its end, and the status; that is undefined where only its result was given. */
  end: { readonly n: number; readonly status: TaskStatus | undefined } | undefined;
}

/** What becomes of tasks. Which requests may run as one is judged elsewhere, and so is the extension of the modern era. */
export const tasks: Family = family(RULES, (report) => new Tasks(report));

class Tasks implements Check {
  readonly #report: Report<keyof typeof RULES>;
  /** By the side that runs them, and by id. */
  readonly #tasks: Readonly<Record<Sender, Map<string, Task>>> = { client: new Map(), server: new Map() };

  constructor(report: Report<keyof typeof RULES>) {
    this.#report = report;
  }

  notification(seen: SeenNotification): void {
    const { reading, from, frame } = seen;
    if (reading.method === 'notifications/tasks/status') this.#status(from, reading.params, seen, frame.n);
  }

  answer(seen: SeenAnswer): void {
    const { reading, from } = seen;
    const asked = answeredRequest(seen);
    if (asked === undefined) return;
    if (asked.method === 'tasks/cancel') this.#cancelled(asked, seen);
    if (reading.kind === 'error' || !isObject(reading.result)) return;
    const { result } = reading;
    if (asked.method === 'tasks/get' || asked.method === 'tasks/cancel')
      this.#status(from, result, seen, asked.frame.n);
    else if (asked.method === 'tasks/result') this.#result(asked, result, seen);
    else if (asked.method === 'tasks/list' && Array.isArray(result['tasks']))
      for (const task of result['tasks']) this.#status(from, task, seen, asked.frame.n);
    else if (isTaskAugmented(asked) && result['task'] !== undefined) this.#created(result['task'], seen);
  }

  #created(task: unknown, seen: SeenAnswer): void {
    const id = this.#status(seen.from, task, seen, seen.frame.n);
    if (id === undefined || !isObject(task)) return;
    const known = this.#taskOf(seen.from, id);
    const who = `${WHO[seen.from]} made the task ${shortened(id)}`;
    if (known.isCreated) this.#report('tasks/unique-id', seen, `${who} a second time`);
    known.isCreated = true;
    const status = taskStatusOf(task['status']) ?? 'working';
    if (status !== 'working') this.#report('tasks/begins-working', seen, `${who} with the status ${status}`);
  }

  /** Takes what was told of a task, and gives its id. What was asked for before the end may be older than the end. */
  #status(from: Sender, task: unknown, place: SeenAnswer | SeenNotification, askedN: number): string | undefined {
    const fault = faultOfTask(task);
    if (fault !== undefined) this.#report('tasks/shape', place, `${WHO[from]} told a task ${fault}`, { about: fault });
    const id = taskIdOf(task);
    const status = isObject(task) ? taskStatusOf(task['status']) : undefined;
    if (id === undefined || status === undefined) return id;
    const known = this.#taskOf(from, id);
    const { end } = known;
    const isStale = end !== undefined && (askedN <= end.n || status === end.status);
    if (isStale) return id;
    const isEnd = hasTaskEnded(status);
    known.end = isEnd ? { n: place.frame.n, status } : undefined;
    const now = `${WHO[from]} told that the task ${shortened(id)} is ${status}`;
    if (end?.status !== undefined) this.#report('tasks/end-stays', place, `${now} after it was ${end.status}`);
    else if (end !== undefined && !isEnd)
      this.#report('tasks/result-waits', place, `${now}, though it answered tasks/result before`);
    return id;
  }

  #result(asked: Asked, result: Readonly<Record<string, unknown>>, seen: SeenAnswer): void {
    const related = metaOf(result)?.[META_KEYS.relatedTask];
    const id = taskIdOf(asked.params);
    if (!isObject(related) || related['taskId'] !== id)
      this.#report('tasks/related-task', seen, `${WHO[seen.from]} answered tasks/result without the task in _meta`);
    if (id === undefined) return;
    const known = this.#taskOf(seen.from, id);
    known.end ??= { n: seen.frame.n, status: undefined };
  }

  #cancelled(asked: Asked, seen: SeenAnswer): void {
    const id = taskIdOf(asked.params);
    const end = id === undefined ? undefined : this.#tasks[seen.from].get(id)?.end;
    if (id === undefined || end === undefined || end.n > asked.frame.n) return;
    const { reading } = seen;
    const code = reading.kind === 'error' && isObject(reading.error) ? reading.error['code'] : undefined;
    const how = typeof code === 'number' ? `answered with ${code}` : 'accepted';
    const what = `${WHO[seen.from]} ${how} tasks/cancel of the task ${shortened(id)}, which had ended`;
    if (code !== -32602) this.#report('tasks/cancel-ended', seen, what);
  }

  #taskOf(from: Sender, id: string): Task {
    const ofSide = this.#tasks[from];
    const known = ofSide.get(id) ?? { isCreated: false, end: undefined };
    if (id.length <= MAX_REMEMBERED) ofSide.set(id, known);
    const oldest = ofSide.size > MAX_TASKS ? ofSide.keys().next().value : undefined;
    if (oldest !== undefined) ofSide.delete(oldest);
    return known;
  }
}
