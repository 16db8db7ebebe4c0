import type { Samples } from '../sample.ts';
import { type Transcript, client, lines, opened, server } from '../transcript.ts';

/** A legacy connection on which the server lists one tool with this schema for its arguments. */
const taking = (inputSchema: object): Transcript =>
  lines(
    opened(),
    client({ id: 1, method: 'tools/list' }),
    server({ id: 1, result: { tools: [{ name: 'weather', inputSchema: { type: 'object', ...inputSchema } }] } }),
  );

/** The same with one parameter. */
const takingOne = (parameter: object, more: object = {}): Transcript =>
  taking({ properties: { at: parameter }, additionalProperties: false, ...more });

const text = { type: 'string' };
const nested = (levels: number): object =>
  levels === 0 ? text : { type: 'object', properties: { at: nested(levels - 1) } };
const many = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, text]));

/** Of the rules about the schemas of tools. */
export const schemaSamples: Samples = {
  'schema/valid': {
    passes: takingOne({ type: ['string', 'null'], minLength: 1, default: null }),
    fails: takingOne({ type: 'text' }),
  },
  'schema/pattern': {
    passes: takingOne({ type: 'string', pattern: '^[\\w-]+$' }),
    fails: takingOne({ type: 'string', pattern: '(?P<name>a)' }),
  },
  'schema/reference': {
    passes: takingOne({ $ref: '#/$defs/a~1b%20c' }, { $defs: { 'a/b c': text } }),
    fails: takingOne({ $ref: '#/$defs/place' }, { $defs: { city: text } }),
  },
  'schema/network-reference': {
    passes: takingOne({ $ref: 'https://example.com/place' }, { $defs: { a: { $id: 'https://example.com/place' } } }),
    fails: takingOne({ $ref: 'https://example.com/place' }),
  },
  'schema/dialect': {
    passes: takingOne(text, { $schema: 'http://json-schema.org/draft-07/schema#' }),
    fails: takingOne(text, { $schema: 'https://example.com/schema' }),
  },
  'schema/old-draft': {
    passes: takingOne(text, { $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    fails: takingOne(text, { $schema: 'http://json-schema.org/draft-07/schema#' }),
  },
  'schema/old-keyword': {
    passes: takingOne({ type: 'array', items: [text] }, { $schema: 'http://json-schema.org/draft-07/schema#' }),
    fails: takingOne({ type: 'array', items: [text] }),
  },
  'schema/recursion': {
    passes: takingOne({ $ref: '#/$defs/a' }, { $defs: { a: { $ref: '#/$defs/b' }, b: text } }),
    fails: takingOne(
      { $ref: '#/$defs/a' },
      { $defs: { a: { $ref: '#/$defs/b' }, b: { type: 'array', items: { $ref: '#/$defs/a' } } } },
    ),
  },
  'schema/root-composition': {
    passes: takingOne({ anyOf: [text, { type: 'null' }] }),
    fails: takingOne(text, { anyOf: [{ required: ['at'] }, {}] }),
  },
  'schema/property-names': {
    passes: taking({ properties: { 'at.place-1': text } }),
    fails: taking({ properties: { 'the place': text } }),
  },
  'schema/type-list': {
    passes: takingOne({ anyOf: [text, { type: 'null' }] }),
    fails: takingOne({ type: ['string', 'null'] }),
  },
  'schema/pattern-properties': {
    passes: takingOne({ type: 'object', additionalProperties: text }),
    fails: takingOne({ type: 'object', patternProperties: { '^x-': text } }),
  },
  'schema/closed-objects': {
    passes: takingOne({ type: 'object', additionalProperties: text }),
    fails: takingOne(text, { additionalProperties: true }),
  },
  'schema/mixed-enum': {
    passes: takingOne({ enum: ['a', 'b', null] }),
    fails: takingOne({ enum: ['a', 1] }),
  },
  'schema/depth': {
    passes: taking({ properties: { at: nested(9) } }),
    fails: taking({ properties: { at: nested(10) } }),
  },
  'schema/size': {
    passes: taking({ properties: many(100) }),
    fails: taking({ properties: many(101) }),
  },
  'schema/empty': {
    passes: taking({ properties: {}, additionalProperties: {} }),
    fails: takingOne({ description: 'What it is about' }),
  },
};
