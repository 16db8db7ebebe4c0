import { CoreError } from './errors.ts';
import { imageTypeOf } from './image-type.ts';
import { isJson, isObject } from './json.ts';
import type {
  ImageType,
  JsonObject,
  ModelContent,
  ModelReply,
  StopReason,
  ToolReply,
  ToolUse,
  Turn,
  Usage,
} from './model.ts';

const STOPS: readonly StopReason[] = ['end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn'];
const IMAGE_TYPES: readonly ImageType[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Characters of a wrong value that a message shows. */
const QUOTE_LIMIT = 40;

/** Reads one turn by itself. Keys that it does not know are left out. Throws {@link CoreError} `BAD_TURNS`. */
export function readTurn(value: unknown, at: string): Turn {
  const turn = object(value, at);
  const role = oneOf(turn['role'], `${at}.role`, ['user', 'assistant', 'tools'] as const);
  switch (role) {
    case 'user':
      return { role, text: string(turn['text'], `${at}.text`) };
    case 'assistant':
      return { role, reply: readReply(turn['reply'], `${at}.reply`) };
    case 'tools':
      return { role, replies: each(turn['replies'], `${at}.replies`, readToolReply) };
  }
}

function readReply(value: unknown, at: string): ModelReply {
  const { text, calls, stop, detail, usage, vendor = null } = object(value, at) as { [key: string]: unknown };
  if (!isJson(vendor)) throw wrong(`${at}.vendor`, 'a value that is not nested so deep');
  return {
    text: string(text, `${at}.text`),
    calls: each(calls, `${at}.calls`, readCall),
    stop: oneOf(stop, `${at}.stop`, STOPS),
    ...(detail !== undefined && { detail: string(detail, `${at}.detail`) }),
    ...(usage !== undefined && { usage: readUsage(usage, `${at}.usage`) }),
    vendor,
  };
}

function readCall(value: unknown, at: string): ToolUse {
  const { id, name, args } = object(value, at) as { [key: string]: unknown };
  const call = { id: word(id, `${at}.id`), name: word(name, `${at}.name`), args: object(args, `${at}.args`) };
  if (!isJson(args)) throw wrong(`${at}.args`, 'arguments that are not nested so deep');
  return call;
}

function readUsage(value: unknown, at: string): Usage {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = object(value, at) as {
    [key: string]: unknown;
  };
  return {
    inputTokens: count(inputTokens, `${at}.inputTokens`),
    outputTokens: count(outputTokens, `${at}.outputTokens`),
    ...(cacheReadTokens !== undefined && { cacheReadTokens: count(cacheReadTokens, `${at}.cacheReadTokens`) }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens: count(cacheWriteTokens, `${at}.cacheWriteTokens`) }),
  };
}

function readToolReply(value: unknown, at: string): ToolReply {
  const { id, isError, content } = object(value, at) as { [key: string]: unknown };
  if (typeof isError !== 'boolean') throw wrong(`${at}.isError`, 'true or false', isError);
  return { id: word(id, `${at}.id`), isError, content: each(content, `${at}.content`, readContent) };
}

function readContent(value: unknown, at: string): ModelContent {
  const part = object(value, at);
  const type = oneOf(part['type'], `${at}.type`, ['text', 'image', 'pdf'] as const);
  if (type === 'text') return { type, text: string(part['text'], `${at}.text`) };
  const data = base64(part['data'], `${at}.data`);
  // The kind is decided within the first 1024 bytes.
  const head = Buffer.from(data.slice(0, 1400), 'base64');
  if (type === 'pdf') {
    if (!head.subarray(0, 1024).includes('%PDF-')) throw wrong(`${at}.data`, 'the bytes of a PDF document');
    return { type, data };
  }
  const mimeType = oneOf(part['mimeType'], `${at}.mimeType`, IMAGE_TYPES);
  if (imageTypeOf(head) !== mimeType) throw wrong(`${at}.data`, `the bytes of an image of type ${mimeType}`);
  return { type, mimeType, data };
}

/** Reads a list entry by entry. */
export function each<Entry>(value: unknown, at: string, read: (entry: unknown, at: string) => Entry): readonly Entry[] {
  if (!Array.isArray(value)) throw wrong(at, 'a list', value);
  return value.map((entry, index) => read(entry, `${at}[${index}]`));
}

function object(value: unknown, at: string): JsonObject {
  if (!isObject(value)) throw wrong(at, 'an object', value);
  return value;
}

function string(value: unknown, at: string): string {
  if (typeof value !== 'string') throw wrong(at, 'a text', value);
  return value;
}

function word(value: unknown, at: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(at, 'a text that is not empty', value);
  return value;
}

function count(value: unknown, at: string): number {
  if (typeof value !== 'number' || !(value >= 0) || value === Infinity) throw wrong(at, 'a number from 0 on', value);
  return value;
}

function base64(value: unknown, at: string): string {
  const text = word(value, at);
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw wrong(at, 'base64');
  return text;
}

function oneOf<Choice extends string>(value: unknown, at: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === value);
  if (choice === undefined) throw wrong(at, `one of ${choices.join(', ')}`, value);
  return choice;
}

/** The error for a conversation that is wrong at one place. What was found is shown where it is short. */
export function wrong(at: string, expected: string, ...found: readonly unknown[]): CoreError {
  const what = found.length === 0 ? '' : `, found ${kindOf(found[0])}`;
  return new CoreError('BAD_TURNS', `The saved conversation is wrong at ${at}: expected ${expected}${what}`);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = isJson(value) ? JSON.stringify(value) : typeof value;
  return text.length > QUOTE_LIMIT ? `${text.slice(0, QUOTE_LIMIT)}…` : text;
}
