import { originalIn } from './original/original-fields.ts';
import {
  type CaptureRecord,
  FORMAT_VERSION,
  type FaultRecord,
  type HttpRecord,
  MAX_DATA_BYTES,
  type Missed,
  type OpenRecord,
  type Source,
} from './record.ts';

/** A record as its header tells it; of a data record, `n` bytes follow. */
export type Header =
  | Exclude<CaptureRecord, { readonly t: 'data' | 'open' }>
  | {
      readonly t: 'newer';
      readonly c: string;
      readonly seq: number;
      readonly us: number;
      readonly mcpcap: number;
    }
  | OpenRecord
  | DataHeader;

/** The header of a data record. */
interface DataHeader {
  readonly t: 'data';
  readonly seq: number;
  readonly us: number;
  readonly conn: number;
  readonly from: Source;
  readonly n: number;
  readonly by?: string;
  readonly more?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** How every header starts, and what stands nowhere else in one. */
export const HEADER_START = '{"t":"';

/**
 * Writes the header of any record but data, with its newline. The fields stand in the order given, after the four
 * that all records have; undefined ones are left out. The text is ASCII.
 */
export function headerText(t: string, c: string, seq: number, us: number, fields: Fields = {}): string {
  const json = JSON.stringify({ t, c, seq, us, ...fields });
  return `${json.replace(/[\u007f-\uffff]/g, escape)}\n`;
}

/**
 * Reads one header line without its newline; undefined where it is none that can be trusted: not JSON, another
 * capture's `c` (except in an `open`), or without what its kind must have.
 */
export function parseHeader(line: string, c: string | undefined): Header | undefined {
  if (!line.startsWith(HEADER_START)) return undefined;
  const fields = parseObject(line);
  const t = fields?.['t'];
  const seq = count(fields?.['seq']);
  const us = count(fields?.['us']);
  if (fields === undefined || typeof t !== 'string' || seq === undefined || us === undefined) return undefined;
  if (t === 'open') return openHeader(fields, seq, us);
  if (c === undefined || fields['c'] !== c) return undefined;
  const conn = 'conn' in fields ? count(fields['conn']) : 1;
  return conn === undefined ? undefined : headerOf(t, fields, { seq, us, conn });
}

function openHeader(fields: Fields, seq: number, us: number): Header | undefined {
  const { c, mcpcap, at, pid, argv, label } = fields;
  const ppid = count(fields['ppid']);
  const version = count(mcpcap);
  if (typeof c !== 'string' || !/^[0-9a-f]{16}$/.test(c) || version === undefined) return undefined;
  if (version > FORMAT_VERSION) return { t: 'newer', c, seq, us, mcpcap: version };
  const optional = {
    ...(ppid !== undefined && { ppid }),
    ...(isTexts(argv) && { argv }),
    ...(typeof label === 'string' && { label }),
  };
  return {
    t: 'open',
    seq,
    us,
    c,
    mcpcap: version,
    at: text(at),
    pid: count(pid) ?? 0,
    ...optional,
  };
}

interface Stamp {
  readonly seq: number;
  readonly us: number;
  readonly conn: number;
}

function headerOf(t: string, fields: Fields, stamp: Stamp): Header | undefined {
  const { seq, us } = stamp;
  switch (t) {
    case 'data':
      return dataHeader(fields, stamp);
    case 'spawn': {
      const { server, argv } = fields;
      const optional = {
        ...(typeof server === 'string' && { server }),
        ...(isTexts(argv) && { argv }),
      };
      return { t, ...stamp, pid: count(fields['pid']) ?? 0, ...optional };
    }
    case 'connect': {
      const { server } = fields;
      return { t, ...stamp, url: text(fields['url']), ...(typeof server === 'string' && { server }) };
    }
    case 'http':
      return { t, ...stamp, ...httpFields(fields) };
    case 'disconnect':
      return { t, ...stamp };
    case 'eof': {
      const from = source(fields['from']);
      return from && { t, ...stamp, from };
    }
    case 'signal':
      return { t, ...stamp, signal: text(fields['signal']) };
    case 'exit': {
      const { code, signal } = fields;
      return {
        t,
        ...stamp,
        code: typeof code === 'number' ? code : null,
        signal: typeof signal === 'string' ? signal : null,
      };
    }
    case 'gap':
      return { t, seq, us, ...gapFields(fields, us) };
    case 'fault': {
      const from = sender(fields['from']);
      // Whose frame it was about is what a fault must say: what does not is of a kind that is not known.
      if (from === undefined) return { t: 'other', ...stamp, kind: t, header: fields };
      return { t, ...stamp, from, action: text(fields['action']), rule: text(fields['rule']), ...aboutFrame(fields) };
    }
    case 'note': {
      const from = sender(fields['from']);
      return { t, ...stamp, text: text(fields['text']), ...(from !== undefined && { from }), ...aboutFrame(fields) };
    }
    case 'close':
      return { t, seq, us };
    default:
      return { t: 'other', ...stamp, kind: t, header: fields };
  }
}

function dataHeader(fields: Fields, { seq, us, conn }: Stamp): DataHeader | undefined {
  const { n, by, more } = fields;
  const from = source(fields['from']);
  const size = count(n);
  if (from === undefined || size === undefined || size === 0 || size > MAX_DATA_BYTES) return undefined;
  const optional = { ...(typeof by === 'string' && { by }), ...(more === true && { more }) };
  return { t: 'data', seq, us, conn, from, n: size, ...optional };
}

function httpFields(fields: Fields): Pick<HttpRecord, 'method' | 'url' | 'status' | 'type' | 'error'> {
  const { status, type, error } = fields;
  return {
    method: text(fields['method']),
    url: text(fields['url']),
    ...(Number.isSafeInteger(status) && { status: Number(status) }),
    ...(typeof type === 'string' && { type }),
    ...(typeof error === 'string' && { error }),
  };
}

function gapFields(fields: Fields, us: number): { reason: string; since: number; missed: Missed[]; events: number } {
  const listed: readonly unknown[] = Array.isArray(fields['missed']) ? fields['missed'] : [];
  const missed = listed.flatMap((each): Missed[] => {
    if (!isObject(each)) return [];
    const from = source(each['from']);
    if (from === undefined) return [];
    return [
      {
        conn: count(each['conn']) ?? 1,
        from,
        reads: count(each['reads']) ?? 0,
        bytes: count(each['bytes']) ?? 0,
      },
    ];
  });
  const { since, events, reason } = fields;
  return { reason: text(reason), since: count(since) ?? us, missed, events: count(events) ?? 0 };
}

function aboutFrame(fields: Fields): Pick<FaultRecord, 'original' | 'more'> {
  const original = originalIn(fields);
  return original === undefined ? {} : { original, ...(fields['more'] === true && { more: true }) };
}

function sender(value: unknown): 'client' | 'server' | undefined {
  return value === 'client' || value === 'server' ? value : undefined;
}

function source(value: unknown): Source | undefined {
  return value === 'client' || value === 'server' || value === 'stderr' ? value : undefined;
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
