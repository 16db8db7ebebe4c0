import type { Samples } from '../sample.ts';
import { type Transcript, client, lines, opened, server } from '../transcript.ts';

const schema = { type: 'object', properties: { city: { type: 'string', description: 'A city' } } };
const weather = { name: 'weather', description: 'The weather', inputSchema: schema };
const outputSchema = { type: 'object', properties: { low: { type: 'number' } }, required: ['low'] };

/** The answer to one `tools/list`. */
const listed = (...tools: readonly unknown[]): Transcript => listedAs(1, tools);
const listedAs = (id: number, tools: readonly unknown[], more: object = {}): Transcript =>
  lines(client({ id, method: 'tools/list', params: {} }), server({ id, result: { tools, ...more } }));

/** A legacy connection on which the server lists tools. */
const withTools = (...tools: readonly unknown[]): Transcript => lines(opened(), listed(...tools));

/** A call of a tool, with the server's answer. */
const called = (args: object, result: object, name = 'weather'): Transcript =>
  lines(client({ id: 7, method: 'tools/call', params: { name, arguments: args } }), server({ id: 7, ...result }));

const text = { type: 'text', text: '{"low":3}' };
const sunny = { result: { content: [text] } };
const changed = server({ method: 'notifications/tools/list_changed' });

/** Of the rules about how tools are listed. */
export const toolSamples: Samples = {
  'tools/name': {
    passes: withTools(weather),
    fails: withTools({ ...weather, name: '' }),
  },
  'tools/input-schema': {
    passes: withTools(weather, { ...weather, name: 'now', inputSchema: { type: 'object' } }),
    fails: withTools({ ...weather, inputSchema: { type: 'string' } }),
  },
  'tools/output-schema': {
    passes: withTools({ ...weather, outputSchema }),
    fails: withTools({ ...weather, outputSchema: { type: 'array' } }),
  },
  'tools/name-characters': {
    passes: withTools({ ...weather, name: 'weather.of-a_city' }),
    fails: withTools({ ...weather, name: 'the weather' }),
  },
  'tools/model-name': {
    passes: withTools({ ...weather, name: 'weather-of_a-city' }),
    fails: withTools({ ...weather, name: 'weather.city' }),
  },
  'tools/described': {
    passes: withTools(weather),
    fails: withTools({ ...weather, inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }),
  },
  'tools/annotations': {
    passes: withTools({ ...weather, annotations: { readOnlyHint: true, destructiveHint: false } }),
    fails: withTools({ ...weather, annotations: { readOnlyHint: true, destructiveHint: true } }),
  },
  'tools/unique-names': {
    passes: withTools(weather, { ...weather, name: 'other' }),
    fails: withTools(weather, { ...weather, description: 'Another' }),
  },
  'tools/order': {
    passes: lines(
      withTools(weather, { ...weather, name: 'b' }),
      changed,
      listedAs(2, [weather, { ...weather, name: 'c' }]),
    ),
    fails: lines(withTools(weather, { ...weather, name: 'b' }), listedAs(2, [{ ...weather, name: 'b' }, weather])),
  },
  'tools/context-cost': {
    passes: withTools(weather),
    fails: withTools({ ...weather, description: 'The weather. '.repeat(2500) }),
  },
  'tools/arguments': {
    passes: lines(withTools(weather), called({ city: 'Bern' }, sunny)),
    fails: lines(withTools(weather), called({ city: 5 }, sunny)),
  },
  'tools/unknown-tool': {
    passes: lines(opened(), listedAs(1, [weather], { nextCursor: 'more' }), called({}, sunny, 'other')),
    fails: lines(withTools(weather), called({}, { error: { code: -32602, message: 'Unknown tool' } }, 'Weather')),
  },
  'tools/unknown-tool-error': {
    passes: lines(withTools(weather), called({}, { error: { code: -32602, message: 'Unknown tool' } }, 'other')),
    fails: lines(withTools(weather), called({}, { result: { content: [text], isError: true } }, 'other')),
  },
  'tools/invalid-arguments-error': {
    passes: lines(withTools(weather), called({ city: 5 }, { result: { content: [text], isError: true } })),
    fails: lines(withTools(weather), called({ city: 5 }, { error: { code: -32602, message: 'city is no text' } })),
  },
  'tools/structured-content': {
    passes: lines(withTools({ ...weather, outputSchema }), called({}, { result: { content: [text], isError: true } })),
    fails: lines(withTools({ ...weather, outputSchema }), called({}, { result: { content: [text] } })),
  },
  'tools/structured-fits': {
    passes: lines(
      withTools({ ...weather, outputSchema }),
      called({}, { result: { content: [text], structuredContent: { low: 3 } } }),
    ),
    fails: lines(
      withTools({ ...weather, outputSchema }),
      called({}, { result: { content: [text], structuredContent: { low: '3' } } }),
    ),
  },
  'tools/structured-text': {
    passes: lines(withTools(weather), called({}, { result: { content: [text], structuredContent: { low: 3 } } })),
    fails: lines(withTools(weather), called({}, { result: { content: [], structuredContent: { low: 3 } } })),
  },
  'content/hidden-text': {
    passes: withTools({ ...weather, description: 'Das Wetter: ☀️, 👨‍👩‍👧, 🏴󠁧󠁢󠁥󠁮󠁧󠁿,\n\tمی‌خواهم' }),
    fails: withTools({ ...weather, description: 'The weather\u202e and more' }),
  },
  'caching/needless-fetch': {
    passes: lines(withTools(weather), changed, listedAs(2, [weather, { ...weather, name: 'b' }])),
    fails: lines(withTools(weather), listedAs(2, [weather])),
  },
  'caching/nothing-changed': {
    passes: lines(withTools(weather), changed, listedAs(2, [{ ...weather, name: 'b' }])),
    fails: lines(withTools(weather), changed, listedAs(2, [weather])),
  },
  'caching/notice-storm': {
    passes: lines(withTools(weather), ...Array.from({ length: 20 }, () => changed)),
    fails: lines(withTools(weather), ...Array.from({ length: 21 }, () => changed)),
  },
};
