import type { Era } from '@mcp-dbg/protocol';
import type { Level } from '@mcp-dbg/protocol/lint';
import type { Sender } from '@mcp-dbg/wire';

/** The format that is written, and the newest that can be read; docs/crashes.md has it. */
export const CRASH_FORMAT = 1;

/** A line of the wire as it was last seen. */
export interface CrashFrame {
  /** Its number in the capture: `mcp-dbg show N` shows it whole. */
  readonly n: number;
  readonly from: Sender;
  /** `mcp-dbg` where the bytes are not the peer's own; else null. */
  readonly by: string | null;
  /** Milliseconds from its last byte to the end of the process. */
  readonly msBeforeEnd: number;
  /** How many bytes it has, without its newline. */
  readonly bytes: number;
  /** True where only its beginning is here. */
  readonly isCut: boolean;
  /** The line; null where it is not UTF-8. */
  readonly raw: string | null;
  /** In place of `raw`, the bytes in base64. */
  readonly rawBase64?: string;
}

/** A request that had no answer when the process ended. */
export interface CrashInFlight {
  /** The id as JSON text; null for a batch. */
  readonly id: string | null;
  readonly from: Sender;
  readonly method: string | null;
  readonly tool: string | null;
  /** Milliseconds from its last byte to the end of the process; null where the request itself is no longer known. */
  readonly waitedMs: number | null;
  /** The request; null where it is no longer known, or where there was no room for it. */
  readonly frame: CrashFrame | null;
}

/** A rule that the traffic breaks. */
export interface CrashFinding {
  readonly rule: string;
  readonly level: Level;
  readonly n: number | null;
  readonly from: Sender | null;
  readonly message: string;
  readonly spec: string | null;
  readonly fix: string;
}

/** Who a peer says it is. */
export interface CrashPeer {
  readonly name: string | null;
  readonly version: string | null;
}

/** One end of a server's process that nobody asked for, with all that was known then. Its texts may hold what peers wrote. */
export interface CrashReport {
  /** Wall time of the end, ISO 8601 in UTC; null where it is not known. */
  readonly at: string | null;
  /** What made the report: the proxy while it ran, or this program from a capture afterwards. */
  readonly madeBy: {
    readonly mcpDbg: string;
    readonly node: string;
    readonly platform: string;
    readonly from: 'proxy' | 'capture';
  };
  /** Which crash of its capture it is, from 1. */
  readonly crash: number;
  /** Crashes right before this one of which no report was kept. */
  readonly leftOut: number;
  /** Where the capture was, and which of its connections it is about. */
  readonly capture: { readonly path: string; readonly conn: number };
  readonly label: string;
  /** The server's command with secret-shaped values masked. */
  readonly command: readonly string[];
  readonly pid: number;
  readonly client: CrashPeer;
  readonly server: CrashPeer;
  readonly era: Era | null;
  readonly protocolVersion: string | null;
  readonly code: number | null;
  readonly signal: string | null;
  readonly uptimeMs: number;
  readonly stderr: {
    /** The last line that says something. */
    readonly last: string | null;
    /** The end of what it wrote, as text. */
    readonly tail: string;
    /** How many bytes it wrote in all. */
    readonly bytes: number;
  };
  readonly inFlight: readonly CrashInFlight[];
  /** How many more were in flight. */
  readonly inFlightMore: number;
  /** The last frames, the newest last. */
  readonly frames: readonly CrashFrame[];
  /** How many frames there were before them. */
  readonly framesBefore: number;
  /** True where bytes are missing of the traffic, so that what is told may be incomplete. */
  readonly isTorn: boolean;
  readonly findings: readonly CrashFinding[];
  /** How many more findings there were. */
  readonly findingsMore: number;
  /** How many frames were checked, from the first on. */
  readonly checked: number;
}
