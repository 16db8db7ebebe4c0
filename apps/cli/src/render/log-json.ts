import { type Entry, type EventEntry, plainEvent } from '@mcp-dbg/capture';
import type { Frame } from '@mcp-dbg/wire';

import { withinStringLimit } from '../export/frame-text.ts';
import { safeJson } from './visible.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What `log --json` says of one entry; the order is that of the line. */
interface LogLine {
  readonly n: number | null;
  readonly us: number;
  readonly from: string | null;
  readonly kind: string;
  /** JSON text: a number keeps its digits. */
  readonly id: string;
  readonly method: string | null;
  readonly tool: string | null;
  readonly status: string | null;
  readonly ms: number | null;
  readonly bytes: number | null;
  readonly raw: Uint8Array | string;
  readonly answer: Uint8Array | null;
  /** The exchange that this one belongs to, and which round of a call it is; only where there is such a thing. */
  readonly of?: number;
  readonly round?: number;
  /** Whose bytes the frame, and the answer, have; only where these are not the peer's own. */
  readonly by?: string;
  readonly answerBy?: string;
  readonly conn?: number;
  readonly server?: string;
}

/**
 * One entry of a capture as one line of JSON. `bytes` counts what crossed the wire, newline included; `raw` and
 * `answer` are the lines without it, exactly, or null beside their bytes in base64 where they are not UTF-8. Where both
 * together are too long for a string, both are null beside `omittedBytes`.
 */
export function logJson(entry: Entry): string {
  const line = logLine(entry);
  return withinStringLimit(
    () => lineText(line, { ...textOrBase64('raw', line.raw), ...textOrBase64('answer', line.answer) }),
    () => lineText(line, { raw: null, answer: null, omittedBytes: line.raw.length + (line.answer?.length ?? 0) }),
  );
}

function lineText(
  { id, raw: _raw, answer: _answer, of, round, by, answerBy, conn, server, ...line }: LogLine,
  texts: object,
): string {
  const { n, us, from, kind, ...rest } = line;
  const head = JSON.stringify({ n, us, from, kind }).slice(0, -1);
  const tail = JSON.stringify({
    ...rest,
    ...texts,
    ...(of !== undefined && { of }),
    ...(round !== undefined && { round }),
    ...(by !== undefined && { by }),
    ...(answerBy !== undefined && { answerBy }),
    ...(conn !== undefined && conn !== 1 && { conn }),
    ...(server !== undefined && { server }),
  }).slice(1);
  return `${safeJson(`${head},"id":${id},${tail}`)}\n`;
}

function logLine(entry: Entry): LogLine {
  const { us, conn, server } = entry;
  const whose = { ...(conn !== undefined && { conn }), ...(server !== undefined && { server }) };
  switch (entry.kind) {
    case 'exchange': {
      const { n, from, kind, id, method, tool, status, ms, of, round, frame, answer } = entry.exchange;
      return {
        n,
        us,
        from,
        kind,
        id: id ?? 'null',
        method: method ?? null,
        tool: tool ?? null,
        status: status ?? null,
        ms: ms ?? null,
        bytes: sizeOf(frame),
        raw: frame.bytes,
        answer: answer?.bytes ?? null,
        ...(of !== undefined && { of }),
        ...(round !== undefined && { round }),
        ...(frame.by !== undefined && { by: frame.by }),
        ...(answer?.by !== undefined && { answerBy: answer.by }),
        ...whose,
      };
    }
    case 'stderr':
      return { ...NOTHING, us, from: 'stderr', kind: 'stderr', bytes: sizeOf(entry), raw: entry.bytes, ...whose };
    case 'event':
      return { ...NOTHING, us, from: null, kind: 'event', bytes: null, raw: eventJson(entry.event), ...whose };
  }
}

/** The record itself, without what places it in its file, and where that is too long, without its original frame. */
function eventJson(event: EventEntry['event']): string {
  const json = (fields: object): string =>
    JSON.stringify(fields, (key, value: unknown) => (['c', 'seq', 'us'].includes(key) ? undefined : value));
  return withinStringLimit(
    () => json(plainEvent(event)),
    () => json({ ...event, original: undefined }),
  );
}

const NOTHING = { n: null, id: 'null', method: null, tool: null, status: null, ms: null, answer: null } as const;

function textOrBase64(
  name: 'raw' | 'answer',
  bytes: Uint8Array | string | null,
): Readonly<Record<string, string | null>> {
  if (bytes === null || typeof bytes === 'string') return { [name]: bytes };
  try {
    return { [name]: utf8.decode(bytes) };
  } catch {
    return { [name]: null, [`${name}Base64`]: Buffer.from(bytes).toString('base64') };
  }
}

function sizeOf({ bytes, terminated }: Pick<Frame, 'bytes' | 'terminated'>): number {
  return bytes.length + (terminated ? 1 : 0);
}
