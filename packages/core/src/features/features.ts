import type { JsonObject } from '../model.ts';

/** A folder or a file that servers may work in (client/roots). */
export interface Root {
  /** A `file://` URI. */
  readonly uri: string;
  readonly name?: string;
}

/** What a server wants the person to tell it, or to open (client/elicitation). All of it is the server's own text. */
export type Elicitation =
  /** `schema` describes an object; servers are to keep it flat, and not all do. */
  | { readonly mode: 'form'; readonly message: string; readonly schema: JsonObject }
  | { readonly mode: 'url'; readonly message: string; readonly url: string };

/** The person's answer. `content` is for a form; a URL that is accepted has none. */
export type ElicitationAnswer =
  | { readonly action: 'accept'; readonly content?: JsonObject }
  | { readonly action: 'decline' | 'cancel' };

/** What a server wants the client's model to answer (client/sampling). Text alone: no tools are declared. */
export interface Sampling {
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  readonly systemPrompt?: string;
  /** Tokens of the answer at most. */
  readonly maxTokens: number;
}

/** A model's answer to a server, and which model gave it. */
export interface Sampled {
  readonly text: string;
  readonly model: string;
  readonly stopReason: 'endTurn' | 'maxTokens';
}

/** Who asks, and until when an answer is of use: the signal aborts when the server takes the question back or ends. */
export interface Asker {
  readonly server: string;
  readonly signal: AbortSignal;
}

/** Answers requests of a server with whole results, by the keys of the requests. Undefined gives up. */
export type AnswerByHand = (
  requests: Readonly<Record<string, unknown>>,
  asker: Asker,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

/** What a client does for servers that ask. What is not given here is not declared to any server. */
export interface Features {
  /** The roots as they are now; `Session.rootsChanged` tells servers that this gives others. */
  readonly roots?: () => readonly Root[];
  /** Asks a model; undefined where the person does not want that. */
  readonly sample?: (sampling: Sampling, asker: Asker) => Promise<Sampled | undefined>;
  readonly elicit?: (elicitation: Elicitation, asker: Asker) => Promise<ElicitationAnswer>;
  /**
   * Takes the place of the others: everything is declared, and whoever this is answers. `returned` answers nothing: a
   * result that asks for input is given to the caller as it came.
   */
  readonly byHand?: AnswerByHand | 'returned';
}

/** The capabilities that a client with these features declares. */
export function capabilitiesOf({ roots, sample, elicit, byHand }: Features): JsonObject {
  const isByHand = byHand !== undefined;
  return {
    ...((isByHand || elicit) && { elicitation: { form: {}, url: {} } }),
    ...((isByHand || roots) && { roots: { listChanged: true } }),
    ...((isByHand || sample) && { sampling: isByHand ? { tools: {}, context: {} } : {} }),
  };
}
