/**
 * A JSON-RPC id as canonical JSON text: `1` and `"1"` differ, as they do in JSON, and an integer beyond 2^53 keeps
 * its digits. Two ids are the same id exactly when their texts are equal.
 */
export type IdText = string;

/** Something about a frame that a reader should know although the frame could be read. */
export type FrameFault =
  | 'bom'
  | 'crlf'
  | 'duplicate-key'
  | 'unsafe-integer'
  | 'version'
  | 'id-type'
  | 'params-type'
  | 'result-and-error'
  | 'error-shape';

/** What every reading of valid JSON carries. */
interface Json {
  /** The frame's text, exactly. */
  readonly text: string;
  readonly faults: readonly FrameFault[];
}

export interface RequestReading extends Json {
  readonly kind: 'request';
  readonly id: IdText;
  readonly method: string;
  readonly params: unknown;
}

export interface NotificationReading extends Json {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: unknown;
}

export interface ResultReading extends Json {
  readonly kind: 'result';
  readonly id: IdText;
  readonly result: unknown;
}

export interface ErrorReading extends Json {
  readonly kind: 'error';
  /** `null` as text when the peer could not read the request's id. */
  readonly id: IdText;
  readonly error: unknown;
}

/** One JSON-RPC 2.0 message. */
export type Message = RequestReading | NotificationReading | ResultReading | ErrorReading;

/** A JSON array line: a batch, which only MCP 2025-03-26 allows. */
export interface BatchReading extends Json {
  readonly kind: 'batch';
  readonly items: readonly (Message | NotJsonRpcReading)[];
}

/** Valid JSON that is no JSON-RPC message. */
export interface NotJsonRpcReading extends Json {
  readonly kind: 'not-json-rpc';
  readonly value: unknown;
  readonly reason: string;
}

/** A line that is not JSON: noise, a torn message, or bytes that are not UTF-8. */
export interface NotJsonReading {
  readonly kind: 'not-json';
  /** The text where the bytes are UTF-8, else undefined. */
  readonly text: string | undefined;
  readonly reason: string;
}

/** What `readFrame` makes of a line. Nothing is dropped and nothing throws: a broken line is a fact to show. */
export type Reading = Message | BatchReading | NotJsonRpcReading | NotJsonReading;
