import { type LoopEvent, type Session } from '@mcp-dbg/core';

import { EXIT, knownError } from '../exit-code.ts';
import { asideOf } from './aside-view.ts';
import { isAtOnce, runSlashCommand } from './slash/slash-commands.ts';
import type { SlashContext } from './slash/slash-context.ts';
import { toolsCost } from './tools-cost.ts';
import type { View } from './view.ts';

/** Lines that end the chat. */
const LEAVING: ReadonlySet<string> = new Set(['quit', 'exit', '/quit', '/exit']);

/** What a chat is given beside its session. */
export interface ChatContext extends Omit<SlashContext, 'session' | 'signal' | 'view'> {
  /** Sentences about what was approved and is something else now. */
  readonly approvalWarnings: () => readonly string[];
  /** Told of each query that has ended, however it did, before anybody sees that it has. */
  readonly onAnswered?: () => void;
}

/** Runs the queries of one chat, one after the other, and keeps what the program will exit with. */
export class Chat {
  readonly #session: Session;
  readonly #view: View;
  readonly #context: ChatContext;
  readonly #leaving = new AbortController();
  readonly #warned = new Set<string>();
  #turn: AbortController | undefined;
  #exit: number = EXIT.good;
  #askedToLeave = false;

  constructor(session: Session, view: View, context: ChatContext) {
    this.#session = session;
    this.#view = view;
    this.#context = context;
  }

  /** Answers queries until they end or one says quit. Gives the exit code. */
  async run(queries: Iterable<string> | AsyncIterable<string>): Promise<number> {
    const left = new Promise<undefined>((resolve) => {
      this.#leaving.signal.addEventListener('abort', () => resolve(undefined));
    });
    this.#warn();
    const source = Symbol.asyncIterator in queries ? queries[Symbol.asyncIterator]() : queries[Symbol.iterator]();
    for (;;) {
      const next = await Promise.race([Promise.resolve(source.next()), left]);
      if (next === undefined || next.done === true) return this.#exit;
      this.#askedToLeave = false;
      const query = next.value.trim();
      if (LEAVING.has(query)) return this.#exit;
      if (query !== '') await this.#answer(query);
      if (this.#leaving.signal.aborted) return this.#exit;
    }
  }

  /** Aborted when the turn that is being answered is to end; undefined between turns. */
  get turn(): AbortSignal | undefined {
    return this.#turn?.signal;
  }

  get toolNames(): readonly string[] {
    const { byName, leftOut } = this.#session.routes;
    return [...byName.keys(), ...leftOut.keys()];
  }

  /**
   * Ctrl-C of a person at the prompt: ends the turn, or leaves when pressed twice with nothing to end.
   */
  interrupt(): void {
    const turn = this.#turn;
    if (turn !== undefined && !turn.signal.aborted) {
      turn.abort(new Error('interrupted'));
    } else if (turn !== undefined || this.#askedToLeave) {
      this.leave(EXIT.interrupted);
    } else {
      this.#askedToLeave = true;
      this.#view.say('(Ctrl-C again or Ctrl-D leaves)');
    }
  }

  /** Runs a line while a turn goes on, where it is a command that can; gives false for any other. */
  takesAtOnce(line: string): boolean {
    if (!isAtOnce(line)) return false;
    const context = {
      ...this.#context,
      session: this.#session,
      view: asideOf(this.#view),
      signal: this.#leaving.signal,
    };
    runSlashCommand(line.trim(), context).catch((error: unknown) => this.#view.warn(textOf(error)));
    return true;
  }

  /** Ends the turn and the chat. */
  leave(exit: number): void {
    this.#exit = exit;
    this.#turn?.abort(new Error('leaving'));
    this.#leaving.abort();
  }

  async #answer(query: string): Promise<void> {
    this.#warn();
    const turn = new AbortController();
    this.#turn = turn;
    try {
      if (query.startsWith('/')) {
        const { signal } = turn;
        await runSlashCommand(query, { ...this.#context, session: this.#session, view: this.#view, signal });
        return;
      }
      this.#view.asked();
      for await (const event of this.#session.ask(query, turn.signal)) {
        if (event.type === 'stopped') this.#context.onAnswered?.();
        this.#view.loop(event);
        if (event.type === 'stopped') this.#note(event);
      }
    } catch (error) {
      if (knownError(error) === undefined) throw error;
      this.#view.warn(textOf(error));
    } finally {
      this.#view.waiting(undefined);
      this.#turn = undefined;
    }
  }

  /**
   * Says what the model is not told of, or told otherwise, and what all of it costs where that is much; anew when the
   * servers' tools have changed.
   */
  #warn(): void {
    const { routes, model } = this.#session;
    const cost = model && toolsCost(routes);
    const news = [...routes.warnings, ...(cost === undefined ? [] : [cost]), ...this.#context.approvalWarnings()];
    for (const warning of news) {
      if (!this.#warned.has(warning)) this.#view.warn(warning);
      this.#warned.add(warning);
    }
  }

  /** Servers and tools never change the exit code; a model that cannot be asked does. */
  #note(event: Extract<LoopEvent, { type: 'stopped' }>): void {
    if (event.reason === 'no-model') this.#exit = EXIT.credentials;
    if (event.reason === 'api-error') this.#exit = knownError(event.error)?.exit ?? EXIT.bug;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
