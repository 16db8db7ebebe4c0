/** How a form talks to the person. */
export interface FormIo {
  /**
   * Asks on one line; undefined when the person gives up (Ctrl-C, Ctrl-D). `complete` gives the whole lines that what
   * is typed may become; the signal takes the question away.
   */
  ask(
    question: string,
    complete?: (line: string) => readonly string[],
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** Shows a sentence above the question. */
  say(text: string): void;
  /** Shows rows above the question, all of them and as they are. They fit into {@link columns}. */
  list(rows: readonly string[]): void;
  /** The width of the person's terminal; undefined where it is not known. */
  columns(): number | undefined;
  /** Lets the person edit a text in their editor; undefined where there is none, or it was left with an error. */
  edit?(text: string, extension: string): Promise<string | undefined>;
}
