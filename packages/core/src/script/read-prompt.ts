import type { JsonObject } from '../model.ts';
import type { Prompt } from './script-player.ts';

/** Reads what a script looks at out of a valid request. */
export function readPrompt(body: JsonObject): Prompt {
  const messages = (body['messages'] as readonly JsonObject[]).filter((message) => message['role'] === 'user');
  const contents = messages.map((message) => blocksOf(message['content']));
  const newest = contents.at(-1) ?? [];
  const noTools = (body['tool_choice'] as JsonObject | undefined)?.['type'] === 'none';
  return {
    from: newest.some((block) => block['type'] === 'text') ? 'user' : 'result',
    // A message may hold texts that got no answer, such as after an interruption; the last one is what is asked.
    query: texts(contents.flat()).at(-1) ?? '',
    result: results(contents.findLast((blocks) => blocks.some((block) => block['type'] === 'tool_result')) ?? []),
    tools: noTools ? [] : ((body['tools'] ?? []) as readonly JsonObject[]).map((tool) => String(tool['name'])),
  };
}

function results(blocks: readonly JsonObject[]): string {
  const all = blocks.filter((block) => block['type'] === 'tool_result');
  return all.flatMap((block) => texts(blocksOf(block['content']))).join('\n');
}

function texts(blocks: readonly JsonObject[]): readonly string[] {
  return blocks.flatMap((block) => (block['type'] === 'text' ? [String(block['text'])] : []));
}

function blocksOf(content: unknown): readonly JsonObject[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? (content as readonly JsonObject[]) : [];
}
