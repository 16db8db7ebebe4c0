import type { JsonObject } from '../model.ts';

/** What a script model says, turn by turn; `docs/script-model.md` has the format and its rules. */
export interface Script {
  readonly turns: readonly ScriptTurn[];
}

/** One reply, and when it is due. */
export interface ScriptTurn {
  /** The newest text must match, in any case of letters. */
  readonly when?: RegExp;
  /** Answers only a person's text, or only tool results. */
  readonly on?: 'user' | 'result';
  readonly think?: string;
  readonly say?: string;
  readonly call: readonly ScriptCall[];
  readonly stop: ScriptStop;
  readonly error?: ScriptError;
  /** The connection breaks in the middle of the reply. */
  readonly disconnect: boolean;
  /** Milliseconds between the pieces of the reply. */
  readonly drip: number;
  /** How often the turn may answer. */
  readonly repeat: number;
}

export interface ScriptCall {
  readonly tool: string;
  readonly args: JsonObject;
}

/** The stop reasons of the Messages API. */
export const SCRIPT_STOPS = [
  'end_turn',
  'tool_use',
  'max_tokens',
  'stop_sequence',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
] as const;

export type ScriptStop = (typeof SCRIPT_STOPS)[number];

/** An answer of the API that is an error. */
export interface ScriptError {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  readonly message: string;
  /** Milliseconds after which a client may ask again. */
  readonly retryAfterMs: number;
}
