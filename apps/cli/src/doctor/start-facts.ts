import type { ConnectionEnd, EraChoice, ListedTool } from '@mcp-dbg/core';
import type { Finding } from '@mcp-dbg/protocol/lint';

import type { Launch } from './launch.ts';

/** What became of one start of a server, as the checks see it. */
export interface StartFacts {
  readonly launch: Launch;
  /** True for a server behind a URL, which is no process of ours. */
  readonly isRemote: boolean;
  /** The era in which it was opened. */
  readonly asked: EraChoice;
  /** One, or two where the first ended on the probe; none where the system could not start it. */
  readonly processes: readonly ProcessFacts[];
  readonly outcome: StartOutcome;
  /** What breaks a rule of the protocol on the wire. */
  readonly lint: readonly Finding[];
  readonly command: CommandPlace;
  /** The same of a program that it missed itself, such as the interpreter that `env` was to find. */
  readonly inner: CommandPlace | undefined;
  readonly paths: readonly MissingPath[];
  /** Pythons of virtual environments around the script, and around us. */
  readonly pythons: readonly string[];
  /** Names of variables that are set around us, whoever hands them on. */
  readonly known: ReadonlySet<string>;
  /** Milliseconds for which the probe was left unanswered; undefined where it was answered. */
  readonly silentMs: number | undefined;
}

/** Whether a start led to a server that can be used. */
export type StartOutcome =
  | {
      readonly kind: 'ready';
      readonly era: string;
      readonly protocolVersion: string;
      readonly name: string;
      readonly version: string;
      readonly tools: readonly ListedTool[];
      /** Milliseconds from the start of the process to the whole list of tools. */
      readonly readyMs: number;
    }
  /** `code` and `message` are those of the error. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** One process of a start, or one connection to a server behind a URL. */
export interface ProcessFacts {
  /** Milliseconds until its first answer; undefined where there was none. */
  readonly firstAnswerMs: number | undefined;
  /** Lines, the last where there were very many. */
  readonly stderr: readonly string[];
  /** What it wrote to stdout that is no message, the first lines. */
  readonly noise: readonly string[];
  readonly end: ConnectionEnd | undefined;
  /** Signals that ended it, or what it left behind, in order. */
  readonly signals: readonly NodeJS.Signals[];
}

/** Where a command's name leads in the PATH of one launch, and where else a program of that name is. */
export interface CommandPlace {
  readonly name: string;
  readonly path: string;
  readonly found: string | undefined;
  readonly elsewhere: readonly string[];
}

/** An argument that is a file from where we stand, and none from where the server is started. */
export interface MissingPath {
  readonly word: string;
  /** The whole path of the file. */
  readonly here: string;
}
