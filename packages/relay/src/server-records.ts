import type { Pipe } from '@mcp-dbg/proxy';
import type { RequestReading } from '@mcp-dbg/wire';

import type { RelayEvent } from './relay-event.ts';
import type { RelayFrame } from './relay-frame.ts';

/** The records of one process. */
export interface ProcessRecords {
  show(from: Pipe, frame: Pick<RelayFrame, 'bytes' | 'by'>): void;
  record(event: RelayEvent): void;
}

/** What is put on record of a server's processes: in the name of who wrote it, else of the newest, dead or alive. */
export class ServerRecords {
  /** Set when a process was started. */
  newest: ProcessRecords | undefined;

  record(event: RelayEvent): void {
    this.newest?.record(event);
  }

  /** Records something that we have to say. */
  say(text: string): void {
    this.record({ kind: 'note', text });
  }

  /** Records a frame: one that the client is given, or one of its own that no process gets. */
  shown(frame: RelayFrame): void {
    (frame.origin ?? this.newest)?.show(frame.from, frame);
  }

  /** Records a frame of the client's that no process takes, though it is answered. */
  notTaken(why: string, frame: RelayFrame): void {
    this.record({ kind: 'note', text: why });
    this.shown(frame);
  }

  /** Records what seems to come from the server's stderr. */
  said(bytes: Uint8Array): void {
    this.newest?.show('stderr', { bytes, by: 'mcp-dbg' });
  }

  /** Says that requests wait for a process. */
  waits(requests: readonly RequestReading[]): void {
    for (const { method, id } of requests) this.say(`A request waits for the server: ${method}, id ${id}`);
  }

  /** Says what became of a frame that is not passed on as it came. */
  note(text: string, { from, bytes }: RelayFrame): void {
    this.newest?.record({ kind: 'note', text, from, original: bytes });
  }
}
