import { Tokenizer, type Tokens } from 'marked';

/** How often a text may be searched, all in all, for the end of what is emphasised in it. */
const MAX_SCANS = 12;

/**
 * GitHub's Markdown with two differences. Its work grows with the text and not with the square of it: after too many
 * searches for the end of an emphasis, marks are text. And definitions of links are text like any other, since what was
 * shown before cannot know them, and the lexer would drop the second one of a name.
 */
export class BoundedTokenizer extends Tokenizer {
  /** Characters that may still be searched. */
  #budget: number;

  constructor(source: string) {
    super();
    this.#budget = MAX_SCANS * source.length;
  }

  override def(): undefined {
    return undefined;
  }

  override emStrong(src: string, maskedSrc: string, prevChar?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#charged(src, /^[*_]+[^*_\s]/, () => super.emStrong(src, maskedSrc, prevChar));
  }

  override del(src: string, maskedSrc: string, prevChar?: string): Tokens.Del | undefined {
    return this.#charged(src, /^~/, () => super.del(src, maskedSrc, prevChar));
  }

  #charged<T extends { readonly raw: string }>(src: string, start: RegExp, search: () => T | undefined): T | undefined {
    if (!start.test(src)) return search();
    if (this.#budget < 0) return undefined;
    // The search reads what it finds, and so searches again, before it is back.
    this.#budget -= src.length;
    const token = search();
    if (token !== undefined) this.#budget += src.length - token.raw.length;
    return token;
  }
}
