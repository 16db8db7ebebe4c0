import type { Key } from './keyboard.ts';

/** Puts together what a terminal marks as pasted, so that no key in it is taken for a command. */
export class PastedText {
  #parts: string[] | undefined;

  /** `part` while a paste comes, the text once it is whole; undefined for a key that was typed. */
  take(text: string | undefined, { name, sequence }: Key): 'part' | { readonly text: string } | undefined {
    if (name === 'paste-start') {
      this.#parts = [];
      return 'part';
    }
    if (this.#parts === undefined) return undefined;
    if (name !== 'paste-end') {
      this.#parts.push(text ?? sequence ?? '');
      return 'part';
    }
    const whole = this.#parts.join('');
    this.#parts = undefined;
    return { text: whole };
  }
}
