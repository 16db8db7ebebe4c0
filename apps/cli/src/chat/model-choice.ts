import type { Session } from '@mcp-dbg/core';

import { type ChosenModel, chooseModel } from '../choose-model.ts';
import type { Io } from '../io.ts';

/** The model of a chat, which may be another one later; closes all that were chosen. */
export class ModelChoice implements AsyncDisposable {
  /** The one that the chat begins with. */
  readonly first: ChosenModel;
  readonly #io: Io;
  readonly #chosen: ChosenModel[];
  #known: readonly string[] = [];

  /** Chooses by `--model` and the environment. Throws ModelError. */
  static async by(wanted: string | undefined, io: Io): Promise<ModelChoice> {
    return new ModelChoice(await chooseModel(wanted, io), io);
  }

  private constructor(first: ChosenModel, io: Io) {
    this.first = first;
    this.#io = io;
    this.#chosen = [first];
    if (!io.terminal.stdin) return;
    // For a person who types, and not waited for: where there is no model, nothing else needs what this loads.
    void import('@mcp-dbg/core/anthropic').then(({ KNOWN_MODELS }) => (this.#known = KNOWN_MODELS));
  }

  /** The ids of models that a person may be offered. */
  get known(): readonly string[] {
    return this.#known;
  }

  /** Gives the session another model. Throws ModelError, and the session keeps the one it has. */
  async change(name: string, session: Session): Promise<void> {
    const model = await chooseModel(name, this.#io);
    this.#chosen.push(model);
    session.use(model);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#chosen.map(async (model) => await model?.[Symbol.asyncDispose]?.()));
  }
}
