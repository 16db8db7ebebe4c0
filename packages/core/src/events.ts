import type { Answer } from './sdk-requests.ts';
import type { JsonObject, ModelContent } from './model.ts';
import type { Progress } from './sdk-transport.ts';

/** Why a query ended. */
export type StoppedReason = 'end_turn' | 'max_tokens' | 'refusal' | 'rounds' | 'interrupted' | 'no-model' | 'api-error';

/** What the replies to one query took, all rounds together. */
export interface Spent {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** About how many US dollars; absent where the price of a reply is not known. */
  readonly dollars?: number;
}

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
  /** How far a running call has come, as its server says. */
  | { readonly type: 'tool-progress'; readonly id: string; readonly progress: Progress }
  | {
      readonly type: 'tool-result';
      readonly id: string;
      readonly isError: boolean;
      readonly content: readonly ModelContent[];
      /** Milliseconds that the call itself took, approval not counted; absent when it was not made. */
      readonly ms?: number;
      /** The number of the frame that made the call; absent when it was not made. */
      readonly n?: number;
      /** The result as the server sent it, for a person to see; absent where there was none. */
      readonly answer?: Answer;
      /** How the result breaks the tool's own output schema; absent where it does not. */
      readonly outputFault?: string;
    }
  | {
      readonly type: 'stopped';
      readonly reason: StoppedReason;
      readonly detail?: string;
      readonly error?: Error;
      /** Absent where no reply came. */
      readonly spent?: Spent;
    };
