import type { EventEntry, ExchangeEntry, FaultRecord, NoteRecord } from '@mcp-dbg/capture';
import { outlineOf } from '@mcp-dbg/protocol';
import { type Frame, readFrame } from '@mcp-dbg/wire';

import { type Entries, inTimeOrder } from './export/in-time-order.ts';

/** A fault that fired at a frame, or a note about one. */
export interface DoneEntry extends EventEntry {
  readonly event: FaultRecord | NoteRecord;
}

/** How many are remembered until their frame comes. */
const MAX_REMEMBERED = 200;

interface Remembered {
  readonly entry: DoneEntry;
  readonly original: Uint8Array;
  readonly asks: string | undefined;
  readonly answers: string | undefined;
  isTaken: boolean;
}

/**
 * What was done to the frames of an exchange, in order: faults that fired at them and notes about them, with the frames as
 * they came. A record does not say which frame was passed on in place of its original, so that is the one behind it with
 * the same id, else with the same bytes, else the next with bytes that are not the sender's own.
 */
export async function doneToFrames(
  { conn, exchange: { frame, answer } }: ExchangeEntry,
  entries: Entries,
): Promise<readonly DoneEntry[]> {
  const { asks } = idsOf(frame.bytes);
  const remembered: Remembered[] = [];
  const done = new Set<DoneEntry>();
  for await (const moment of inTimeOrder(entries)) {
    if (moment.kind === 'stderr') continue;
    if (moment.kind === 'event') {
      const found = remember(moment);
      if (found === undefined) continue;
      // An answer that was never passed on has no frame to stand for it.
      const isAnswer = asks !== undefined && found.answers === asks && found.entry.event.from !== frame.from;
      if (isAnswer && moment.conn === conn) done.add(found.entry);
      remembered.push(found);
      if (remembered.length > MAX_REMEMBERED) remembered.shift();
      continue;
    }
    const { n } = moment.frame;
    const ofConnection = remembered.filter(({ entry }) => entry.conn === moment.of.conn);
    if (ofConnection.length === 0) continue;
    const found = originalsOf(moment.frame, ofConnection);
    for (const each of found) each.isTaken = true;
    if (n === frame.n || n === answer?.n) for (const { entry } of found) done.add(entry);
  }
  return [...done];
}

function remember(entry: EventEntry): Remembered | undefined {
  const { event } = entry;
  if ((event.t !== 'fault' && event.t !== 'note') || event.original === undefined) return undefined;
  return {
    entry: { ...entry, event },
    original: event.original,
    ...idsOf(withoutNewline(event.original)),
    isTaken: false,
  };
}

function originalsOf(frame: Frame, remembered: readonly Remembered[]): readonly Remembered[] {
  const { asks, answers } = idsOf(frame.bytes);
  const fromSame = remembered.filter(({ entry: { event } }) => event.from === frame.from);
  const sameId = fromSame.filter(
    (each) => (asks !== undefined && asks === each.asks) || (answers !== undefined && answers === each.answers),
  );
  // What we answer in place of a peer is about the request that came from the other side.
  const instead =
    frame.by === undefined || answers === undefined
      ? []
      : remembered.filter((each) => each.entry.event.from !== frame.from && each.asks === answers);
  if (sameId.length + instead.length > 0) return [...instead, ...sameId];
  const sameBytes = fromSame.filter(({ original }) => Buffer.compare(withoutNewline(original), frame.bytes) === 0);
  if (sameBytes.length > 0) return sameBytes;
  const last = frame.by === undefined ? undefined : fromSame.findLast(({ isTaken }) => !isTaken);
  return last === undefined ? [] : [last];
}

/** The id that a message asks under, or that it answers. */
function idsOf(bytes: Uint8Array): { readonly asks: string | undefined; readonly answers: string | undefined } {
  const { kind, id } = outlineOf(readFrame(bytes));
  return {
    asks: kind === 'request' ? id : undefined,
    answers: kind === 'result' || kind === 'error' ? id : undefined,
  };
}

function withoutNewline(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}
