import { VERSIONS } from '@mcp-dbg/protocol';
import { describe, expect, it } from 'vitest';

import { answer, ask, client, discovered, findingsIn, lines, opened, server } from './transcript.ts';

// What servers on the official SDKs write, in the forms that the SDKs give it: zod and pydantic make the schemas.

const zod = (properties: object, more: object = {}): object => ({
  type: 'object',
  properties,
  additionalProperties: false,
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...more,
});

/** A tool of a TypeScript server: tuples, records, numbers with limits, one of several literals. */
const chart = {
  name: 'draw-chart',
  title: 'Chart',
  description: 'Draws a chart – of “points” 📈',
  inputSchema: zod(
    {
      points: { type: 'array', items: { $ref: '#/definitions/point' }, minItems: 1, description: 'What is drawn' },
      kind: {
        anyOf: [
          { type: 'string', const: 'line' },
          { type: 'string', const: 'bar' },
        ],
        description: 'How',
      },
      width: { type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991, default: 100, description: 'Pixels' },
      labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'By number' },
    },
    {
      required: ['points'],
      definitions: {
        point: { type: 'array', minItems: 2, maxItems: 2, items: [{ type: 'number' }, { type: 'number' }] },
      },
    },
  ),
  annotations: { title: 'Chart', readOnlyHint: true, idempotentHint: true, openWorldHint: false },
};

/** A tool of a Python server: titles everywhere, optional means null, a result in a wrapper. */
const forecast = {
  name: 'get_forecast',
  description: 'Forecast.\n\n    Args:\n        city: where\n    ',
  inputSchema: {
    type: 'object',
    title: 'get_forecastArguments',
    properties: {
      city: { title: 'City', type: 'string', description: 'Where' },
      day: {
        anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }],
        default: null,
        title: 'Day',
        description: 'When',
      },
    },
    required: ['city'],
  },
  outputSchema: {
    type: 'object',
    title: 'ForecastOutput',
    properties: { result: { items: { $ref: '#/$defs/Day' }, type: 'array', title: 'Result' } },
    required: ['result'],
    $defs: {
      Day: {
        type: 'object',
        properties: { low: { type: 'number' }, sky: { enum: ['clear', 'rain'], type: 'string' } },
        required: ['low'],
      },
    },
  },
};

const text = { type: 'text', text: '{"result":[]}' };
const contents = [
  text,
  { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png', annotations: { audience: ['user'], priority: 0.5 } },
  { type: 'resource', resource: { uri: 'demo://1', mimeType: 'text/plain', text: '' } },
  { type: 'resource', resource: { uri: 'demo://2', blob: '' } },
];
const newer = [
  { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
  { type: 'resource_link', uri: 'demo://3', name: 'Three', size: 3 },
];

const calls: readonly (readonly [method: string, params: object, answered: object])[] = [
  ['tools/list', {}, { result: { tools: [chart, forecast] } }],
  [
    'tools/call',
    { name: 'draw-chart', arguments: { points: [[1, 2.5]], kind: 'bar', labels: { a: 'b' } } },
    { result: { content: contents } },
  ],
  [
    'tools/call',
    { name: 'get_forecast', arguments: { city: 'Zürich', day: null } },
    {
      result: { content: [text], structuredContent: { result: [{ low: -3.5, sky: 'rain', high: 2 }] }, isError: false },
    },
  ],
  [
    'tools/call',
    { name: 'get_forecast', arguments: { city: '' } },
    { result: { content: [{ type: 'text', text: 'no city' }], isError: true } },
  ],
  [
    'prompts/get',
    { name: 'tell' },
    {
      result: {
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: contents[1] },
        ],
      },
    },
  ],
  [
    'resources/read',
    { uri: 'demo://2' },
    { result: { contents: [{ uri: 'demo://2', mimeType: 'image/png', blob: 'AAE=' }] } },
  ],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'tell' }, argument: { name: 'to', value: '' } },
    { result: { completion: { values: ['a'], total: 1, hasMore: false } } },
  ],
];

/** Rules that tell of what is legal; servers may have reasons. */
const LEGAL = ['schema/old-draft', 'schema/closed-objects', 'schema/newer-field'];

const ABOUT_TOOLS = /^(?:tools|content|resources|completion|schema|caching)\//;

const findings = (transcript: string): readonly string[] =>
  findingsIn(transcript)
    .filter(({ level, rule }) => level !== 'info' || (ABOUT_TOOLS.test(rule) && !LEGAL.includes(rule)))
    .map(({ rule, message }) => `${rule}: ${message}`);

describe('an honest server is told nothing', () => {
  it.each(VERSIONS.filter((version) => version < '2026'))('in %s', (version) => {
    const all = calls.map(([method, params, answered], index) =>
      lines(client({ id: index + 1, method, params }), server({ id: index + 1, ...answered })),
    );
    const link = lines(
      client({ id: 20, method: 'tools/call', params: { name: 'draw-chart', arguments: { points: [[0, 0]] } } }),
      server({ id: 20, result: { content: version < '2025-06-18' ? [text] : newer } }),
    );
    const changed = server({ method: 'notifications/tools/list_changed' });
    const again = lines(client({ id: 30, method: 'tools/list' }), server({ id: 30, result: { tools: [chart] } }));
    expect(findings(lines(opened(version), ...all, link, changed, again))).toEqual([]);
  });

  it('in 2026-07-28, also where it asks for input first, and lists values that are no objects', () => {
    const hints = { ttlMs: 0, cacheScope: 'private' };
    const count = {
      name: 'count',
      description: 'Counts',
      inputSchema: { type: 'object' },
      outputSchema: { type: 'integer' },
    };
    const elicit = {
      method: 'elicitation/create',
      params: { mode: 'form', message: 'Which?', requestedSchema: { type: 'object', properties: {} } },
    };
    const transcript = lines(
      discovered(),
      ask(1, 'tools/list'),
      answer(1, { tools: [chart, forecast, count], ...hints }),
      ask(2, 'tools/call', { name: 'get_forecast', arguments: { city: 'Bern' } }),
      answer(2, { resultType: 'input_required', inputRequests: { which: elicit }, requestState: 'S' }),
      ask(3, 'tools/call', {
        name: 'get_forecast',
        arguments: { city: 'Bern' },
        inputResponses: { which: { action: 'accept', content: {} } },
        requestState: 'S',
      }),
      answer(3, { content: [text], structuredContent: { result: [] } }),
      ask(4, 'tools/call', { name: 'count', arguments: {} }),
      answer(4, { content: [text], structuredContent: 3 }),
      ask(5, 'tools/call', { name: 'draw-chart', arguments: { points: [[0, 0]] } }),
      answer(5, { content: [...contents, ...newer] }),
      ask(6, 'resources/read', { uri: 'demo://2' }),
      answer(6, { contents: [{ uri: 'demo://2', text: '' }], ...hints }),
      ask(7, 'tools/list'),
      answer(7, { tools: [chart, forecast, count], ...hints }),
    );
    expect(findings(transcript)).toEqual([]);
  });
});
