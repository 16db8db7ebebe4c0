import { META_KEYS } from '@mcp-dbg/protocol';

import type { Samples } from '../sample.ts';
import { answer, ask, client, discovered, lines, meta, server } from '../transcript.ts';

const DONE = { content: [{ type: 'text', text: 'done' }] };

const call = (id: number, more: object = {}): string => ask(id, 'tools/call', { name: 'save', arguments: {}, ...more });
const WHO = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Who?', requestedSchema: { type: 'object', properties: {} } },
};
const asks = (id: number, more: object = {}): string => answer(id, { resultType: 'input_required', ...more });
const ANN = { action: 'accept', content: { name: 'Ann' } };
const ASKED = lines(discovered(), call(1), asks(1, { inputRequests: { who: WHO }, requestState: 'S1' }));
const RETRIED = lines(ASKED, call(2, { inputResponses: { who: ANN }, requestState: 'S1' }), answer(2, DONE));

const listen = (id: number, notifications: object): string => ask(id, 'subscriptions/listen', { notifications });
const news = (method: string, id: unknown, params: object = {}): string =>
  server({ method: `notifications/${method}`, params: { ...params, _meta: { [META_KEYS.subscriptionId]: id } } });
const acknowledged = (id: unknown, notifications: object): string =>
  news('subscriptions/acknowledged', id, { notifications });
const TOOLS = { toolsListChanged: true };
const LISTENING = lines(discovered(), listen(1, TOOLS), acknowledged(1, TOOLS));
const CHANGED = lines(LISTENING, news('tools/list_changed', 1));
const FILE = { resourceSubscriptions: ['file:///a'] };
const WATCHING = lines(discovered(), listen(1, FILE), acknowledged(1, FILE));

const cancel = (requestId: unknown): string =>
  client({ method: 'notifications/cancelled', params: { requestId, _meta: meta() } });
const log = (level: string, more: object = {}): string =>
  server({ method: 'notifications/message', params: { level, data: 'x', ...more } });
const logged = (id: number): string => ask(id, 'tools/call', { name: 'save' }, { [META_KEYS.logLevel]: 'info' });

const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const tasks = (id: number, method: string, params: object): string =>
  client({ id, method, params: { ...params, _meta: meta({}, TASKS) } });
const task = (status: string, more: object = {}): object => ({
  taskId: 't1',
  status,
  createdAt: '2026-11-20T20:40:00Z',
  lastUpdatedAt: '2026-11-20T20:41:00Z',
  ttlMs: null,
  ...more,
});
const STARTED = lines(
  discovered({ tools: {}, ...TASKS }),
  tasks(1, 'tools/call', { name: 'save', arguments: {} }),
  answer(1, { resultType: 'task', ...task('working') }),
);
const get = (id: number, status: string, more: object = {}): string =>
  lines(tasks(id, 'tasks/get', { taskId: 't1' }), answer(id, task(status, more)));
const FINISHED = lines(STARTED, get(2, 'working'), get(3, 'completed', { result: DONE }));

/** Of the rules about what takes several modern messages. */
export const modernFlowSamples: Samples = {
  'input/method': {
    passes: RETRIED,
    fails: lines(discovered(), ask(1, 'tools/list'), asks(1, { requestState: 'S' })),
  },
  'input/something-asked': {
    passes: lines(discovered(), call(1), asks(1, { requestState: 'S' })),
    fails: lines(discovered(), call(1), asks(1)),
  },
  'input/kind': {
    passes: RETRIED,
    fails: lines(discovered(), call(1), asks(1, { inputRequests: { who: { method: 'ping' } } })),
  },
  'input/declared': {
    passes: RETRIED,
    fails: lines(
      discovered(),
      call(1),
      asks(1, {
        inputRequests: {
          who: { method: 'elicitation/create', params: { mode: 'url', url: 'https://a.b', message: 'Go' } },
        },
      }),
      client({ id: 2, method: 'tools/call', params: { name: 'save', _meta: meta({}, {}) } }),
      asks(2, { inputRequests: { where: { method: 'roots/list' } } }),
    ),
  },
  'input/retry-id': {
    passes: RETRIED,
    fails: lines(ASKED, call(1, { inputResponses: { who: ANN }, requestState: 'S1' }), answer(1, DONE)),
  },
  'input/request-state': {
    passes: RETRIED,
    fails: lines(ASKED, call(2, { inputResponses: { who: ANN }, requestState: 'S1 ' }), answer(2, DONE)),
  },
  'input/other-request': {
    passes: RETRIED,
    fails: lines(
      ASKED,
      ask(2, 'tools/call', { name: 'delete', arguments: {}, inputResponses: { who: ANN }, requestState: 'S1' }),
      answer(2, DONE),
    ),
  },
  'input/all-answered': {
    passes: RETRIED,
    fails: lines(ASKED, call(2, { requestState: 'S1' }), answer(2, DONE)),
  },
  'input/nothing-else': {
    passes: RETRIED,
    fails: lines(ASKED, call(2, { inputResponses: { who: ANN, why: ANN }, requestState: 'S1' }), answer(2, DONE)),
  },
  'subscriptions/id': {
    passes: CHANGED,
    fails: lines(LISTENING, server({ method: 'notifications/tools/list_changed' })),
  },
  'subscriptions/known': {
    passes: CHANGED,
    fails: lines(LISTENING, news('tools/list_changed', '1')),
  },
  'subscriptions/acknowledged-first': {
    passes: CHANGED,
    fails: lines(discovered(), listen(1, TOOLS), news('tools/list_changed', 1), acknowledged(1, TOOLS)),
  },
  'subscriptions/filter': {
    passes: CHANGED,
    fails: lines(LISTENING, news('prompts/list_changed', 1)),
  },
  'subscriptions/resource': {
    passes: lines(WATCHING, news('resources/updated', 1, { uri: 'file:///a/b.txt' })),
    fails: lines(WATCHING, news('resources/updated', 1, { uri: 'file:///c' })),
  },
  'subscriptions/ended': {
    passes: lines(LISTENING, cancel(1), news('tools/list_changed', 1)),
    fails: lines(LISTENING, cancel(1), '! wait', news('tools/list_changed', 1)),
  },
  'subscriptions/widened': {
    passes: lines(discovered(), listen(1, TOOLS), acknowledged(1, {})),
    fails: lines(discovered(), listen(1, TOOLS), acknowledged(1, { ...TOOLS, promptsListChanged: true })),
  },
  'subscriptions/result-id': {
    passes: lines(
      LISTENING,
      server({
        id: 1,
        result: {
          resultType: 'complete',
          _meta: { [META_KEYS.subscriptionId]: 1, [META_KEYS.serverInfo]: { name: 's', version: '1' } },
        },
      }),
    ),
    fails: lines(LISTENING, answer(1)),
  },
  'subscriptions/opened-anew': {
    passes: lines(
      CHANGED,
      '! exit 0',
      discovered(),
      listen(3, TOOLS),
      acknowledged(3, TOOLS),
      call(4),
      answer(4, DONE),
    ),
    fails: lines(CHANGED, '! exit 0', discovered(), call(4), answer(4, DONE)),
  },
  'cancellation/by-server': {
    passes: lines(LISTENING, server({ method: 'notifications/cancelled', params: { requestId: 1 } })),
    fails: lines(discovered(), call(1), server({ method: 'notifications/cancelled', params: { requestId: 1 } })),
  },
  'cancellation/no-request': {
    passes: lines(discovered(), call(1), cancel(1)),
    fails: lines(discovered(), call(1), cancel('1'), answer(1, DONE)),
  },
  'cancellation/after-answer': {
    passes: lines(discovered(), call(1), answer(1, DONE), cancel(1)),
    fails: lines(discovered(), call(1), answer(1, DONE), '! wait', cancel(1)),
  },
  'cancellation/goes-on': {
    passes: lines(discovered(), call(1), cancel(1), answer(1, DONE)),
    fails: lines(discovered(), call(1), cancel(1), '! wait', answer(1, DONE)),
  },
  'logging/asked-for': {
    passes: lines(discovered(), logged(1), log('info'), answer(1, DONE)),
    fails: lines(discovered(), call(1), log('info'), answer(1, DONE)),
  },
  'logging/before-answer': {
    passes: lines(discovered(), logged(1), log('info'), answer(1, DONE)),
    fails: lines(discovered(), logged(1), answer(1, DONE), log('info')),
  },
  'logging/level': {
    passes: lines(discovered(), logged(1), log('error'), answer(1, DONE)),
    fails: lines(discovered(), logged(1), log('debug'), answer(1, DONE)),
  },
  'logging/no-subscription': {
    passes: lines(LISTENING, logged(2), log('info'), answer(2, DONE)),
    fails: lines(LISTENING, logged(2), log('info', { _meta: { [META_KEYS.subscriptionId]: 1 } }), answer(2, DONE)),
  },
  'tasks/declared': {
    passes: STARTED,
    fails: lines(discovered(), call(1), answer(1, { resultType: 'task', ...task('working') })),
  },
  'tasks/method': {
    passes: STARTED,
    fails: lines(
      discovered({ prompts: {}, ...TASKS }),
      tasks(1, 'prompts/get', { name: 'p' }),
      answer(1, { resultType: 'task', ...task('working') }),
    ),
  },
  'tasks/complete': {
    passes: FINISHED,
    fails: lines(STARTED, get(2, 'working', { resultType: 'task' })),
  },
  'tasks/refused': {
    passes: FINISHED,
    fails: lines(STARTED, ask(2, 'tasks/get', { taskId: 't1' }), answer(2, task('working'))),
  },
  'tasks/cancelled': {
    passes: lines(STARTED, tasks(2, 'tasks/cancel', { taskId: 't1' }), answer(2)),
    fails: lines(STARTED, '! wait', cancel(1)),
  },
  'tasks/failed': {
    passes: lines(STARTED, get(2, 'failed', { error: { code: -32603, message: 'no' } })),
    fails: lines(STARTED, get(2, 'failed', { result: { ...DONE, isError: true } })),
  },
  'tasks/final': {
    passes: FINISHED,
    fails: lines(FINISHED, get(4, 'working')),
  },
  'tasks/input-key': {
    passes: lines(
      STARTED,
      get(2, 'input_required', { inputRequests: { who: WHO } }),
      get(3, 'input_required', { inputRequests: { who: WHO } }),
    ),
    fails: lines(
      STARTED,
      get(2, 'input_required', { inputRequests: { who: WHO } }),
      get(3, 'input_required', { inputRequests: { who: { method: 'roots/list' } } }),
    ),
  },
};
