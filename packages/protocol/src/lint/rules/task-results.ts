import { isObject } from '../../json-object.ts';
import { type Family, family } from '../check.ts';
import { cancelledId } from '../conversation.ts';
import { capabilitiesIn, extensionsIn } from '../envelope.ts';
import { isWellAfter } from '../race.ts';
import { MODERN } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { TASKS_EXTENSION } from '../task-requests.ts';
import { isModern } from '../versions.ts';

const METHODS: readonly string[] = ['tasks/get', 'tasks/update', 'tasks/cancel'];

/** How requests become tasks, and what the methods of tasks answer. The extension has a page of its own. */
export const taskResults: Family = family(
  {
    'tasks/declared': {
      title: 'A request becomes a task only where it declares the extension',
      level: 'error',
      once: 'side',
      versions: MODERN,
      fix: `Look for ${TASKS_EXTENSION} in the clientCapabilities of the request itself; where it is missing, complete the call or answer -32021.`,
      clients: 'The TypeScript SDK 2.x throws UNSUPPORTED_RESULT_TYPE: the call is lost.',
    },
    'tasks/method': {
      title: 'Only tools/call becomes a task',
      level: 'error',
      once: 'side',
      versions: MODERN,
      fix: 'Complete other requests at once.',
    },
    'tasks/complete': {
      title: 'The methods of tasks answer results of the type "complete"',
      level: 'error',
      once: 'side',
      versions: MODERN,
      fix: 'Send "resultType":"complete"; the state of the task stands in "status".',
    },
    'tasks/refused': {
      title: 'The methods of tasks are refused with -32021 where the extension is not declared',
      level: 'error',
      once: 'side',
      versions: MODERN,
      fix: `Answer -32021 where clientCapabilities of the request lack ${TASKS_EXTENSION}.`,
    },
    'tasks/cancelled': {
      title: 'A task is cancelled with tasks/cancel, not with a notification',
      level: 'error',
      versions: MODERN,
      fix: 'Send tasks/cancel with the taskId once the request was answered with a task.',
    },
  },
  (report, { requests }) => {
    return {
      notification: (seen) => {
        const { from, frame, reading, version } = seen;
        if (from !== 'client' || reading.method !== 'notifications/cancelled' || !isModern(version)) return;
        const id = cancelledId(reading.text);
        const task = id === undefined ? undefined : requests.latest('client', id);
        const made = task?.becameTask === true ? task.answered : undefined;
        if (made !== undefined && isWellAfter(frame, made))
          report(
            'tasks/cancelled',
            seen,
            `The client sent notifications/cancelled for a task (frame ${made.n} made it one)`,
          );
      },
      answer: (seen) => {
        const { asked, reading, version } = seen;
        if (asked?.from !== 'client' || reading.kind !== 'result' || !isModern(version)) return;
        const { method, params } = asked;
        const type = isObject(reading.result) ? reading.result['resultType'] : undefined;
        const isDeclared = extensionsIn(capabilitiesIn(params))[TASKS_EXTENSION] !== undefined;
        if (METHODS.includes(method)) {
          if (!isDeclared)
            report('tasks/refused', seen, `The server served ${method} to a client without the extension`, {
              about: method,
            });
          if (typeof type === 'string' && type !== 'complete')
            report('tasks/complete', seen, `The server answered ${method} with the resultType "${shortened(type)}"`, {
              about: `${method} ${type}`,
            });
        } else if (type === 'task') {
          if (!isDeclared)
            report(
              'tasks/declared',
              seen,
              `The server made a task of ${shortened(method)}, whose client did not declare ${TASKS_EXTENSION}`,
              { about: method },
            );
          if (method !== 'tools/call')
            report('tasks/method', seen, `The server made a task of ${shortened(method)}`, { about: method });
        }
      },
    };
  },
);
