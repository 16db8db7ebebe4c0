import type { EventEntry, ExchangeEntry, ExitRecord, StderrEntry } from '@mcp-dbg/capture';
import type { Exchange } from '@mcp-dbg/protocol';
import { type Frame, StderrTail, readFrame } from '@mcp-dbg/wire';

import { formatMs } from '../render/sizes.ts';
import { errorText } from './error-text.ts';
import { LastOf } from './last-of.ts';
import { codeSpan } from './markdown-text.ts';

/** Failures that are told from the start, where the cause is, and from the end. */
const MAX_FIRST = 10;
const MAX_LAST = 10;

/** Texts of a tool's result that are read. */
const MAX_TEXTS = 10;

/** Connections whose last words on stderr are remembered. */
const MAX_CONNECTIONS = 1000;

/** Bytes of a line of stderr that are read. */
const MAX_STDERR_LINE = 4096;

const NEWLINE: Uint8Array = Uint8Array.of(0x0a);

/** Requests without an answer that may still turn out to have one. */
const MAX_UNANSWERED = 1000;

/** Collects what failed: requests that had no good answer, and processes that ended badly. */
export class ReportFailures {
  readonly #first: string[] = [];
  readonly #last = new LastOf<string>(MAX_LAST);
  /** What was listed before its answer came, by its number: the answer is listed on its own then. */
  readonly #unanswered = new Map<number, string>();
  readonly #stderr = new Map<number, StderrTail>();
  /** Connections whose process was sent a signal: its end was asked for. */
  readonly #told = new Set<number>();

  get count(): number {
    return this.#first.length + this.#last.count;
  }

  see(entry: ExchangeEntry): void {
    const { n, method, tool, kind, from, status, of } = entry.exchange;
    if (kind === 'response' && of !== undefined) this.#unanswered.delete(of);
    const how = howItFailed(entry.exchange);
    if (how === undefined) return;
    const what = `${codeSpan(method ?? kind, 80)}${tool === undefined ? '' : ` ${codeSpan(tool, 80)}`}`;
    const asker = from === 'server' && kind === 'request' ? ', asked by the server' : '';
    const text = `${what} (frame ${n}${asker}${ofServer(entry.server)}) ${how}`;
    if (status === 'pending' && this.#unanswered.size < MAX_UNANSWERED) this.#unanswered.set(n, text);
    else this.#add(text);
  }

  stderr({ conn, bytes }: StderrEntry): void {
    const tail = this.#stderr.get(conn) ?? new StderrTail();
    if (this.#stderr.size < MAX_CONNECTIONS) this.#stderr.set(conn, tail);
    tail.push(bytes.subarray(0, MAX_STDERR_LINE));
    tail.push(NEWLINE);
  }

  event({ event, server }: EventEntry): void {
    if (event.t === 'open') {
      this.#stderr.clear();
      this.#told.clear();
    }
    if (event.t === 'signal' && this.#told.size < MAX_CONNECTIONS) this.#told.add(event.conn);
    if (event.t !== 'exit') return;
    if (!this.#told.has(event.conn) && event.code !== 0) this.#add(this.#exit(event, server));
    this.#told.delete(event.conn);
    this.#stderr.delete(event.conn);
  }

  /** Nothing follows: what has no answer now has none. */
  end(): void {
    for (const text of this.#unanswered.values()) this.#add(text);
    this.#unanswered.clear();
  }

  markdown(): string {
    if (this.count === 0)
      return 'Nothing failed: every request had an answer that is no error, and no process ended badly.';
    const last = this.#last.items;
    const left = this.#last.count - last.length;
    return [
      ...this.#first.map((text, index) => `${index + 1}. ${text}`),
      ...(left > 0 ? ['', `${left} more, then:`, ''] : []),
      ...last.map((text, index) => `${MAX_FIRST + left + index + 1}. ${text}`),
    ].join('\n');
  }

  #exit({ code, signal, conn }: ExitRecord, server: string | undefined): string {
    const how =
      signal === null
        ? `exited with ${code === null ? 'no code' : `code ${code}`}`
        : `was ended by ${codeSpan(signal, 20)}`;
    const said = this.#stderr.get(conn)?.last;
    const last = said === undefined ? 'no stderr before that' : `its stderr ends: ${codeSpan(said)}`;
    return `The server${server === undefined ? '' : ` ${codeSpan(server, 80)}`} ${how}; ${last}`;
  }

  #add(text: string): void {
    if (this.#first.length < MAX_FIRST) this.#first.push(text);
    else this.#last.add(text);
  }
}

function howItFailed({ kind, status, ms, frame, answer, method }: Exchange): string | undefined {
  const said = kind === 'response' ? frame : answer;
  const after = ms === undefined ? '' : ` after ${formatMs(ms)}`;
  const ours = said?.by === undefined ? '' : ` by ${codeSpan(said.by, 40)}`;
  switch (status) {
    case 'error':
      return `was answered with an error${ours}${after}: ${codeSpan(errorText(said))}`;
    case 'tool-error':
      return `failed in the tool${ours}${after}: ${codeSpan(toolText(said))}`;
    case 'lost':
      return 'had no answer with its id when the server ended';
    case 'pending':
      return method === 'subscriptions/listen' || kind === 'response' ? undefined : 'has no answer';
    case 'cancelled':
      return said === undefined ? undefined : `was cancelled, and answered all the same${after}`;
    case 'ok':
    case 'orphan':
    case undefined:
      return undefined;
  }
}

/** The texts of a tool's result (server/tools, "Tool Result"). */
function toolText(answer: Frame | undefined): string {
  const reading = answer && readFrame(answer.bytes);
  const content = reading?.kind === 'result' ? field(reading.result, 'content') : undefined;
  if (!Array.isArray(content)) return '';
  const texts = content.slice(0, MAX_TEXTS).map((block: unknown) => field(block, 'text'));
  return texts.filter((text) => typeof text === 'string').join(' ');
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function ofServer(server: string | undefined): string {
  return server === undefined ? '' : `, server ${codeSpan(server, 80)}`;
}
