import { type IdText, memberText } from '@mcp-dbg/wire';

import { isObject } from '../json-object.ts';
import type { Asked } from './check.ts';

/** Calls that wait for input, of one tool, prompt or resource, and tools, prompts and resources, that are remembered. */
const MAX_WAITING = 10;
const MAX_SUBJECTS = 200;

/** States that are remembered. */
const MAX_STATES = 1000;

/** Characters of the keys of one result, and at both ends of a text, that are kept. */
const MAX_KEYS = 2000;
const MAX_KEPT = 500;

/** A request that was answered with a question. */
export interface Question {
  readonly id: IdText;
  /** The number of its frame. */
  readonly n: number;
  /** The arguments, as {@link argumentsOf} tells them; a retry has the same. */
  readonly args: string;
  /** What was asked for, by its keys; undefined where there are too many to keep. */
  readonly keys: readonly string[] | undefined;
  readonly state: string | undefined;
}

/** Remembers which requests wait for input, so that the requests that bring it can be found. */
export class OpenQuestions {
  /** Of each tool, prompt and resource; the latest last. */
  readonly #waiting = new Map<string, Question[]>();
  /** What each state was given for: servers may give one to several. */
  readonly #subjectsOf = new Map<string, Set<string>>();

  /** A request was answered with a question. */
  ask(asked: Asked, args: string, result: Readonly<Record<string, unknown>>): void {
    const subject = subjectOf(asked);
    const { inputRequests, requestState } = result;
    const state = typeof requestState === 'string' ? kept(requestState) : undefined;
    const keys = isObject(inputRequests) ? Object.keys(inputRequests) : [];
    const isShort = keys.join('').length <= MAX_KEYS;
    const waiting = this.#waiting.get(subject) ?? [];
    waiting.push({ id: asked.id, n: asked.frame.n, args, keys: isShort ? keys : undefined, state });
    if (waiting.length > MAX_WAITING) waiting.shift();
    keep(this.#waiting, subject, waiting, MAX_SUBJECTS);
    if (state !== undefined)
      keep(this.#subjectsOf, state, (this.#subjectsOf.get(state) ?? new Set()).add(subject), MAX_STATES);
  }

  /** The question that a request with this state answers, taken from those that wait; undefined where none fits. */
  take(asked: Asked, args: string, state: string | undefined): Question | undefined {
    const all = this.#waiting.get(subjectOf(asked)) ?? [];
    const waiting = all.filter((question) => question.args === args);
    const found = waiting.findLast((question) => question.state === (state && kept(state))) ?? waiting.at(-1);
    if (found !== undefined) all.splice(all.indexOf(found), 1);
    return found;
  }

  /** What a state was given for: this request, another one, or nothing on this connection. */
  givenFor(asked: Asked, state: string): 'this' | 'other' | undefined {
    const subjects = this.#subjectsOf.get(kept(state));
    if (subjects === undefined) return undefined;
    return subjects.has(subjectOf(asked)) ? 'this' : 'other';
  }
}

/** The arguments of a request, given as its text, so that equal ones can be told. */
export function argumentsOf(requestText: string): string {
  const params = memberText(requestText, 'params');
  return kept((params?.startsWith('{') === true ? memberText(params, 'arguments') : undefined) ?? '{}');
}

/** What is kept of a text that a peer may make as long as it likes. */
function kept(text: string): string {
  if (text.length <= 2 * MAX_KEPT) return text;
  return `${text.slice(0, MAX_KEPT)} ${text.length} ${text.slice(-MAX_KEPT)}`;
}

/** What a request is about, whatever its arguments are. */
function subjectOf({ method, params }: Asked): string {
  const { name, uri } = isObject(params) ? params : {};
  return `${method} ${typeof name === 'string' ? kept(name) : typeof uri === 'string' ? kept(uri) : ''}`;
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > limit ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
