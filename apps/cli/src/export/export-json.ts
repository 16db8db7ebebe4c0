import type { EventEntry, StderrEntry } from '@mcp-dbg/capture';

import { safeJson } from '../render/visible.ts';
import { eventFields } from './event-fields.ts';
import { frameText, withinStringLimit } from './frame-text.ts';
import { type Entries, type FrameMoment, inTimeOrder } from './in-time-order.ts';
import { WallClock } from './wall-clock.ts';

/**
 * A capture as lines of JSON, one for each message, line of noise, line of stderr and event, in order of first byte; see
 * {@link inTimeOrder} for its limits. `message` holds the JSON of the frame with its digits and order of keys; `of` is
 * the number of the request that it answers or belongs to, `ms` how long an answer took, `by` who made bytes that are not the peer's own, `us` microseconds since the
 * capture was opened. Hidden characters are written as `\uXXXX`. What is not UTF-8 is in base64, and of a line too long
 * for a string only the size is told, as `omittedBytes`. Holds no more than what waits for its turn.
 */
export async function* exportJson(entries: Entries): AsyncGenerator<string, void, undefined> {
  const clock = new WallClock();
  for await (const moment of inTimeOrder(entries)) {
    switch (moment.kind) {
      case 'frame':
        yield frameLine(moment, clock);
        break;
      case 'stderr':
        yield stderrLine(moment, clock);
        break;
      case 'event':
        clock.see(moment);
        yield eventLine(moment, clock);
        break;
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

function frameLine({ of: { exchange, conn, server }, frame, isAnswer }: FrameMoment, clock: WallClock): string {
  const { n, us, from, bytes, by } = frame;
  const isAnswering = isAnswer || exchange.kind === 'response';
  const head: Fields = {
    n,
    us,
    at: clock.at(us),
    from,
    conn,
    server,
    of: isAnswer ? exchange.n : exchange.of,
    ms: isAnswering ? exchange.ms : undefined,
    by,
  };
  return withinStringLimit(
    () => (isAnswer || exchange.kind !== 'noise' ? messageLine(head, bytes) : textLine(head, 'noise', bytes)),
    () => line(head, { omittedBytes: bytes.length }),
  );
}

function messageLine(head: Fields, bytes: Uint8Array): string {
  const { text } = frameText(bytes);
  if (text === undefined) return textLine(head, 'noise', bytes);
  // Neither is part of the message: some peers write one before it, or the other behind.
  const json = text.replace(/^\uFEFF/, '').trimEnd();
  return `${safeJson(`${JSON.stringify(head).slice(0, -1)},"message":${json}}`)}\n`;
}

function stderrLine({ us, conn, server, bytes }: StderrEntry, clock: WallClock): string {
  const head: Fields = { us, at: clock.at(us), from: 'stderr', conn, server };
  return withinStringLimit(
    () => textLine(head, 'stderr', bytes),
    () => line(head, { omittedBytes: bytes.length }),
  );
}

function eventLine({ us, conn, server, event }: EventEntry, clock: WallClock): string {
  const head = { us, at: clock.at(us), conn, server };
  return withinStringLimit(
    () => line(head, { event: eventFields(event) }),
    () => line(head, { event: { t: event.t } }),
  );
}

function textLine(head: Fields, name: 'noise' | 'stderr', bytes: Uint8Array): string {
  const { text, base64 } = frameText(bytes);
  return line(head, text === undefined ? { [`${name}Base64`]: base64 } : { [name]: text });
}

function line(head: Fields, rest: Fields): string {
  return `${safeJson(JSON.stringify({ ...head, ...rest }))}\n`;
}
