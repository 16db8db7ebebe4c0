import type { Samples } from '../sample.ts';
import { META_KEYS } from '@mcp-dbg/protocol';
import { answer, ask, client, discovered, lines, opened, server } from '../transcript.ts';

const CALL = client({ id: 1, method: 'tools/call', params: { name: 'book', arguments: {} } });
const elicits = (params: object): string =>
  lines(
    server({ id: 7, method: 'elicitation/create', params: { message: 'Who?', ...params } }),
    client({ id: 7, result: { action: 'cancel' } }),
  );
const form = (field: object): string => elicits({ requestedSchema: { type: 'object', properties: { field } } });
const BY_URL = { mode: 'url', url: 'https://example.com/pay', elicitationId: 'e1', message: 'Pay' };
const needsUrl = (elicitations: readonly object[]): string =>
  server({ id: 1, error: { code: -32042, message: 'Pay first', data: { elicitations } } });

const user = (...content: readonly object[]): object => ({ role: 'user', content });
const TEXT = { type: 'text', text: 'Which book?' };
const USE = { role: 'assistant', content: [{ type: 'tool_use', id: 'u1', name: 'find', input: {} }] };
const RESULT = { type: 'tool_result', toolUseId: 'u1', content: [] };
const samples = (params: object): string =>
  lines(
    server({ id: 7, method: 'sampling/createMessage', params: { messages: [user(TEXT)], maxTokens: 10, ...params } }),
    client({ id: 7, result: { role: 'assistant', model: 'm', content: TEXT } }),
  );
const SAMPLING = opened('2025-11-25', { client: { sampling: { tools: {}, context: {} } } });
const PLAIN_SAMPLING = opened('2025-11-25', { client: { sampling: {} } });

const gives = (uri: string): string =>
  lines(server({ id: 7, method: 'roots/list' }), client({ id: 7, result: { roots: [{ uri }] } }));

const TASKS = opened('2025-11-25', {
  server: { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
  client: { sampling: {} },
});
const task = (status: string, more: object = {}): object => ({
  taskId: 't1',
  status,
  createdAt: '2026-11-26T13:00:25.823Z',
  lastUpdatedAt: '2026-11-26T13:00:26.005Z',
  ttl: 60000,
  ...more,
});
const starts = (id: number, status: string = 'working', more: object = {}): string =>
  lines(
    client({ id, method: 'tools/call', params: { name: 'book', arguments: {}, task: {} } }),
    server({ id, result: { task: task(status, more) } }),
  );
const get = (id: number, status: string): string =>
  lines(client({ id, method: 'tasks/get', params: { taskId: 't1' } }), server({ id, result: task(status) }));
const result = (id: number, _meta: object = { [META_KEYS.relatedTask]: { taskId: 't1' } }): string =>
  lines(
    client({ id, method: 'tasks/result', params: { taskId: 't1' } }),
    server({ id, result: { content: [], _meta } }),
  );
const CANCEL = client({ id: 9, method: 'tasks/cancel', params: { taskId: 't1' } });
const tools = (taskSupport: string): string =>
  lines(
    client({ id: 20, method: 'tools/list' }),
    server({
      id: 20,
      result: { tools: [{ name: 'book', inputSchema: { type: 'object' }, execution: { taskSupport } }] },
    }),
  );

const CACHED = { ttlMs: 0, cacheScope: 'private' };

/** Of the rules about elicitation, sampling, roots, tasks and what is deprecated. */
export const featureSamples: Samples = {
  'elicitation/mode-announced': {
    passes: lines(opened('2025-11-25', { client: { elicitation: { url: {} } } }), elicits(BY_URL)),
    fails: lines(opened('2025-11-25', { client: { elicitation: {} } }), elicits(BY_URL)),
  },
  'elicitation/url-request': {
    passes: lines(opened('2025-11-25', { client: { elicitation: { url: {} } } }), elicits(BY_URL)),
    fails: lines(
      opened('2025-11-25', { client: { elicitation: { url: {} } } }),
      elicits({ mode: 'url', url: 'https://example.com' }),
    ),
  },
  'elicitation/flat-form': {
    passes: lines(opened(), form({ type: 'array', items: { type: 'string', enum: ['a', 'b'] } })),
    fails: lines(opened('2025-06-18'), form({ type: 'object', properties: {} })),
  },
  'elicitation/required-error': {
    passes: lines(opened(), CALL, needsUrl([BY_URL])),
    fails: lines(opened(), CALL, needsUrl([])),
  },
  'sampling/tools-announced': {
    passes: lines(SAMPLING, samples({ tools: [{ name: 'find', inputSchema: { type: 'object' } }] })),
    fails: lines(PLAIN_SAMPLING, samples({ toolChoice: { mode: 'auto' } })),
  },
  'sampling/context-announced': {
    passes: lines(SAMPLING, samples({ includeContext: 'thisServer' })),
    fails: lines(PLAIN_SAMPLING, samples({ includeContext: 'thisServer' })),
  },
  'sampling/results-alone': {
    passes: lines(SAMPLING, samples({ messages: [user(TEXT), USE, user(RESULT)] })),
    fails: lines(SAMPLING, samples({ messages: [user(TEXT), USE, user(RESULT, TEXT)] })),
  },
  'sampling/uses-answered': {
    passes: lines(SAMPLING, samples({ messages: [user(TEXT), USE, user(RESULT), user(TEXT)] })),
    fails: lines(SAMPLING, samples({ messages: [user(TEXT), USE, user(TEXT)] })),
  },
  'roots/file-uri': {
    passes: lines(opened(), gives('file:///work')),
    fails: lines(opened(), gives('/work')),
  },
  'tasks/shape': {
    passes: lines(TASKS, starts(1)),
    fails: lines(TASKS, starts(1, 'working', { ttl: undefined })),
  },
  'tasks/unique-id': {
    passes: lines(TASKS, starts(1), starts(2, 'working', { taskId: 't2' })),
    fails: lines(TASKS, starts(1), starts(2)),
  },
  'tasks/begins-working': {
    passes: lines(TASKS, starts(1), get(2, 'completed')),
    fails: lines(TASKS, starts(1, 'completed')),
  },
  'tasks/end-stays': {
    passes: lines(
      TASKS,
      starts(1),
      client({ id: 2, method: 'tasks/get', params: { taskId: 't1' } }),
      server({ method: 'notifications/tasks/status', params: task('completed') }),
      server({ id: 2, result: task('working') }),
    ),
    fails: lines(TASKS, starts(1), get(2, 'completed'), get(3, 'working')),
  },
  'tasks/result-waits': {
    passes: lines(TASKS, starts(1), result(2), get(3, 'completed')),
    fails: lines(TASKS, starts(1), result(2), get(3, 'working')),
  },
  'tasks/related-task': {
    passes: lines(TASKS, starts(1), result(2)),
    fails: lines(TASKS, starts(1), result(2, {})),
  },
  'tasks/cancel-ended': {
    passes: lines(
      TASKS,
      starts(1),
      get(2, 'failed'),
      CANCEL,
      server({ id: 9, error: { code: -32602, message: 'It failed' } }),
    ),
    fails: lines(TASKS, starts(1), get(2, 'failed'), CANCEL, server({ id: 9, result: task('failed') })),
  },
  'tasks/tool-support': {
    passes: lines(TASKS, tools('required'), starts(1)),
    fails: lines(TASKS, tools('required'), CALL, server({ id: 1, error: { code: -32601, message: 'Only as a task' } })),
  },
  'tasks/announced': {
    passes: lines(
      opened('2025-11-25', { client: { sampling: {}, tasks: { requests: { sampling: { createMessage: {} } } } } }),
      server({ id: 7, method: 'sampling/createMessage', params: { messages: [], maxTokens: 1, task: {} } }),
      client({ id: 7, result: { task: task('working') } }),
    ),
    fails: lines(TASKS, samples({ task: {} })),
  },
  'deprecated/include-context': {
    passes: lines(SAMPLING, samples({ includeContext: 'none' })),
    fails: lines(SAMPLING, samples({ includeContext: 'allServers' })),
  },
  'deprecated/enum-names': {
    passes: lines(opened('2025-06-18'), form({ type: 'string', enum: ['a'], enumNames: ['A'] })),
    fails: lines(
      discovered(),
      ask(1, 'tools/call', { name: 'book', arguments: {} }),
      answer(1, {
        resultType: 'input_required',
        inputRequests: {
          which: {
            method: 'elicitation/create',
            params: {
              message: 'Which?',
              requestedSchema: {
                type: 'object',
                properties: { a: { type: 'string', enum: ['a'], enumNames: ['A'] } },
              },
            },
          },
        },
      }),
    ),
  },
  'deprecated/roots': {
    passes: lines(opened(), gives('file:///work')),
    fails: lines(discovered(), ask(1, 'tools/list'), answer(1, { tools: [], ...CACHED })),
  },
  'deprecated/sampling': {
    passes: lines(SAMPLING, samples({})),
    fails: lines(discovered(), ask(1, 'tools/list'), answer(1, { tools: [], ...CACHED })),
  },
  'deprecated/logging': {
    passes: lines(opened(), server({ method: 'notifications/message', params: { level: 'info', data: 'up' } })),
    fails: discovered({ logging: {} }),
  },
};
