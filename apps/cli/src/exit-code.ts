import { constants } from 'node:os';

import type { CaptureErrorCode } from '@mcp-dbg/capture';
import type { CoreErrorCode, ModelErrorCode } from '@mcp-dbg/core';
import type { ProxyErrorCode } from '@mcp-dbg/proxy';

import type { EndingSignal } from './io.ts';

/** What the program's exit codes mean. `proxy` has its own: the server's. */
export const EXIT = {
  good: 0,
  /** Bad input, or findings. */
  bad: 1,
  /** A bug of ours. */
  bug: 2,
  /** Credentials are needed. */
  credentials: 3,
  /** No server, or not the model's API, could be reached. */
  unreachable: 4,
  /** What was asked for, such as a tool or a resource, failed, is missing, or was lost with its server. */
  tool: 5,
  interrupted: 130,
} as const;

/**
 * What was asked of us cannot be done as it was asked. `REQUEST_FAILED`: the server refused what it was asked, or did not
 * answer; `cause` is the CoreError. `UNKNOWN_PROMPT`: it has none of that name. `FILE_EXISTS`: it would take the place of something else.
 * `NOT_A_SESSION`, `NOT_A_CRASH`, `NEWER_FORMAT`, `NOT_FOUND`, `NOT_A_FILE`, `UNAVAILABLE`: of a saved session or a crash report, as of a capture.
 * `NOT_APPROVED`: it would run what nobody here has approved. `BAD_CONFIG`: of a project's config file. `BAD_OUTPUT`: what
 * was made cannot be put where it should go. `BAD_FILTER`: a filter that cannot be read; `detail` shows where. `BAD_FAULT`: a rule for faults, the same. `BAD_PATTERN`: no
 * regular expression.
 */
export type CliErrorCode =
  | 'USAGE'
  | 'BAD_ARGUMENTS'
  | 'TOOL_FAILED'
  | 'REQUEST_FAILED'
  | 'UNKNOWN_PROMPT'
  | 'INTERRUPTED'
  | 'DEMO_FAILED'
  | 'FILE_EXISTS'
  | 'NOT_A_SESSION'
  | 'NOT_A_CRASH'
  | 'NEWER_FORMAT'
  | 'NOT_FOUND'
  | 'NOT_A_FILE'
  | 'UNAVAILABLE'
  | 'NOT_APPROVED'
  | 'BAD_CONFIG'
  | 'BAD_OUTPUT'
  | 'BAD_FILTER'
  | 'BAD_FAULT'
  | 'BAD_PATTERN';

/** A failure of a command, in words for a person; matched by `code`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What the program exits with, where the code does not say it all. */
  readonly exit: number | undefined;
  /** Lines for a person to stand below the message, such as the place in what was typed. */
  readonly detail: string | undefined;
  constructor(
    code: CliErrorCode,
    message: string,
    options: ErrorOptions & { readonly exit?: number; readonly detail?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.exit = options.exit;
    this.detail = options.detail;
  }
}

/** What a shell makes of an end by a signal: 130 for Ctrl-C. */
export function exitOfSignal(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}

type KnownCode = CaptureErrorCode | CliErrorCode | CoreErrorCode | ModelErrorCode | ProxyErrorCode;

/** Every failure that we know, and what the program exits with; a new code does not compile until it is here. */
const CODES: Readonly<Record<KnownCode, number>> = {
  USAGE: EXIT.bad,
  BAD_ARGUMENTS: EXIT.bad,
  TOOL_FAILED: EXIT.tool,
  REQUEST_FAILED: EXIT.tool,
  UNKNOWN_PROMPT: EXIT.tool,
  INTERRUPTED: EXIT.interrupted,
  DEMO_FAILED: EXIT.bug,
  FILE_EXISTS: EXIT.bad,
  NOT_A_SESSION: EXIT.bad,
  NOT_A_CRASH: EXIT.bad,
  NOT_APPROVED: EXIT.bad,
  BAD_CONFIG: EXIT.bad,
  BAD_OUTPUT: EXIT.bad,
  BAD_FILTER: EXIT.bad,
  BAD_FAULT: EXIT.bad,
  BAD_PATTERN: EXIT.bad,
  BAD_SERVER: EXIT.bad,
  CONNECTION_LOST: EXIT.unreachable,
  TIMEOUT: EXIT.unreachable,
  SERVER_ERROR: EXIT.unreachable,
  BAD_ANSWER: EXIT.unreachable,
  NO_COMMON_VERSION: EXIT.unreachable,
  SERVER_DOWN: EXIT.unreachable,
  CLOSED: EXIT.unreachable,
  UNKNOWN_TOOL: EXIT.tool,
  UNKNOWN_SERVER: EXIT.bad,
  NOT_OFFERED: EXIT.tool,
  INPUT_REQUIRED: EXIT.tool,
  BAD_TURNS: EXIT.bad,
  UNAUTHORIZED: EXIT.credentials,
  SIGN_IN_NEEDED: EXIT.credentials,
  SIGN_IN_FAILED: EXIT.credentials,
  UNSAFE_SIGN_IN: EXIT.credentials,
  COMMAND_MISSING: EXIT.bad,
  NOT_EXECUTABLE: EXIT.bad,
  FOLDER_MISSING: EXIT.bad,
  START_FAILED: EXIT.unreachable,
  CREDENTIALS: EXIT.credentials,
  UNREACHABLE: EXIT.unreachable,
  OVERLOADED: EXIT.unreachable,
  REJECTED: EXIT.bad,
  BROKEN: EXIT.unreachable,
  SCRIPT: EXIT.bad,
  NEWER_FORMAT: EXIT.bad,
  NOT_A_CAPTURE: EXIT.bad,
  NOT_A_FILE: EXIT.bad,
  NOT_FOUND: EXIT.bad,
  UNAVAILABLE: EXIT.bad,
};

/** The code by which we know an error, and what to exit with; undefined for a bug. */
export function knownError(error: unknown): { readonly code: string; readonly exit: number } | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error instanceof CliError && error.exit !== undefined) return { code: error.code, exit: error.exit };
  const exit = (CODES as Readonly<Record<string, number>>)[error.code];
  return exit === undefined ? undefined : { code: error.code, exit };
}
