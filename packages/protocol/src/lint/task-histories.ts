import { memberText } from '@mcp-dbg/wire';

import type { Frame } from '@mcp-dbg/wire';

/** Tasks, questions of one task, and characters of a question, that are remembered. */
const MAX_TASKS = 1000;
const MAX_QUESTIONS = 100;
const MAX_TEXT = 2000;

const TERMINAL: readonly unknown[] = ['completed', 'failed', 'cancelled'];

interface History {
  /** The status from which a task does not change any more, and the frame that told it. */
  ended: { readonly status: string; readonly n: number } | undefined;
  readonly questions: Map<string, string>;
}

/** What was told of each task of the extension (spec of io.modelcontextprotocol/tasks). */
export class TaskHistories {
  readonly #byId = new Map<string, History>();

  /** Takes a status; gives the one that the task had ended with, where it is another and was told before `since`. */
  status(id: string, status: unknown, frame: Frame, since: Frame): History['ended'] {
    const history = this.#of(id);
    const { ended } = history;
    if (ended !== undefined) return ended.status !== status && ended.n < since.n ? ended : undefined;
    if (typeof status === 'string' && TERMINAL.includes(status)) history.ended = { status, n: frame.n };
    return undefined;
  }

  /** Takes what a task asks for, as text; gives the keys that stood for something else before. */
  reusedKeys(id: string, questions: Readonly<Record<string, unknown>>, text: string): readonly string[] {
    const { questions: known } = this.#of(id);
    return Object.keys(questions)
      .slice(0, MAX_QUESTIONS)
      .filter((key) => {
        const question = (memberText(text, key) ?? '').slice(0, MAX_TEXT);
        const before = known.get(key);
        if (before === undefined && known.size < MAX_QUESTIONS) known.set(key, question);
        return before !== undefined && before !== question;
      });
  }

  #of(id: string): History {
    const key = id.slice(0, 1000);
    const history = this.#byId.get(key) ?? { ended: undefined, questions: new Map<string, string>() };
    this.#byId.delete(key);
    this.#byId.set(key, history);
    const oldest = this.#byId.size > MAX_TASKS ? this.#byId.keys().next().value : undefined;
    if (oldest !== undefined) this.#byId.delete(oldest);
    return history;
  }
}
