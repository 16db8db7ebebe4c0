import type { Cue } from './script-player.ts';

/** One server-sent event of a streamed message. */
export interface MessageEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What a message needs beside its cue. */
export interface MessageHead {
  readonly id: string;
  readonly model: string;
  readonly inputTokens: number;
  /** Ids for the calls of the cue, in order. */
  readonly callIds: readonly string[];
  readonly signature: string;
}

interface Block {
  /** The block as it starts, and as it is when complete. */
  readonly start: object;
  readonly whole: object;
  readonly deltas: readonly object[];
}

/** The events of a streamed message in the API's order: https://docs.claude.com/en/docs/build-with-claude/streaming */
export function* messageEvents(cue: Cue, head: MessageHead): Generator<MessageEvent> {
  const message = { ...emptyMessage(head), usage: usage(head.inputTokens, 1) };
  yield { type: 'message_start', message };
  for (const [index, block] of blocks(cue, head).entries()) {
    yield { type: 'content_block_start', index, content_block: block.start };
    if (index === 0) yield { type: 'ping' };
    for (const delta of block.deltas) yield { type: 'content_block_delta', index, delta };
    yield { type: 'content_block_stop', index };
  }
  const delta = { container: null, ...stopFields(cue) };
  yield { type: 'message_delta', delta, usage: usage(head.inputTokens, outputTokens(cue)) };
  yield { type: 'message_stop' };
}

/** The same message for a request that asks for no stream. */
export function wholeMessage(cue: Cue, head: MessageHead): object {
  const content = blocks(cue, head).map(({ whole }) => whole);
  return {
    ...emptyMessage(head),
    content,
    ...stopFields(cue),
    usage: usage(head.inputTokens, outputTokens(cue)),
  };
}

function emptyMessage({ id, model }: MessageHead): object {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    container: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
}

function blocks({ think, say, call, stop }: Cue, { callIds, signature }: MessageHead): Block[] {
  const all: Block[] = [];
  if (think !== undefined) all.push(thinkingBlock(think, signature));
  if (say !== undefined && say !== '') all.push(textBlock(say));
  for (const [index, { tool, args }] of call.entries()) {
    const start = {
      type: 'tool_use',
      id: callIds[index],
      name: tool,
      input: {},
      caller: { type: 'direct' },
    };
    const text = JSON.stringify(args);
    const cut = stop !== 'tool_use' && index === call.length - 1;
    const sent = cut ? text.slice(0, Math.ceil(text.length / 2)) : text;
    const deltas = ['', ...pieces(sent)].map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    }));
    all.push({ start, whole: { ...start, input: args }, deltas });
  }
  return all;
}

function thinkingBlock(thinking: string, signature: string): Block {
  const whole = { type: 'thinking', thinking, signature };
  const deltas = pieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece }));
  return {
    start: { type: 'thinking', thinking: '', signature: '' },
    whole,
    deltas: [...deltas, { type: 'signature_delta', signature }],
  };
}

function textBlock(text: string): Block {
  const deltas = pieces(text).map((piece) => ({ type: 'text_delta', text: piece }));
  return {
    start: { type: 'text', text: '', citations: null },
    whole: { type: 'text', text, citations: null },
    deltas,
  };
}

function stopFields({ stop }: Cue): object {
  const refused = { type: 'refusal', category: null, explanation: 'The script refuses here.' };
  return {
    stop_reason: stop,
    stop_sequence: stop === 'stop_sequence' ? 'STOP' : null,
    stop_details: stop === 'refusal' ? refused : null,
  };
}

/** Pieces of at most 12 characters that never split one in two. */
function pieces(text: string): readonly string[] {
  return text.match(/.{1,12}/gsu) ?? [];
}

/** About four characters make a token. */
function outputTokens({ think = '', say = '', call }: Cue): number {
  return Math.ceil((think.length + say.length + JSON.stringify(call).length) / 4);
}

function usage(input: number, output: number): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
  };
}
