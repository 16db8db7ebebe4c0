import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import { type Problems, strangers } from './check-shape.ts';

const TOOL_KEYS = [
  'name',
  'description',
  'input_schema',
  'type',
  'cache_control',
  'strict',
  'input_examples',
  'defer_loading',
  'allowed_callers',
  'eager_input_streaming',
];
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;

/** Checks `tools` and `tool_choice`. One bad tool makes the API refuse the whole request. */
export function* checkTools(body: JsonObject): Problems {
  const { tools = [] } = body as { tools?: unknown };
  if (!Array.isArray(tools)) return yield 'tools: Input should be a valid list';
  for (const [index, tool] of tools.entries()) yield* checkTool(tool, `tools.${index}`);
  const names = tools.map((tool) => (tool as JsonObject)['name']);
  if (new Set(names).size < names.length) yield 'tools: Tool names must be unique.';
  const choice = body['tool_choice'];
  if (choice === undefined) return;
  if (!isObject(choice)) return yield 'tool_choice: Input should be a valid dictionary';
  if (!['auto', 'any', 'tool', 'none'].includes(String(choice['type'])))
    yield "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'";
  if (tools.length === 0) yield 'tool_choice: may only be specified while providing tools';
  if (choice['type'] === 'tool' && !names.includes(choice['name']))
    yield `Tool '${String(choice['name'])}' not found in provided tools`;
}

function* checkTool(tool: unknown, place: string): Problems {
  if (!isObject(tool)) return yield `${place}: Input should be a valid dictionary`;
  if (tool['type'] !== undefined && tool['type'] !== null && tool['type'] !== 'custom')
    yield `${place}: Only tools of type 'custom' are served here`;
  const at = `${place}.custom`;
  yield* strangers(tool, TOOL_KEYS, `${at}.`);
  const { name, description, input_schema: schema } = tool;
  if (name === undefined) yield `${at}.name: Field required`;
  if (typeof name !== 'string' || !NAME.test(name)) yield `${at}.name: String should match pattern '${NAME.source}'`;
  if (description !== undefined && typeof description !== 'string')
    yield `${at}.description: Input should be a valid string`;
  if (schema === undefined) yield `${at}.input_schema: Field required`;
  if (!isObject(schema)) return yield `${at}.input_schema: Input should be a valid dictionary`;
  yield* checkSchema(schema, `${at}.input_schema`);
}

function* checkSchema(schema: JsonObject, at: string): Problems {
  if (schema['type'] === undefined) yield `${at}.type: Field required`;
  if (schema['type'] !== 'object') yield `${at}.type: Input should be 'object'`;
  if (['oneOf', 'anyOf', 'allOf'].some((key) => key in schema))
    yield `${at}: input_schema does not support oneOf, allOf, or anyOf at the top level`;
  const { properties = {}, required = [] } = schema as { properties?: unknown; required?: unknown };
  if (properties !== null && !isObject(properties)) return yield `${at}.properties: Input should be a valid dictionary`;
  if (Object.keys(properties ?? {}).some((key) => !PROPERTY.test(key)))
    yield `${at}.properties: Property keys should match pattern '${PROPERTY.source}'`;
  if (required !== null && !Array.isArray(required)) yield `${at}.required: Input should be a valid list`;
}
