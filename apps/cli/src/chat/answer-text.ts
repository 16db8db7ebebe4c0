import { openEnd } from '../render/open-end.ts';
import { visible } from '../render/visible.ts';

/** Renders text that comes in pieces; what can still change is its `tail`. */
export interface Rendering {
  push(text: string): string;
  tail(): readonly string[];
  end(): string;
}

/** A model's answer while it streams: rendered where there is a terminal to draw on, else as it comes. */
export class AnswerText {
  readonly #print: (text: string) => void;
  readonly #render: () => Rendering | undefined;
  #rendering: Rendering | undefined;
  #unfinished = '';

  /**
   * `print` gets what is final; without a rendering that may end in the middle of a line. The rendering is asked for
   * when there is something to render.
   */
  constructor(print: (text: string) => void, render: () => Rendering | undefined) {
    this.#print = print;
    this.#render = render;
  }

  push(text: string): void {
    this.#rendering ??= this.#render();
    if (this.#rendering !== undefined) {
      this.#show(this.#rendering.push(text));
      return;
    }
    const all = this.#unfinished + text;
    const end = openEnd(all);
    this.#unfinished = all.slice(end);
    this.#show(visible(all.slice(0, end), 'kept'));
  }

  /** The rows that may still change, the newest where there is not room for all. */
  tail(rows: number): readonly string[] {
    const tail = this.#rendering?.tail() ?? [];
    return tail.slice(Math.max(0, tail.length - rows));
  }

  /** The answer is over, or something else is to stand below it. */
  end(): void {
    this.#show(this.#rendering === undefined ? visible(this.#unfinished, 'kept') : this.#rendering.end());
    this.#unfinished = '';
  }

  #show(text: string): void {
    if (text !== '') this.#print(text);
  }
}
