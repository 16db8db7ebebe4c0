import { imageTypeOf } from '../image-type.ts';
import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import { type Problems, strangers } from './check-shape.ts';

/** The keys of each block type that is served here, and who may send it. */
const BLOCKS: ReadonlyMap<string, { readonly roles: readonly string[]; readonly keys: readonly string[] }> = new Map([
  ['text', { roles: ['user', 'assistant', 'system'], keys: ['text', 'citations'] }],
  ['image', { roles: ['user'], keys: ['source', 'transformations'] }],
  ['document', { roles: ['user'], keys: ['source', 'title', 'context', 'citations'] }],
  ['tool_result', { roles: ['user'], keys: ['tool_use_id', 'content', 'is_error', 'toolset_name'] }],
  ['tool_use', { roles: ['assistant'], keys: ['id', 'name', 'input', 'caller', 'toolset_name'] }],
  ['thinking', { roles: ['assistant'], keys: ['thinking', 'signature'] }],
  ['redacted_thinking', { roles: ['assistant'], keys: ['data'] }],
]);
const ID = /^[a-zA-Z0-9_-]+$/;
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

/** Checks one content block, those of a tool result included. */
export function* checkBlock(block: unknown, role: string, place: string): Problems {
  if (!isObject(block)) return yield `${place}: Input should be a valid dictionary`;
  const type = String(block['type']);
  const known = BLOCKS.get(type);
  if (block['type'] === undefined) return yield `${place}.type: Field required`;
  if (known === undefined)
    return yield `${place}: Input tag '${type}' found using 'type' does not match any of the expected tags`;
  const at = `${place}.${type}`;
  yield* strangers(block, ['type', 'cache_control', ...known.keys], `${at}.`);
  if (!known.roles.includes(role))
    yield `${place}: \`${type}\` blocks can only be in \`${known.roles.join('` or `')}\` messages`;
  yield* CHECKS[type]?.(block, at) ?? [];
}

const CHECKS: Readonly<Record<string, (block: JsonObject, at: string) => Problems>> = {
  text: checkText,
  image: checkImage,
  document: checkDocument,
  tool_result: checkToolResult,
  tool_use: checkToolUse,
  thinking: checkThinking,
};

function* checkText({ text }: JsonObject, at: string): Problems {
  if (typeof text !== 'string')
    return yield `${at}.text: ${text === undefined ? 'Field required' : 'Input should be a valid string'}`;
  if (text === '') yield 'messages: text content blocks must be non-empty';
  if (text.trim() === '') yield 'messages: text content blocks must contain non-whitespace text';
}

function* checkImage({ source }: JsonObject, at: string): Problems {
  if (!isObject(source)) return yield `${at}.source: Field required`;
  const place = `${at}.source.base64`;
  const { type, media_type: mediaType, data } = source;
  if (type !== 'base64') return yield `${at}.source: Input tag '${String(type)}' is not served here`;
  yield* strangers(source, ['type', 'media_type', 'data'], `${place}.`);
  if (!IMAGE_TYPES.includes(String(mediaType)))
    yield `${place}.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`;
  if (typeof data !== 'string' || data === '' || !BASE64.test(data)) return yield `${place}.data: Invalid base64 data`;
  const found = imageTypeOf(Buffer.from(data, 'base64'));
  if (found === undefined) yield `${place}: Could not process image`;
  if (found !== mediaType)
    yield `${place}: The image was specified using the ${String(mediaType)} media type, but the image appears to be a ${String(found)} image`;
}

function* checkDocument({ source }: JsonObject, at: string): Problems {
  if (!isObject(source)) return yield `${at}.source: Field required`;
  const { type, media_type: mediaType, data } = source;
  if (type !== 'base64') return;
  if (mediaType !== 'application/pdf') yield `${at}.source.base64.media_type: Input should be 'application/pdf'`;
  if (typeof data !== 'string' || !BASE64.test(data)) return yield `${at}.source.base64.data: Invalid base64 data`;
  if (!Buffer.from(data, 'base64').subarray(0, 1024).includes('%PDF-'))
    yield `${at}.source.base64.data: The PDF specified was not valid.`;
}

function* checkToolUse({ id, name, input }: JsonObject, at: string): Problems {
  if (typeof id !== 'string' || !ID.test(id)) yield `${at}.id: String should match pattern '${ID.source}'`;
  if (typeof name !== 'string' || !NAME.test(name)) yield `${at}.name: String should match pattern '${NAME.source}'`;
  if (input === undefined) yield `${at}.input: Field required`;
  if (!isObject(input)) yield `${at}.input: Input should be a valid dictionary`;
}

function* checkThinking({ thinking, signature }: JsonObject, at: string): Problems {
  if (typeof thinking !== 'string') yield `${at}.thinking: Field required`;
  if (typeof signature !== 'string') yield `${at}.signature: Field required`;
  if (signature === '') yield `${at}: Invalid \`signature\` in \`thinking\` block`;
}

function* checkToolResult({ tool_use_id: id, content, is_error: isError }: JsonObject, at: string): Problems {
  if (id === undefined) yield `${at}.tool_use_id: Field required`;
  if (typeof id !== 'string' || !ID.test(id)) yield `${at}.tool_use_id: String should match pattern '${ID.source}'`;
  if (isError !== undefined && typeof isError !== 'boolean') yield `${at}.is_error: Input should be a valid boolean`;
  if (isError === true && (content === undefined || (content as { length?: unknown }).length === 0)) {
    yield `${at}: content cannot be empty if \`is_error\` is true`;
  }
  if (content === undefined || typeof content === 'string') return;
  if (!Array.isArray(content)) return yield `${at}.content: Input should be a valid list`;
  for (const [index, block] of content.entries()) {
    const type = isObject(block) ? block['type'] : undefined;
    if (type !== 'text' && type !== 'image' && type !== 'document') {
      yield `${at}.content.${index}: Input tag '${String(type)}' found using 'type' does not match any of the expected tags: 'text', 'image', 'document'`;
    }
    if (isError === true && type !== 'text') yield `${at}: all content must be type "text" if "is_error" is true`;
    yield* checkBlock(block, 'user', `${at}.content.${index}`);
  }
}
