/** How a form talks to the person. */
export interface FormIo {
  /**
   * Asks on one line; undefined when the person gives up (Ctrl-C, Ctrl-D). `complete` gives the whole lines that what
   * is typed may become.
   */
  ask(question: string, complete?: (line: string) => readonly string[]): Promise<string | undefined>;
  /** Shows lines above the question. */
  say(text: string): void;
  /** Lets the person edit a text in their editor; undefined where there is none, or it was left with an error. */
  edit?(text: string, extension: string): Promise<string | undefined>;
}
