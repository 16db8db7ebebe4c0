import { memberText } from '@mcp-dbg/wire';

import { isObject } from '../../json-object.ts';
import { type Family, type SeenAnswer, type SeenNotification, family } from '../check.ts';
import { MODERN } from '../rule.ts';
import { named, shortened } from '../shortened.ts';
import { TaskHistories } from '../task-histories.ts';
import { isModern } from '../versions.ts';

/** What is told of a task, by tasks/get and by notifications/tasks. The extension has a page of its own. */
export const taskStates: Family = family(
  {
    'tasks/failed': {
      title: 'A task failed where a JSON-RPC error ended it, and says which',
      level: 'error',
      versions: MODERN,
      fix: 'Send the status "failed" with the error; a tool result with isError is "completed".',
    },
    'tasks/final': {
      title: 'A task that has ended does not change',
      level: 'error',
      versions: MODERN,
      fix: 'Keep the first of completed, failed and cancelled.',
    },
    'tasks/input-key': {
      title: 'A key of a task’s inputRequests stands for one question as long as the task lives',
      level: 'error',
      versions: MODERN,
      fix: 'Give each question of a task a key that it did not have before.',
    },
  },
  (report) => {
    const histories = new TaskHistories();
    const judge = (seen: SeenNotification | SeenAnswer, task: unknown, text: string | undefined): void => {
      if (!isObject(task) || typeof task['taskId'] !== 'string') return;
      const { taskId, status, inputRequests } = task;
      const who = `The server says of the task ${shortened(taskId)} that it`;
      if (status === 'failed' && !isObject(task['error']))
        report(
          'tasks/failed',
          seen,
          `${who} failed, ${task['result'] === undefined ? 'without an error' : 'and gives a result'}`,
        );
      // An answer may have been written before what was told meanwhile.
      const since = 'asked' in seen && seen.asked !== undefined ? seen.asked.frame : seen.frame;
      const ended = histories.status(taskId, status, seen.frame, since);
      if (ended !== undefined)
        report('tasks/final', seen, `${who} is ${named(status)}; it was ${ended.status} in frame ${ended.n}`);
      const questions = text?.startsWith('{') === true ? memberText(text, 'inputRequests') : undefined;
      if (!isObject(inputRequests) || questions === undefined) return;
      for (const key of histories.reusedKeys(taskId, inputRequests, questions))
        report('tasks/input-key', seen, `${who} asks something else in "${shortened(key)}" than before`);
    };
    return {
      notification: (seen) => {
        const { reading, version } = seen;
        if (reading.method !== 'notifications/tasks' || !isModern(version)) return;
        judge(seen, reading.params, memberText(reading.text, 'params'));
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.method !== 'tasks/get' || reading.kind !== 'result' || !isModern(version)) return;
        judge(seen, reading.result, memberText(reading.text, 'result'));
      },
    };
  },
);
