import { isObject } from '../../json-object.ts';
import { answeredRequest } from '../answered-request.ts';
import { type Family, type SeenAnswer, type SeenRequest, family } from '../check.ts';
import { MAX_REMEMBERED, shortened } from '../shortened.ts';
import { TASK_CAPABILITIES, isTaskAugmented } from '../task-requests.ts';
import { WHO } from '../who.ts';

const BASE = { versions: ['2025-11-25'], spec: 'basic/utilities/tasks' } as const;

/** Tools whose support of tasks is remembered. */
const MAX_TOOLS = 10_000;

/** Which requests may run as a task. */
export const taskUse: Family = family(
  {
    'tasks/tool-support': {
      ...BASE,
      title: 'A tool is called as a task where it has to be, and only where it may be',
      level: 'error',
      once: 'side',
      fix: 'Look at execution.taskSupport of the tool, and at capabilities.tasks.requests.tools.call of the server.',
    },
    'tasks/announced': {
      ...BASE,
      title: 'A server asks for a task only where the client announced tasks for that request',
      level: 'warning',
      once: 'side',
      fix: 'Look at capabilities.tasks.requests of the client, and leave "task" out where the request is missing there.',
    },
  },
  (report, { announced }) => {
    const support = new Map<string, unknown>();
    const judgeCall = (seen: SeenRequest, name: string): void => {
      const isTask = isTaskAugmented(seen.asked);
      const can = announced.has('server', 'tasks.requests.tools.call');
      const fault = isTask ? faultOfTask(can, support.has(name), support.get(name)) : undefined;
      const isPlain = !isTask && can === true && support.get(name) === 'required';
      const what = `The client called ${shortened(name)}`;
      if (isPlain) report('tasks/tool-support', seen, `${what} plainly, though it has to be a task`, { about: name });
      else if (fault !== undefined)
        report('tasks/tool-support', seen, `${what} as a task, though ${fault}`, { about: name });
    };

    return {
      request: (seen) => {
        const { method, params } = seen.asked;
        const name = method === 'tools/call' && isObject(params) ? params['name'] : undefined;
        if (typeof name === 'string') judgeCall(seen, name);
        const capability = TASK_CAPABILITIES.get(method);
        if (seen.from === 'client' || capability === undefined || !isTaskAugmented(seen.asked)) return;
        if (announced.has('client', capability) !== false) return;
        const what = `${WHO.server} asked for ${method} as a task`;
        report('tasks/announced', seen, `${what}, and the client did not announce ${capability}`, {
          about: capability,
        });
      },
      answer: (seen) => {
        for (const tool of toolsIn(seen)) {
          if (!isObject(tool) || typeof tool['name'] !== 'string') continue;
          const { name, execution } = tool;
          if (name.length <= MAX_REMEMBERED && (support.size < MAX_TOOLS || support.has(name)))
            support.set(name, isObject(execution) ? execution['taskSupport'] : undefined);
        }
      },
    };
  },
);

function faultOfTask(can: boolean | undefined, isListed: boolean, support: unknown): string | undefined {
  if (can === false) return 'the server did not announce tasks for tools';
  if (can !== true || !isListed || support === 'optional' || support === 'required') return undefined;
  return 'it does not support that';
}

function toolsIn(seen: SeenAnswer): readonly unknown[] {
  const { reading } = seen;
  const isList =
    answeredRequest(seen)?.method === 'tools/list' && reading.kind === 'result' && isObject(reading.result);
  const tools = isList && isObject(reading.result) ? reading.result['tools'] : undefined;
  return Array.isArray(tools) ? tools : [];
}
