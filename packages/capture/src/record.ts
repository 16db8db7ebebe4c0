/** Whose bytes a data record holds: what the client wrote, what the server wrote, or the server's stderr. */
export type Source = 'client' | 'server' | 'stderr';

/** What every record carries. */
interface Stamp {
  /** Counts the records of one capture from 0; a number that is missing was never written. */
  readonly seq: number;
  /** Microseconds since the capture was opened, on a monotonic clock. */
  readonly us: number;
}

/** A record of one connection. Connections are numbered from 1 in order of opening. */
interface OfConnection extends Stamp {
  readonly conn: number;
}

/** The first record of a capture. */
export interface OpenRecord extends Stamp {
  readonly t: 'open';
  /** The 16 hex digits that every record of this capture repeats. */
  readonly c: string;
  /** The major version of the format. */
  readonly mcpcap: number;
  /** Wall time of opening, ISO 8601 in UTC. */
  readonly at: string;
  /** The process that wrote the capture. */
  readonly pid: number;
  /** The process that started the writer; absent in captures of older writers. */
  readonly ppid?: number;
  /** The server's command with secret-shaped values masked; absent where one session has several servers. */
  readonly argv?: readonly string[];
  readonly label?: string;
}

/** A server process was started. */
export interface SpawnRecord extends OfConnection {
  readonly t: 'spawn';
  readonly pid: number;
  /** The name this session has for the server. */
  readonly server?: string;
  /** The server's command, where it is not the one in the `open` record. */
  readonly argv?: readonly string[];
}

/** A server behind a URL was connected to. Each message of the connection is a `data` record, and no line. */
export interface ConnectRecord extends OfConnection {
  readonly t: 'connect';
  /** Without query and fragment, where secrets stand. */
  readonly url: string;
  /** The name this session has for the server. */
  readonly server?: string;
}

/** A request over HTTP was answered, or failed. What it carried are `data` records. */
export interface HttpRecord extends OfConnection {
  readonly t: 'http';
  readonly method: string;
  /** Without query and fragment, where secrets stand. */
  readonly url: string;
  /** Absent where there was no answer. */
  readonly status?: number;
  /** The media type of the answer. */
  readonly type?: string;
  /** Why there was no answer, such as `ECONNREFUSED`. */
  readonly error?: string;
}

/** The connection to a server behind a URL is over: no answer can come any more. */
export interface DisconnectRecord extends OfConnection {
  readonly t: 'disconnect';
}

/** One read from a pipe. The concatenated data of one source of one connection is that stream, exactly. */
export interface DataRecord extends OfConnection {
  readonly t: 'data';
  readonly from: Source;
  /** The bytes as read; never empty. A view of what the decoder was given, where that was possible. */
  readonly bytes: Uint8Array;
  /** Set where the bytes are not the peer's own: who originated, held or changed them. */
  readonly by?: string;
  /** True where a message over HTTP goes on in the next record of the same source. */
  readonly more?: boolean;
}

/** One stream came to its end; for `client`, the server was given the end of its stdin. */
export interface EofRecord extends OfConnection {
  readonly t: 'eof';
  readonly from: Source;
}

/** The server's process group was sent a signal. */
export interface SignalRecord extends OfConnection {
  readonly t: 'signal';
  readonly signal: string;
}

/** The server's process ended. */
export interface ExitRecord extends OfConnection {
  readonly t: 'exit';
  readonly code: number | null;
  readonly signal: string | null;
}

/** What is missing of one stream. */
export interface Missed {
  /** 0 where it is of several connections, counted together. */
  readonly conn: number;
  readonly from: Source;
  readonly reads: number;
  readonly bytes: number;
}

/** Reads were passed on without being recorded. */
export interface GapRecord extends Stamp {
  readonly t: 'gap';
  /** Why: `cap` for the file's size limit, else the system's error code, such as `ENOSPC`. */
  readonly reason: string;
  /** When the first missing record would have been written. */
  readonly since: number;
  readonly missed: readonly Missed[];
  /** Records other than data that are missing. */
  readonly events: number;
}

/** The frame that a record is about, as it came. */
interface OfOriginal extends OfConnection {
  /** With its newline; where it is long, a part of it. Absent where the record is about none. */
  readonly original?: Uint8Array;
  /** True where the original goes on in the next record of this kind on the connection. */
  readonly more?: boolean;
}

/** Something was done on purpose: a rule that changes, holds or drops, or ends a process, fired. */
export interface FaultRecord extends OfOriginal {
  readonly t: 'fault';
  /** Who sent the frame that it fired at. */
  readonly from: 'client' | 'server';
  /** What was done, such as `delay=2s`. */
  readonly action: string;
  /** The rule that asked for it, as it was written. */
  readonly rule: string;
}

/** Something that the writer had to say; with a frame, about one that was not passed on as it came. */
export interface NoteRecord extends OfOriginal {
  readonly t: 'note';
  readonly text: string;
  /** Who sent the frame. */
  readonly from?: 'client' | 'server';
}

/** The writer ended in good order. Without it, it died or still runs. */
export interface CloseRecord extends Stamp {
  readonly t: 'close';
}

/** A kind that this reader does not interpret, such as `mark`, or one it does not know. */
export interface OtherRecord extends OfConnection {
  readonly t: 'other';
  readonly kind: string;
  readonly header: Readonly<Record<string, unknown>>;
}

/** One record of a capture, as it was written. */
export type CaptureRecord =
  | OpenRecord
  | SpawnRecord
  | ConnectRecord
  | HttpRecord
  | DisconnectRecord
  | DataRecord
  | EofRecord
  | SignalRecord
  | ExitRecord
  | GapRecord
  | FaultRecord
  | NoteRecord
  | CloseRecord
  | OtherRecord;

/** A stretch of the file that holds no record that could be trusted: the writer died, or the file was damaged. */
export interface TornStretch {
  readonly t: 'torn';
  /** Where the stretch starts, in bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** No record: whoever follows a capture that is being written has given out everything that is in it so far. */
export interface CaughtUp {
  readonly t: 'caught-up';
}

/** The major version of the format that this package writes and reads. */
export const FORMAT_VERSION = 1;

/** The most bytes that one data record holds; a larger read becomes several records. */
export const MAX_DATA_BYTES: number = 16 * 1024 * 1024;

/** The most bytes that one header holds, its newline included. */
export const MAX_HEADER_BYTES: number = 1024 * 1024;
