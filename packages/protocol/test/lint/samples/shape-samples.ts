import type { Samples } from '../sample.ts';
import { type Transcript, answer, ask, client, discovered, lines, opened, server } from '../transcript.ts';

const calling = (params: object, version?: string): Transcript =>
  lines(
    opened(version),
    client({ id: 1, method: 'tools/call', params: { arguments: {}, ...params } }),
    server({ id: 1, result: { content: [] } }),
  );

const listing = (prompt: object, version?: string): Transcript =>
  lines(
    opened(version),
    client({ id: 1, method: 'prompts/list' }),
    server({ id: 1, result: { prompts: [{ name: 'a', ...prompt }] } }),
  );

const refused = (data: object): Transcript =>
  lines(
    discovered(),
    ask(1, 'tools/call', { name: 'a', arguments: {} }),
    server({ id: 1, error: { code: -32021, message: 'Elicitation is needed', data } }),
  );

const reading = (contents: object): Transcript =>
  lines(
    discovered(),
    ask(1, 'resources/templates/list'),
    answer(1, { resourceTemplates: [contents], ttlMs: 0, cacheScope: 'private' }),
  );

/** Of the rules about the members of params and results. */
export const shapeSamples: Samples = {
  'schema/params': {
    passes: calling({ name: 'a' }),
    fails: calling({ name: 5 }),
  },
  'schema/result': {
    passes: reading({ name: 'a', uriTemplate: 'file:///{path}' }),
    fails: reading({ name: 'a' }),
  },
  'schema/error-data': {
    passes: refused({ requiredCapabilities: { elicitation: {} } }),
    fails: refused({ needed: 'elicitation' }),
  },
  'schema/newer-field': {
    passes: listing({ title: 'A' }, '2025-06-18'),
    fails: listing({ title: 'A' }, '2025-03-26'),
  },
  'schema/removed-field': {
    passes: lines(
      opened(),
      client({ id: 1, method: 'tools/list' }),
      server({ id: 1, result: { tools: [{ name: 'a', inputSchema: { type: 'object' }, execution: {} }] } }),
    ),
    fails: lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, {
        tools: [{ name: 'a', inputSchema: { type: 'object' }, execution: {} }],
        ttlMs: 0,
        cacheScope: 'private',
      }),
    ),
  },
};
