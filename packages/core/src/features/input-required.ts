import { isObject } from '../json.ts';
import type { JsonObject } from '../model.ts';

/** The methods whose result may ask for input (2026-07-28/basic/patterns/mrtr). */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** What a server needs before it gives a result. */
export interface InputRequired {
  /** What it asks, by keys of its own; a state alone means to try again. */
  readonly requests: JsonObject;
  /** To be given back as it came. */
  readonly state: string | undefined;
}

/** Reads a result that asks for input; undefined for any other, a sentence for one that cannot be followed. */
export function readInputRequired(method: string, result: unknown): InputRequired | string | undefined {
  if (!isObject(result) || result['resultType'] !== 'input_required') return undefined;
  const { inputRequests, requestState } = result;
  if (!MAY_ASK.has(method)) return `the server asks for input, which ${method} may not`;
  if (inputRequests !== undefined && !isObject(inputRequests)) return 'its inputRequests are no object';
  if (requestState !== undefined && typeof requestState !== 'string') return 'its requestState is no text';
  if (inputRequests === undefined && requestState === undefined) return 'the server asks for input and names none';
  return { requests: inputRequests ?? {}, state: requestState };
}
