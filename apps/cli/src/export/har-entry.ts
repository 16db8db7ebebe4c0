import type { ExchangeEntry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';
import { type Exchange, eraOf } from '@mcp-dbg/protocol';
import type { Frame } from '@mcp-dbg/wire';

import { errorText } from './error-text.ts';
import { frameText } from './frame-text.ts';
import { harUrl } from './har-url.ts';

/** What an entry has beside the exchange. */
export interface HarContext {
  /** When it began, ISO 8601. */
  readonly startedDateTime: string;
  /** The server's name. */
  readonly host: string;
  /** What is wrong with its frames. */
  readonly findings: readonly CaptureFinding[];
  /** True where the texts of the frames are left out, since they are too long. */
  readonly isBare?: boolean;
}

/**
 * An exchange or lone frame as an entry of HAR 1.2. A request is a POST of its frame and the answer its response; what a
 * peer says unasked is a POST with status 202, as it would be over HTTP; noise of the server is a response to nothing.
 * Status 0 stands for no good answer, with the reason as its text. Members that start with `_` are not of the standard.
 */
export function harEntry(entry: ExchangeEntry, context: HarContext): Readonly<Record<string, unknown>> {
  const { exchange, conn } = entry;
  const { kind, from, frame, answer } = exchange;
  // A late answer stands alone here, and so does what a server writes that is no message.
  const isReceived = kind === 'response' || (kind === 'noise' && from === 'server');
  const asked = isReceived ? undefined : frame;
  const received = isReceived ? frame : answer;
  const timings = timingsOf(asked, received);
  return {
    startedDateTime: context.startedDateTime,
    time: timings.total,
    request: {
      method: 'POST',
      url: harUrl(context.host, exchange),
      ...message(exchange),
      bodySize: sizeOf(asked),
      ...(asked !== undefined && { postData: postData(asked, exchange, context.isBare === true) }),
      queryString: [],
    },
    response: {
      ...statusOf(exchange),
      ...message(exchange),
      content: content(received, exchange, context.isBare === true),
      redirectURL: '',
      bodySize: sizeOf(received),
    },
    cache: {},
    timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, ...timings.parts },
    connection: String(conn),
    _resourceType: kind === 'request' || kind === 'batch' ? 'fetch' : 'other',
    _mcp: mcpOf(entry, context.findings),
  };
}

/** What request and response have in common. */
function message({ version }: Exchange): Readonly<Record<string, unknown>> {
  const httpVersion = version === undefined ? 'MCP' : `MCP/${version.slice(0, 40)}`;
  return { httpVersion, cookies: [], headers: [], headersSize: 0 };
}

function statusOf({ kind, status, answer, frame }: Exchange): { readonly status: number; readonly statusText: string } {
  const late = kind === 'response' ? ' (late answer)' : '';
  switch (status) {
    case 'ok':
      return { status: 200, statusText: `OK${late}` };
    case 'tool-error':
      return { status: 200, statusText: `tool error${late}` };
    case 'error':
      return { status: 500, statusText: `${errorText(kind === 'response' ? frame : answer)}${late}` };
    case 'cancelled':
      return {
        status: 0,
        statusText: answer === undefined && late === '' ? '(cancelled)' : '(cancelled, answered late)',
      };
    case 'lost':
    case 'pending':
    case 'orphan':
      return { status: 0, statusText: `(${status})` };
    case undefined:
      return kind === 'noise' ? { status: 0, statusText: '(noise)' } : { status: 202, statusText: `(${kind})` };
  }
}

interface Timings {
  readonly total: number;
  readonly parts: { readonly send: number; readonly wait: number; readonly receive: number };
}

/** Milliseconds: to write the request, to wait, to write the answer; 0 for what did not come. */
function timingsOf(asked: Frame | undefined, received: Frame | undefined): Timings {
  const start = asked?.us ?? received?.us ?? 0;
  const sent = Math.max(start, asked?.endUs ?? start);
  // A server may begin to write before the request has ended.
  const answering = Math.max(sent, received?.us ?? sent);
  const answered = Math.max(answering, received?.endUs ?? answering);
  const parts = {
    send: (sent - start) / 1000,
    wait: (answering - sent) / 1000,
    receive: (answered - answering) / 1000,
  };
  return { total: (answered - start) / 1000, parts };
}

function postData(frame: Frame, exchange: Exchange, isBare: boolean): Readonly<Record<string, unknown>> {
  if (isBare) return { mimeType: mimeOf(exchange), text: '', comment: LEFT_OUT };
  const { text, base64 } = frameText(frame.bytes);
  // The standard knows no encoding here.
  return text === undefined
    ? { mimeType: BINARY, text: base64, _encoding: 'base64' }
    : { mimeType: mimeOf(exchange), text };
}

function content(frame: Frame | undefined, exchange: Exchange, isBare: boolean): Readonly<Record<string, unknown>> {
  const size = sizeOf(frame);
  if (frame === undefined) return { size, mimeType: mimeOf(exchange) };
  if (isBare) return { size, mimeType: mimeOf(exchange), comment: LEFT_OUT };
  const { text, base64 } = frameText(frame.bytes);
  return text === undefined
    ? { size, mimeType: BINARY, text: base64, encoding: 'base64' }
    : { size, mimeType: mimeOf(exchange), text };
}

const BINARY = 'application/octet-stream';
const LEFT_OUT = 'left out: too long';

function mimeOf({ kind }: Exchange): string {
  return kind === 'noise' ? 'text/plain' : 'application/json';
}

function sizeOf(frame: Frame | undefined): number {
  return frame === undefined ? 0 : frame.bytes.length + (frame.terminated ? 1 : 0);
}

function mcpOf({ exchange, conn, server }: ExchangeEntry, findings: readonly CaptureFinding[]): object {
  const { n, from, kind, id, method, tool, status, version, probe, of, round, frame, answer } = exchange;
  return {
    n,
    answer: answer?.n,
    conn,
    server,
    from,
    kind,
    id,
    method,
    tool,
    status,
    era: version === undefined ? undefined : eraOf(version),
    version,
    ...(probe && { probe }),
    of,
    round,
    by: frame.by,
    answerBy: answer?.by,
    findings: findings.map(({ rule, level, n: at, message: what, fix, spec }) => ({
      rule,
      level,
      n: at,
      message: what,
      fix,
      spec,
    })),
  };
}
