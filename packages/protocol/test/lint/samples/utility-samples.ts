import type { Samples } from '../sample.ts';
import { answer, ask, client, discovered, lines, opened, server } from '../transcript.ts';

const call = (id: number, progressToken: unknown): string =>
  client({ id, method: 'tools/call', params: { name: 'slow', arguments: {}, _meta: { progressToken } } });
const told = (progress: number, progressToken: unknown = 1, total?: number): string =>
  server({ method: 'notifications/progress', params: { progressToken, progress, total } });
const DONE = server({ id: 1, result: { content: [] } });
const list = (id: number, cursor?: string): string =>
  client({ id, method: 'tools/list', params: cursor === undefined ? {} : { cursor } });
const page = (id: number, nextCursor?: string): string => server({ id, result: { tools: [], nextCursor } });

/** Of the rules about progress and about lists in pages. */
export const utilitySamples: Samples = {
  'progress/token-type': {
    passes: lines(opened(), call(1, 'one'), told(1, 'one'), DONE),
    fails: lines(opened(), call(1, 1.5), DONE),
  },
  'progress/token-in-use': {
    passes: lines(opened(), call(1, 1), DONE, call(2, 1)),
    fails: lines(opened(), call(1, 1), call(2, 1)),
  },
  'progress/known-token': {
    passes: lines(
      opened(),
      server({
        id: 1,
        method: 'sampling/createMessage',
        params: { messages: [], maxTokens: 1, _meta: { progressToken: 9 } },
      }),
      client({ method: 'notifications/progress', params: { progressToken: 9, progress: 1 } }),
    ),
    fails: lines(opened(), call(1, 1), told(1, '1'), DONE),
  },
  'progress/stops': {
    passes: lines(opened(), call(1, 1), told(1), DONE),
    fails: lines(opened(), call(1, 1), DONE, '! wait', told(1)),
  },
  'progress/overtaken': {
    passes: lines(opened(), call(1, 1), told(1), DONE),
    fails: lines(opened(), call(1, 1), DONE, told(1)),
  },
  'progress/increases': {
    passes: lines(discovered(), ask(1, 'tools/call', { name: 'slow' }, { progressToken: 1 }), told(0.5), told(1)),
    fails: lines(discovered(), ask(1, 'tools/call', { name: 'slow' }, { progressToken: 1 }), told(1), told(1)),
  },
  'progress/total': {
    passes: lines(opened(), call(1, 1), told(3, 1, 3), DONE),
    fails: lines(opened(), call(1, 1), told(4, 1, 3), DONE),
  },
  'progress/silent': {
    passes: lines(opened(), call(1, 1), '! wait', '! wait', told(1), DONE),
    fails: lines(opened(), call(1, 1), '! wait', '! wait', DONE),
  },
  'pagination/known-cursor': {
    passes: lines(opened(), list(1), page(1, 'two'), list(2, 'two'), page(2)),
    fails: lines(opened(), list(1), page(1, 'two'), list(2, '2'), page(2)),
  },
  'pagination/empty-cursor': {
    passes: lines(opened(), list(1), page(1, ''), list(2, ''), page(2), list(3), page(3)),
    fails: lines(opened(), list(1), page(1, ''), call(2, 2), server({ id: 2, result: { content: [] } })),
  },
  'pagination/loop': {
    passes: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { tools: [], nextCursor: 'two', ttlMs: 0, cacheScope: 'private' }),
      ask(2, 'tools/list', { cursor: 'two' }),
      answer(2, { tools: [], ttlMs: 0, cacheScope: 'private' }),
    ),
    fails: lines(opened(), list(1), page(1, 'two'), list(2, 'two'), page(2, 'three'), list(3, 'three'), page(3, 'two')),
  },
};
