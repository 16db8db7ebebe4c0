/** A JSON object whose members nobody has checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A tool as a model is told of it. The name is legal for every vendor: `[A-Za-z0-9_-]`, at most 64 characters. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

/** A model's wish to run a tool. `id` is the model's own and comes back with the result. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly args: JsonObject;
}

/** What a model can read of a tool's result. */
export type ModelContent =
  | { readonly type: 'text'; readonly text: string }
  /** `data` is base64 and of the type that `mimeType` says: its first bytes were looked at. */
  | { readonly type: 'image'; readonly mimeType: ImageType; readonly data: string }
  | { readonly type: 'pdf'; readonly data: string };

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** A tool's result on its way back to the model. */
export interface ToolReply {
  readonly id: string;
  readonly isError: boolean;
  readonly content: readonly ModelContent[];
}

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'pause_turn';

/** One reply of a model, complete. */
export interface ModelReply {
  readonly text: string;
  readonly calls: readonly ToolUse[];
  readonly stop: StopReason;
  /** Why it stopped so (what was refused, what is full), when the vendor says it. */
  readonly detail?: string;
  readonly usage?: Usage;
  /** The reply in the vendor's own form. It goes back unchanged, since signed thinking must. */
  readonly vendor: unknown;
}

/** The tokens of one reply, as the vendor counts them. */
export interface Usage {
  /** All that the model read, whether from a cache or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input: what came out of the vendor's cache, and what went into it. */
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** One entry of the conversation. */
export type Turn =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly reply: ModelReply }
  /** All results of one round, in the order of the calls. */
  | { readonly role: 'tools'; readonly replies: readonly ToolReply[] };

export interface ModelRequest {
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolSpec[];
  readonly signal: AbortSignal;
  /** What the model is to keep in mind all the time. */
  readonly system?: string;
  /** Tokens of the reply at most, where that is less than the model would give anyway. */
  readonly maxTokens?: number;
}

/**
 * All we know about a language model: turns in, one reply out, its text streamed on the way.
 * Throws {@link ModelError}, or the signal's reason when aborted.
 */
export interface Model {
  /** What to call it to a person, such as `claude-sonnet-5-5` or `script: demo.json (no language model)`. */
  readonly name: string;
  reply(request: ModelRequest): AsyncGenerator<string, ModelReply>;
  /** About what a reply cost in US dollars; undefined where its price is not known. */
  cost?(usage: Usage): number | undefined;
}

/**
 * Why a model could not reply. `CREDENTIALS`: none, or refused (401, 403). `UNREACHABLE`: no answer over the network.
 * `REJECTED`: it refused the request (another 4xx), an unknown model name included. `OVERLOADED`: 429, 5xx, 529.
 * `BROKEN`: its answer could not be read.
 */
export type ModelErrorCode = 'CREDENTIALS' | 'UNREACHABLE' | 'REJECTED' | 'OVERLOADED' | 'BROKEN' | 'SCRIPT';

/** A model's failure in words for a person: what failed, why, what to do next. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: ModelErrorCode;
  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
