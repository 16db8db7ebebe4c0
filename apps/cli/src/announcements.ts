import type { Say } from '@mcp-dbg/proxy';

import { visible } from './render/visible.ts';

/** Bytes of sentences that wait for stderr to be read at most; past that sentences are left out. */
const MAX_UNREAD: number = 64 * 1024;

/** Says sentences on a stderr that may be read slowly, or not at all: what waits for a reader is bounded. */
export class Announcements {
  /** What was said before the way to stderr was there. */
  readonly #early: string[] = [];
  #write: Say | undefined;
  /** Bytes that are not written yet. */
  #unread = 0;
  #leftOut = 0;
  #said: Promise<void> = Promise.resolve();

  /** Is given the way to stderr. */
  readonly onStderr = (write: Say): void => {
    this.#write = write;
    for (const text of this.#early.splice(0)) this.#pass(text, write);
  };

  say(sentence: string): void {
    const text = lineOf(sentence);
    if (this.#leftOut > 0 || (this.#unread > 0 && this.#unread + sizeOf(text) > MAX_UNREAD)) this.#leftOut++;
    else this.#put(text);
  }

  /** Says the last sentence, whatever waits; resolves when it is written. */
  async end(sentence: string): Promise<void> {
    this.#tellLeftOut();
    this.#put(lineOf(sentence));
    await this.#said;
  }

  #put(text: string): void {
    this.#unread += sizeOf(text);
    if (this.#write === undefined) this.#early.push(text);
    else this.#pass(text, this.#write);
  }

  #pass(text: string, write: Say): void {
    this.#said = write(text).then(() => {
      this.#unread -= sizeOf(text);
      if (this.#unread === 0) this.#tellLeftOut();
    });
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    const text = lineOf(`${this.#leftOut} sentences were left out: stderr was not read fast enough`);
    this.#leftOut = 0;
    this.#put(text);
  }
}

function lineOf(sentence: string): string {
  return `mcp-dbg: ${visible(sentence)}\n`;
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text);
}
