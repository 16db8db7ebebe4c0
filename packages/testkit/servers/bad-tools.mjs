// Lists tools that a client or a model's API may refuse, beside a good one. Each answers with its own name.
import { serve } from './_mcp.mjs';

const object = { type: 'object', properties: {} };
// As long as a name may be (2025-11-25/server/tools), and twice what a model's API takes.
const long = (end) =>
  `a_name_of_128_characters_that_no_api_of_a_model_takes_as_it_is_${'_'.repeat(128 - 63 - end.length)}${end}`;

const listed = [
  { name: 'good', inputSchema: object },
  { name: 'no_schema' },
  { name: 'null_schema', inputSchema: null },
  { name: 'string_schema', inputSchema: { type: 'string' } },
  {
    name: 'root_any_of',
    inputSchema: { anyOf: [object, { type: 'object', properties: { a: { type: 'string' } } }] },
  },
  {
    name: 'typed_any_of',
    inputSchema: { type: 'object', anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  },
  {
    name: 'broken_pattern',
    inputSchema: { type: 'object', properties: { a: { type: 'string', pattern: '(' } } },
  },
  {
    name: 'illegal_key',
    inputSchema: { type: 'object', properties: { 'a key with spaces!': { type: 'string' } } },
  },
  { name: long('one'), inputSchema: object },
  { name: long('two'), inputSchema: object },
  { name: 'files.read', inputSchema: object },
  { name: 'files_read', inputSchema: object },
];

serve({
  name: 'bad-tools',
  tools: listed.map((tool) => ({
    ...tool,
    description: 'Answers with its own name.',
    run: () => tool.name,
  })),
});
