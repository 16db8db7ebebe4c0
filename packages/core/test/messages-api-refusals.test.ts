import { describe, expect, test } from 'vitest';

import { messagesApi, parseScript } from '../src/script/index.ts';
import {
  PNG,
  answered,
  asked,
  called,
  image,
  post,
  result,
  text,
  tool,
  use,
  valid,
} from './support/messages-request.ts';

/** One request each that the real API refuses, and what it says of it. */
const REFUSED: readonly (readonly [string, object | string, RegExp])[] = [
  ['no JSON', '{"model":', /not valid JSON/],
  ['a list', '[]', /not valid JSON/],
  ['half a character', { ...valid, messages: [{ role: 'user', content: '\ud800' }] }, /no low surrogate/],
  ['an unknown field', { ...valid, temperature: 1 }, /^temperature: Extra inputs are not permitted/],
  ['no model', { ...valid, model: undefined }, /^model: Field required/],
  ['no max_tokens', { ...valid, max_tokens: undefined }, /^max_tokens: Field required/],
  ['max_tokens that are no number', { ...valid, max_tokens: '9' }, /^max_tokens: .*integer/],
  ['max_tokens of none', { ...valid, max_tokens: 0 }, /^max_tokens: .*greater/],
  ['no messages', { ...valid, messages: undefined }, /^messages: Field required/],
  ['an empty conversation', { ...valid, messages: [] }, /at least one message/],
  ['a message that is none', { ...valid, messages: ['hi'] }, /^messages\.0: /],
  ['an unknown role', { ...valid, messages: [{ role: 'tool', content: 'x' }] }, /^messages\.0\.role/],
  [
    'an unknown key in a message',
    { ...valid, messages: [{ ...asked, name: 'x' }] },
    /^messages\.0\.name: Extra inputs/,
  ],
  [
    'a beginning by the assistant',
    { ...valid, messages: [{ role: 'assistant', content: 'x' }] },
    /first message must use the "user" role/,
  ],
  ['empty content', { ...valid, messages: [{ role: 'user', content: [] }] }, /non-empty content/],
  [
    'an empty assistant message before the end',
    { ...valid, messages: [asked, { role: 'assistant', content: [] }, asked] },
    /non-empty content/,
  ],
  ['an empty text block', { ...valid, messages: [answered(text(''))] }, /text content blocks must be non-empty/],
  ['a blank text block', { ...valid, messages: [answered(text(' \n'))] }, /non-whitespace/],
  [
    'a text block without text',
    { ...valid, messages: [answered({ type: 'text' })] },
    /^messages\.0\.content\.0\.text\.text: Field required/,
  ],
  ['a block without type', { ...valid, messages: [answered({ text: 'x' })] }, /^messages\.0\.content\.0\.type/],
  ['a block of MCP', { ...valid, messages: [answered({ type: 'audio', data: '' })] }, /Input tag 'audio'/],
  [
    'an MCP annotation in a block',
    { ...valid, messages: [answered({ type: 'text', text: 'x', annotations: {} })] },
    /text\.annotations: Extra inputs/,
  ],
  [
    'a user message with a call',
    { ...valid, messages: [answered(use('a'))] },
    /`tool_use` blocks can only be in `assistant`/,
  ],
  [
    'trailing white space before a continuation',
    { ...valid, messages: [asked, { role: 'assistant', content: 'x ' }] },
    /trailing whitespace/,
  ],
  [
    'thinking at the end',
    {
      ...valid,
      messages: [asked, { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: 's' }] }, asked],
    },
    /cannot be `thinking`/,
  ],
  [
    'thinking without signature',
    {
      ...valid,
      messages: [
        asked,
        { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: '' }, text('x')] },
        asked,
      ],
    },
    /Invalid `signature`/,
  ],
  [
    'a call without result',
    { ...valid, messages: [asked, called('a'), asked] },
    /^messages\.1: `tool_use` ids were found without `tool_result` blocks immediately after: a\./,
  ],
  [
    'one of two calls without result',
    { ...valid, messages: [asked, called('a', 'b'), answered(result('b'))] },
    /without `tool_result` blocks immediately after: a\./,
  ],
  [
    'results in two messages',
    { ...valid, messages: [asked, called('a', 'b'), answered(result('a')), answered(result('b'))] },
    /immediately after: b\./,
  ],
  [
    'text before a result',
    { ...valid, messages: [asked, called('a'), answered(text('so'), result('a'))] },
    /immediately after: a\./,
  ],
  ['a call at the end', { ...valid, messages: [asked, called('a')] }, /immediately after: a\./],
  [
    'a result of no call',
    { ...valid, messages: [answered(result('z'))] },
    /^messages\.0\.content\.0: unexpected `tool_use_id` found in `tool_result` blocks: z/,
  ],
  [
    'two results of one call',
    { ...valid, messages: [asked, called('a'), answered(result('a'), result('a'))] },
    /single result/,
  ],
  [
    'two calls of one id',
    { ...valid, messages: [asked, called('a', 'a'), answered(result('a'))] },
    /ids must be unique/,
  ],
  [
    'an id used before',
    { ...valid, messages: [asked, called('a'), answered(result('a')), called('a'), answered(result('a'))] },
    /ids must be unique/,
  ],
  [
    'an id with a space',
    { ...valid, messages: [asked, called('a b'), answered(result('a b'))] },
    /tool_use\.id: String should match/,
  ],
  [
    'a result without id',
    { ...valid, messages: [asked, called('a'), answered({ type: 'tool_result' })] },
    /tool_use_id: Field required/,
  ],
  [
    'an empty failed result',
    { ...valid, messages: [asked, called('a'), answered(result('a', { is_error: true, content: [] }))] },
    /content cannot be empty if `is_error` is true/,
  ],
  [
    'a failed result with an image',
    {
      ...valid,
      messages: [asked, called('a'), answered(result('a', { is_error: true, content: [image('image/png', PNG)] }))],
    },
    /all content must be type "text"/,
  ],
  [
    'MCP content in a result',
    {
      ...valid,
      messages: [asked, called('a'), answered(result('a', { content: [{ type: 'resource_link', uri: 'x' }] }))],
    },
    /Input tag 'resource_link'/,
  ],
  [
    'an MCP image in a result',
    {
      ...valid,
      messages: [
        asked,
        called('a'),
        answered(result('a', { content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] })),
      ],
    },
    /image\.data: Extra inputs/,
  ],
  [
    'an image of another type than said',
    { ...valid, messages: [answered(image('image/jpeg', PNG))] },
    /image\/jpeg media type, but the image appears to be a image\/png image/,
  ],
  ['an image that is none', { ...valid, messages: [answered(image('image/png', 'AAAA'))] }, /Could not process image/],
  [
    'an SVG image',
    { ...valid, messages: [answered(image('image/svg+xml', 'AAAA'))] },
    /media_type: Input should be 'image\/jpeg'/,
  ],
  ['broken base64', { ...valid, messages: [answered(image('image/png', '***'))] }, /Invalid base64/],
  [
    'a document that is no PDF',
    {
      ...valid,
      messages: [
        answered({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } }),
      ],
    },
    /PDF specified was not valid/,
  ],
  [
    'a tool with a point in its name',
    { ...valid, tools: [{ ...tool, name: 'a.b' }] },
    /^tools\.0\.custom\.name: String should match pattern '\^\[a-zA-Z0-9_-\]\{1,64\}\$'/,
  ],
  ['a tool with a long name', { ...valid, tools: [{ ...tool, name: 'x'.repeat(65) }] }, /^tools\.0\.custom\.name/],
  ['a tool without name', { ...valid, tools: [{ input_schema: { type: 'object' } }] }, /name: Field required/],
  ['two tools of one name', { ...valid, tools: [tool, tool] }, /names must be unique/],
  [
    'an unknown key in a tool',
    { ...valid, tools: [{ ...tool, _server: 'x' }] },
    /^tools\.0\.custom\._server: Extra inputs are not permitted/,
  ],
  ['a tool without schema', { ...valid, tools: [{ name: 'x' }] }, /input_schema: Field required/],
  [
    'a schema without type',
    { ...valid, tools: [{ name: 'x', input_schema: {} }] },
    /input_schema\.type: Field required/,
  ],
  [
    'a schema of a text',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'string' } }] },
    /input_schema\.type: Input should be 'object'/,
  ],
  [
    'a root anyOf',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'object', anyOf: [] } }] },
    /does not support oneOf, allOf, or anyOf at the top level/,
  ],
  [
    'a parameter with a space',
    { ...valid, tools: [{ name: 'x', input_schema: { type: 'object', properties: { 'a b': {} } } }] },
    /Property keys should match pattern '\^\[a-zA-Z0-9_\.-\]\{1,64\}\$'/,
  ],
  [
    'calls and no tools',
    { ...valid, tools: [], messages: [asked, called('a'), answered(result('a'))] },
    /must define tools/,
  ],
  ['a choice among no tools', { ...valid, tools: undefined, tool_choice: { type: 'auto' } }, /while providing tools/],
];

describe('the Messages API', () => {
  test.each(REFUSED)('refuses %s', async (_, body, words) => {
    await using api = await messagesApi(parseScript('{"turns":[{"say":"ok"}]}'));
    const { status, answer } = await post(api, body);
    expect([status, answer.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(answer.error?.message).toMatch(words);
  });
});
