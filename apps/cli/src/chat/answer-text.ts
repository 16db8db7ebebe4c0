import { visible } from '../render/visible.ts';

/** Renders text that comes in pieces; what can still change is its `tail`. */
export interface Rendering {
  push(text: string): string;
  tail(): readonly string[];
  end(): string;
}

/** What may be the beginning of a character of several: half of a surrogate pair, an emoji that may be joined to another. */
const UNFINISHED =
  /(?:[\ud800-\udbff]|\p{Extended_Pictographic}[\p{Emoji_Modifier}\ufe0f]*(?:\u200d[\ud800-\udbff]?)?)$/u;

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
    const all = this.#unfinished + text;
    const [unfinished = ''] = UNFINISHED.exec(all) ?? [];
    this.#unfinished = unfinished;
    this.#show(all.slice(0, all.length - unfinished.length));
  }

  /** The rows that may still change, the newest where there is not room for all. */
  tail(rows: number): readonly string[] {
    const tail = this.#rendering?.tail() ?? [];
    return tail.slice(Math.max(0, tail.length - rows));
  }

  /** The answer is over, or something else is to stand below it. */
  end(): void {
    this.#show(this.#unfinished);
    this.#unfinished = '';
    const rest = this.#rendering?.end() ?? '';
    if (rest !== '') this.#print(rest);
  }

  #show(text: string): void {
    this.#rendering ??= this.#render();
    const final = this.#rendering === undefined ? visible(text, 'kept') : this.#rendering.push(text);
    if (final !== '') this.#print(final);
  }
}
