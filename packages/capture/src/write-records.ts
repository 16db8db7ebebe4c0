import { headerText } from './header.ts';
import { joined } from './joined.ts';
import { originalFields } from './original/original-fields.ts';
import { originalParts } from './original/original-parts.ts';
import { type CaptureRecord, type FaultRecord, MAX_HEADER_BYTES, type NoteRecord, type TornStretch } from './record.ts';

const LF = 0x0a;
const NEWLINE: Uint8Array = Uint8Array.of(LF);

const encoder = new TextEncoder();

/**
 * One record as it stands in a capture (docs/capture-format.md), with the mark and the number given. A record of an
 * unknown kind keeps its keys; one whose header would be longer than a header can be becomes a note that says so, and an `open`
 * record loses its command line.
 */
export function recordBytes(record: CaptureRecord, c: string, seq: number): Uint8Array {
  const text = headerText(kindOf(record), c, seq, record.us, fieldsOf(record));
  if (text.length > MAX_HEADER_BYTES) return recordBytes(leftOut(record), c, seq);
  const header = encoder.encode(text);
  if (record.t !== 'data') return header;
  const { bytes } = record;
  return joined(bytes.at(-1) === LF ? [header, bytes] : [header, bytes, NEWLINE]);
}

/**
 * Writes records as a capture: each capture among them under its own mark, numbered anew from 0. A stretch that could not be
 * trusted becomes a gap, so that no line goes on behind it, and a note that says how much was left out.
 */
export async function* writeRecords(
  records: Iterable<CaptureRecord | TornStretch> | AsyncIterable<CaptureRecord | TornStretch>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let c = '';
  let seq = 0;
  let us = 0;
  for await (const record of records) {
    if (record.t === 'open') ({ c, seq } = { c: record.c, seq: 0 });
    if (record.t !== 'torn') ({ us } = record);
    for (const each of record.t === 'torn' ? tornRecords(record, us) : partsOf(record))
      yield recordBytes(each, c, seq++);
  }
}

/** An original frame that is longer than a record can hold goes on in further ones. */
function partsOf(record: CaptureRecord): readonly CaptureRecord[] {
  if ((record.t !== 'fault' && record.t !== 'note') || record.original === undefined) return [record];
  const parts = originalParts(record.original);
  return parts.map((original, index) => ({ ...record, original, ...(index < parts.length - 1 && { more: true }) }));
}

/** Nobody knows whose bytes they were, so all streams break off. */
function tornRecords({ bytes }: TornStretch, us: number): readonly CaptureRecord[] {
  const stamp = { seq: 0, us };
  const missed = (['client', 'server', 'stderr'] as const).map((from) => ({ conn: 0, from, reads: 0, bytes: 0 }));
  return [
    { t: 'gap', ...stamp, reason: 'torn', since: us, missed, events: 0 },
    { t: 'note', ...stamp, conn: 1, text: `${bytes} bytes were left out here: the capture was damaged` },
  ];
}

function leftOut(record: CaptureRecord): CaptureRecord {
  const { seq, us } = record;
  if (record.t === 'open')
    return { t: 'open', seq, us, c: record.c, mcpcap: record.mcpcap, at: record.at, pid: record.pid };
  const text = `a record of kind ${kindOf(record).slice(0, 64)} was left out: its header was too long`;
  return { t: 'note', seq, us, conn: 'conn' in record ? record.conn : 1, text };
}

function kindOf(record: CaptureRecord): string {
  return record.t === 'other' ? record.kind : record.t;
}

/** The fields of a header in the order in which the writer puts them; the first connection is not named. */
function fieldsOf(record: CaptureRecord): Readonly<Record<string, unknown>> {
  switch (record.t) {
    case 'open': {
      const { mcpcap, at, argv, pid, ppid, label } = record;
      return { mcpcap, at, argv, pid, ppid, label };
    }
    case 'spawn': {
      const { pid, server, argv } = record;
      return { ...connOf(record), pid, server, argv };
    }
    case 'connect':
      return { ...connOf(record), url: record.url, server: record.server };
    case 'http': {
      const { method, url, status, type, error } = record;
      return { ...connOf(record), method, url, status, type, error };
    }
    case 'disconnect':
      return connOf(record);
    case 'data': {
      const { from, bytes, by, more } = record;
      return { ...connOf(record), from, n: bytes.length, by, more };
    }
    case 'eof':
      return { ...connOf(record), from: record.from };
    case 'signal':
      return { ...connOf(record), signal: record.signal };
    case 'exit':
      return { ...connOf(record), code: record.code, signal: record.signal };
    case 'gap': {
      const { reason, since, missed, events } = record;
      return { reason, since, missed, events };
    }
    case 'fault': {
      const { from, action, rule } = record;
      return { ...connOf(record), from, action, rule, ...originalOf(record) };
    }
    case 'note':
      return { ...connOf(record), text: record.text, from: record.from, ...originalOf(record) };
    case 'close':
      return {};
    case 'other': {
      const { t: _t, c: _c, seq: _seq, us: _us, ...kept } = record.header;
      return kept;
    }
  }
}

function originalOf({ original, more }: FaultRecord | NoteRecord): Readonly<Record<string, unknown>> {
  return original === undefined ? {} : { ...originalFields(original), more };
}

function connOf({ conn }: { readonly conn: number }): { readonly conn?: number } {
  return conn === 1 ? {} : { conn };
}
