import type { Samples } from '../sample.ts';
import { type Transcript, answer, ask, client, discovered, lines, opened, server } from '../transcript.ts';

/** A call that the server answers with this content. */
const giving = (block: unknown, version?: string): Transcript =>
  lines(
    opened(version),
    client({ id: 1, method: 'tools/call', params: { name: 'draw', arguments: {} } }),
    server({ id: 1, result: { content: [block] } }),
  );

const read = (...contents: readonly object[]): Transcript =>
  lines(
    opened(),
    client({ id: 1, method: 'resources/read', params: { uri: 'file:///a' } }),
    server({ id: 1, result: { contents } }),
  );

const readModern = (contents: readonly object[]): Transcript =>
  lines(
    discovered(),
    ask(1, 'resources/read', { uri: 'file:///a' }),
    answer(1, { contents, ttlMs: 0, cacheScope: 'private' }),
  );

const completed = (count: number): Transcript =>
  lines(
    opened(),
    client({
      id: 1,
      method: 'completion/complete',
      params: { ref: { type: 'ref/prompt', name: 'a' }, argument: { name: 'b', value: '' } },
    }),
    server({ id: 1, result: { completion: { values: Array.from({ length: count }, () => 'x') } } }),
  );

const image = { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' };
const link = { type: 'resource_link', uri: 'file:///a', name: 'a' };

/** Of the rules about what tools, prompts and resources give. */
export const contentSamples: Samples = {
  'content/type': {
    passes: giving({ type: 'text', text: '' }),
    fails: giving({ type: 'video', data: '' }),
  },
  'content/newer-type': {
    passes: giving(link, '2025-06-18'),
    fails: giving(link, '2025-03-26'),
  },
  'content/members': {
    passes: giving(image),
    fails: giving({ ...image, mimeType: undefined }),
  },
  'content/base64': {
    passes: giving(image),
    fails: giving({ ...image, data: 'data:image/png;base64,iVBORw0KGgo=' }),
  },
  'resources/contents': {
    passes: read({ uri: 'file:///a', text: '' }, { uri: 'file:///b', blob: 'AA==' }),
    fails: read({ uri: 'file:///a' }),
  },
  'resources/empty': {
    passes: readModern([{ uri: 'file:///a', text: '' }]),
    fails: readModern([]),
  },
  'completion/values': {
    passes: completed(100),
    fails: completed(101),
  },
};
