import { visible } from '../render/visible.ts';
import type { Key } from './keyboard.ts';
import type { LineEditor } from './line-editor.ts';
import { ReverseSearch } from './reverse-search.ts';

/** A reverse search in the line that is typed: it shows what is looked for, and what was found. */
export class SearchLine {
  readonly #editor: LineEditor;
  readonly #state: ReverseSearch;
  /** What stood there before the search. */
  readonly #prompt: string;
  readonly #typed: string;

  constructor(editor: LineEditor, lines: readonly string[], prompt: string) {
    this.#editor = editor;
    this.#state = new ReverseSearch(lines);
    this.#prompt = prompt;
    this.#typed = editor.text;
    this.#show();
  }

  /** Takes a key; tells whether the search goes on, is given up, or is over with a key that is for the line. */
  key(text: string | undefined, { name, ctrl, meta }: Key): 'on' | 'given up' | 'over' {
    if (ctrl === true && name === 'r') this.#state.older();
    else if (name === 'backspace') this.#state.erase();
    else if (name === 'escape' || (ctrl === true && (name === 'c' || name === 'g'))) return 'given up';
    else if (text !== undefined && text >= ' ' && text !== '\u007f' && ctrl !== true && meta !== true)
      this.#state.type(text);
    else return 'over';
    this.#show();
    return 'on';
  }

  /** Leaves what was found in the line, or what was typed before. */
  end(how: 'accepted' | 'given up'): void {
    this.#editor.setText(how === 'accepted' ? (this.#state.match ?? this.#typed) : this.#typed);
    this.#editor.reopen(this.#prompt);
  }

  #show(): void {
    const { query, match } = this.#state;
    const isMissing = match === undefined && query !== '';
    this.#editor.setText(match ?? '');
    this.#editor.reopen(`(${isMissing ? 'nothing with' : 'search'}) ${visible(query)}: `);
  }
}
