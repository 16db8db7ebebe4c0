import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';
import { checkBlock } from './check-blocks.ts';
import { type Problems, strangers } from './check-shape.ts';

interface Message {
  readonly role: string;
  readonly blocks: readonly JsonObject[];
}

/** Checks `messages`: each one by itself, then that every tool call has its result where the API looks for it. */
export function* checkMessages(body: JsonObject): Problems {
  const list = body['messages'];
  if (list === undefined) return yield 'messages: Field required';
  if (!Array.isArray(list)) return yield 'messages: Input should be a valid list';
  if (list.length === 0) return yield 'messages: at least one message is required';
  for (const [index, message] of list.entries()) yield* checkMessage(message, index, index === list.length - 1);
  const messages = list.map(readMessage);
  if (messages[0]?.role !== 'user') yield 'messages: first message must use the "user" role';
  yield* checkPairing(messages);
  const toolless = !Array.isArray(body['tools']) || body['tools'].length === 0;
  if (
    toolless &&
    messages.some(({ blocks }) => blocks.some(({ type }) => type === 'tool_use' || type === 'tool_result'))
  ) {
    yield 'Requests which include `tool_use` or `tool_result` blocks must define tools';
  }
}

function* checkMessage(message: unknown, index: number, last: boolean): Problems {
  const at = `messages.${index}`;
  if (!isObject(message)) return yield `${at}: Input should be a valid dictionary`;
  yield* strangers(message, ['role', 'content'], `${at}.`);
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant' && role !== 'system')
    yield `${at}.role: Input should be 'user', 'assistant' or 'system'`;
  if (typeof content !== 'string' && !Array.isArray(content))
    return yield `${at}.content: Input should be a valid list`;
  if (content.length === 0 && !(last && role === 'assistant')) {
    yield `${at}: all messages must have non-empty content except for the optional final assistant message`;
  }
  const blocks = blocksOf(content);
  for (const [each, block] of blocks.entries()) yield* checkBlock(block, String(role), `${at}.content.${each}`);
  if (role !== 'assistant') return;
  const final = blocks.at(-1) as JsonObject | undefined;
  if (final?.['type'] === 'thinking' || final?.['type'] === 'redacted_thinking') {
    yield `${at}: The final block in an assistant message cannot be \`thinking\`.`;
  }
  if (last && final?.['type'] === 'text' && /\s$/.test(String(final['text']))) {
    yield 'messages: final assistant content cannot end with trailing whitespace';
  }
}

function* checkPairing(messages: readonly Message[]): Problems {
  const seen = new Set<unknown>();
  for (const [index, { role, blocks }] of messages.entries()) {
    const uses = role === 'assistant' ? blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id) : [];
    if (uses.some((id, at) => seen.has(id) || uses.indexOf(id) !== at))
      yield `messages.${index}: \`tool_use\` ids must be unique`;
    for (const id of uses) seen.add(id);
    const answers = leadingResults(messages[index + 1]);
    const missing = uses.filter((id) => !answers.includes(id));
    if (missing.length > 0) {
      yield `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
    }
    yield* checkResults(messages, index);
  }
}

function* checkResults(messages: readonly Message[], index: number): Problems {
  const before = messages[index - 1];
  const asked =
    before?.role === 'assistant' ? before.blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => id) : [];
  const answered = new Set<unknown>();
  for (const [at, block] of (messages[index]?.blocks ?? []).entries()) {
    if (block['type'] !== 'tool_result') continue;
    const id = block['tool_use_id'];
    if (!asked.includes(id)) {
      yield `messages.${index}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(id)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    if (answered.has(id))
      yield `messages.${index}.content.${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${String(id)}`;
    answered.add(id);
  }
}

/** The API looks for results only before any other content of a message. */
function leadingResults(message: Message | undefined): readonly unknown[] {
  if (message?.role !== 'user') return [];
  const end = message.blocks.findIndex(({ type }) => type !== 'tool_result');
  return message.blocks.slice(0, end < 0 ? undefined : end).map((block) => block['tool_use_id']);
}

function readMessage(message: JsonObject): Message {
  return {
    role: String(message['role']),
    blocks: blocksOf(message['content']) as readonly JsonObject[],
  };
}

function blocksOf(content: unknown): readonly unknown[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return Array.isArray(content) ? content : [];
}
