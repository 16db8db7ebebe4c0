import assert from 'node:assert/strict';

import type { FormIo } from '../../src/chat/form/form-io.ts';
import { visible } from '../../src/render/visible.ts';

/** A person who answers in this order; undefined gives up. What the form asked and said is in `seen`. */
export class Person implements FormIo {
  readonly seen: string[] = [];
  readonly edited: string[] = [];
  readonly #answers: (string | undefined)[];
  readonly edit?: NonNullable<FormIo['edit']>;
  /** The columns of their terminal. */
  width: number | undefined;
  complete: ((line: string) => readonly string[]) | undefined;

  constructor(
    answers: readonly (string | undefined)[],
    edits?: readonly (string | undefined | ((text: string) => string))[],
  ) {
    this.#answers = [...answers];
    if (edits === undefined) return;
    const left = [...edits];
    this.edit = async (text) => {
      this.edited.push(text);
      const edit = left.shift();
      return typeof edit === 'function' ? edit(text) : edit;
    };
  }

  async ask(question: string, complete?: (line: string) => readonly string[]): Promise<string | undefined> {
    this.#show(question);
    this.complete = complete;
    assert.ok(this.#answers.length > 0, `nobody answers ${question}`);
    return this.#answers.shift();
  }

  say(text: string): void {
    this.#show(text);
  }

  list(rows: readonly string[]): void {
    for (const row of rows) this.#show(row);
  }

  columns(): number | undefined {
    return this.width;
  }

  /** What was asked and said, with no more spaces than tell its parts. */
  get lines(): readonly string[] {
    return this.seen.map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
  }

  get answersLeft(): number {
    return this.#answers.length;
  }

  #show(line: string): void {
    assert.equal(line, visible(line));
    assert.ok(!line.includes('\n'));
    this.seen.push(line);
  }
}
