import { META_KEYS, eraOf, metaOf } from '@mcp-dbg/protocol';
import { ExchangeTracker, type IdText, type Message, type RequestReading, flippedId } from '@mcp-dbg/wire';

import { isObject, textIn } from '../json-object.ts';
import { detached } from '../message-text.ts';
import { openBound } from '../open-bound.ts';
import { plainText } from '../plain-text.ts';
import type { RelayFrame } from '../relay-frame.ts';
import { CallTimes } from './call-times.ts';
import type { PastError } from './past-errors.ts';

const MAX_TEXT = 1000;

/** A request of the client that waits for its answer. */
export interface Asked {
  readonly id: IdText;
  readonly method: string;
  /** Of a list: the page that is asked for; undefined for the first. */
  readonly cursor: string | undefined;
  /** Of `tools/call`. */
  readonly tool: string | undefined;
  /** The version that it is said in; undefined where none was agreed on yet. */
  readonly version: string | undefined;
  /** Monotonic, milliseconds. */
  readonly atMs: number;
}

/** Counts what passes, and finds the errors in it. Bounded. */
export class TrafficStory {
  readonly times: CallTimes = new CallTimes();
  readonly frames: { client: number; server: number } = { client: 0, server: 0 };
  noise = 0;
  answered = 0;
  failed = 0;
  readonly #open: ExchangeTracker<Asked>;
  #version: string | undefined;

  /** `note` says in the record that there was too much to remember. */
  constructor(note: (text: string) => void) {
    this.#open = new ExchangeTracker(openBound({ note, price: 'mcpdbg_stats leaves them out', sizeOf }));
  }

  /** Requests of the client that wait. */
  get open(): number {
    return this.#open.openOf('client');
  }

  /** The version that the client speaks; undefined before it is known. */
  get version(): string | undefined {
    return this.#version;
  }

  /** What a request is, before it waits. A modern one says its version itself. */
  request({ id, method, params }: RequestReading, atMs: number): Asked {
    const own = textIn(metaOf(params), META_KEYS.protocolVersion);
    if (own !== undefined && eraOf(own) === 'modern') this.#version = own;
    const tool = method === 'tools/call' ? textIn(params, 'name') : undefined;
    const cursor = textIn(params, 'cursor');
    return { id: detached(id), method, cursor, tool, version: own ?? this.#version, atMs };
  }

  /** It goes on to the server. */
  asked(asked: Asked): void {
    this.#open.ask('client', asked.id, asked);
  }

  /** The client called it off: it will have no answer. */
  calledOff(id: IdText): void {
    this.#open.answer('server', id);
  }

  /** The request that a message of the server answers. */
  answer(message: Message): Asked | undefined {
    if (message.kind !== 'result' && message.kind !== 'error') return undefined;
    // Some servers answer a number with a text and the reverse, and clients take it.
    const asked = this.#open.answer('server', message.id) ?? this.#open.answer('server', flippedId(message.id));
    if (asked === undefined) return undefined;
    if (asked.method === 'initialize' && message.kind === 'result')
      this.#version = textIn(message.result, 'protocolVersion') ?? this.#version;
    return asked;
  }

  /** Counts an answer, and gives the error that it is. */
  judge(asked: Asked, message: Message, nowMs: number, atMs: number): PastError | undefined {
    const error = errorOf(asked, message, atMs);
    this.answered++;
    if (error !== undefined) this.failed++;
    if (asked.tool !== undefined)
      this.times.add(plainText(asked.tool, MAX_TEXT), nowMs - asked.atMs, error !== undefined);
    return error;
  }

  /** The error that a line of the server is which is no message; undefined where it is one. */
  noiseIn({ reading, isPiece }: RelayFrame, atMs: number): PastError | undefined {
    if (isPiece || (reading.kind !== 'not-json' && reading.kind !== 'not-json-rpc')) return undefined;
    if (reading.text?.trim() === '') return undefined;
    this.noise++;
    const text = reading.text === undefined ? 'bytes that are not UTF-8' : plainText(reading.text, MAX_TEXT);
    return { kind: 'noise', atMs, message: `A line on stdout is no MCP message: ${text}`, more: {} };
  }
}

function sizeOf({ id, method, cursor = '', tool = '' }: Asked): number {
  return id.length + method.length + cursor.length + tool.length;
}

function errorOf({ method, tool }: Asked, message: Message, atMs: number): PastError | undefined {
  const about = { method: plainText(method, MAX_TEXT), ...(tool !== undefined && { tool: plainText(tool, MAX_TEXT) }) };
  if (message.kind === 'error') {
    const { error } = message;
    const said = plainText(textIn(error, 'message') ?? 'without a message', MAX_TEXT);
    const code = isObject(error) ? error['code'] : undefined;
    return {
      kind: 'rpc-error',
      atMs,
      message: said,
      more: { ...about, ...(Number.isInteger(code) && { code }) },
    };
  }
  const result = message.kind === 'result' ? message.result : undefined;
  if (tool === undefined || !isObject(result) || result['isError'] !== true) return undefined;
  return { kind: 'tool-error', atMs, message: plainText(saidIn(result['content']), MAX_TEXT), more: about };
}

/** The text in the content of a result. */
function saidIn(content: unknown): string {
  const texts = Array.isArray(content) ? content.map((item: unknown) => textIn(item, 'text') ?? '') : [];
  return texts.filter((text) => text !== '').join('\n') || 'without a text';
}
