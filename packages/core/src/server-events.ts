import type { Era } from '@mcp-dbg/protocol';
import type { Frame, Reading } from '@mcp-dbg/wire';

/** How one connection came to its end. */
export interface ConnectionEnd {
  /** Null for a server behind a URL, which has neither code nor signal. */
  readonly pid: number | null;
  /** Both null when the server lived but closed a pipe, so that it had to be ended by us. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The pipe that a living server closed. */
  readonly closed?: 'stdin' | 'stdout';
  /** Why a server behind a URL is of no more use, such as `connection refused`. */
  readonly why?: string;
  readonly uptimeMs: number;
  /** The last line on stderr that says something; undefined when there was none. */
  readonly stderr: string | undefined;
  /** What waited for an answer: a tool's name for a tool call, else the method. */
  readonly inFlight: readonly string[];
  /** True when it was we who ended it. */
  readonly asked: boolean;
}

/** What happens on a connection; which server it was is added by {@link ServerEvent}. */
export type ConnectionEvent =
  | { readonly type: 'frame'; readonly frame: Frame; readonly reading: Reading }
  | { readonly type: 'stderr'; readonly us: number; readonly text: string }
  | { readonly type: 'server-started'; readonly us: number; readonly pid: number; readonly command: readonly string[] }
  /** A server behind a URL, which is as it may be shown. */
  | { readonly type: 'server-started'; readonly us: number; readonly pid: null; readonly url: string }
  /** Sent when a request of ours that everything waits for goes out. */
  | { readonly type: 'server-waiting'; readonly method: string }
  | {
      readonly type: 'server-ready';
      readonly era: Era;
      readonly protocolVersion: string;
      readonly name: string;
      readonly version: string;
      readonly tools: readonly string[];
      /** True where the server was ready before, so that `server-restarted` follows. */
      readonly again: boolean;
      /** True where the tools were not asked for. */
      readonly isUnlisted?: boolean;
    }
  /** A decision about the connection that is said aloud. */
  | { readonly type: 'notice'; readonly message: string }
  /** The bytes break a rule; `n` is the frame. */
  | { readonly type: 'finding'; readonly rule: string; readonly n: number; readonly message: string }
  | ({ readonly type: 'server-ended'; readonly us: number } & ConnectionEnd)
  /** `attempt` counts the starts since the server last proved itself. */
  | { readonly type: 'server-restarted'; readonly pid: number | null; readonly attempt: number }
  /** A start failed; the next one comes after `waitMs`, or at a user's turn when that is null. */
  | {
      readonly type: 'server-start-failed';
      readonly reason: string;
      readonly waitMs: number | null;
      /** True where the server was ready and ended right after it: then `server-ended` has told the reason. */
      readonly wasReady: boolean;
    }
  /** The server says that one of its other lists changed; what has changed nobody knows yet. */
  | { readonly type: 'list-changed'; readonly list: 'prompts' | 'resources' }
  /** The server says that a resource changed, which somebody subscribed to. */
  | { readonly type: 'resource-updated'; readonly uri: string }
  /** A log message of the server; `data` may be anything. */
  | { readonly type: 'log'; readonly level: string; readonly logger?: string; readonly data: unknown }
  | {
      readonly type: 'tools-changed';
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly changed: readonly string[];
    };

/** What happens on a connection, frame by frame; `server` is the name from its configuration. */
export type ServerEvent = ConnectionEvent & { readonly server: string };
