import type { JsonObject, ModelContent } from './model.ts';

/** Why a query ended. */
export type StoppedReason = 'end_turn' | 'max_tokens' | 'refusal' | 'rounds' | 'interrupted' | 'no-model' | 'api-error';

/** What the tool loop tells while it answers one query. It prints nothing. */
export type LoopEvent =
  /** A piece of the answer as it streams. */
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      /** The tool's own name, and its server's. */
      readonly name: string;
      readonly server: string;
      readonly tool: string;
      readonly args: JsonObject;
    }
  | {
      readonly type: 'tool-result';
      readonly id: string;
      readonly isError: boolean;
      readonly content: readonly ModelContent[];
      /** Milliseconds that the call itself took, approval not counted; absent when it was not made. */
      readonly ms?: number;
    }
  | { readonly type: 'stopped'; readonly reason: StoppedReason; readonly detail?: string; readonly error?: Error };
