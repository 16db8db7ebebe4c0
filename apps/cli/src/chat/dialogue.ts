import type { ServerEvent } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import type { MarkdownStream } from '../render/markdown/markdown-stream.ts';
import { type Theme, themeFor } from '../render/theme.ts';
import { statePath } from '../state-folder.ts';
import { canAsk } from '../terminal/can-ask.ts';
import { canDraw } from '../terminal/can-draw.ts';
import { Prompt } from '../terminal/prompt.ts';
import type { Complete } from '../terminal/readline-editor.ts';
import type { AskPerson } from '../asked/person.ts';
import { editText, editorOf } from './edit-text.ts';
import type { FormIo } from './form/form-io.ts';
import { HistoryFile } from './history-file.ts';
import { JsonView } from './json-view.ts';
import { linesOf } from './lines.ts';
import { RecentWire } from './recent-wire.ts';
import { SavedFiles } from './saved-files.ts';
import { TextView } from './text-view.ts';
import type { View } from './view.ts';

export interface DialogueOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly severalServers: () => boolean;
  /** True where the person types the queries, and not `--prompt` gives them. */
  readonly isDialogue: boolean;
  readonly complete: Complete;
  readonly onInterrupt: () => void;
  /** Takes a line that need not wait for the end of what goes on; gives false for any other. */
  readonly takesAtOnce: (line: string) => boolean;
  /** Aborted when the turn that is being answered is to end, and with it a question. */
  readonly turn: () => AbortSignal | undefined;
}

/** The person's side of a chat: what they see, and what they type. */
export class Dialogue {
  readonly view: View;
  readonly wire = new RecentWire();
  /** How the person is asked; undefined where there is no terminal. */
  readonly form: FormIo | undefined;
  /** How the person is asked what a server wants of them; undefined where there is no terminal. */
  readonly person: AskPerson | undefined;
  readonly #io: Io;
  readonly #text: TextView;
  readonly #prompt: Prompt | undefined;
  readonly #loaded: Promise<void> | undefined;
  #Markdown: typeof MarkdownStream | undefined;
  #isLent = false;
  /** The questions of one matter that are being asked, and those that wait for their end. */
  #asking: Promise<unknown> | undefined;

  constructor(io: Io, options: DialogueOptions) {
    const { json } = options;
    const files = new SavedFiles(statePath(io, 'files'), io.home);
    this.#io = io;
    const isInteractive = canAsk(io, json);
    const shown = {
      ...options,
      // Programs get frames as events.
      verbose: options.verbose && !json,
      canShow: isInteractive && options.isDialogue,
      saveFile: (file: Parameters<SavedFiles['save']>[0]) => files.save(file),
      rendering: (theme: Theme, columns: () => number) => this.#Markdown && new this.#Markdown(theme, columns),
    };
    // Where stdout is for programs, nothing is drawn on it.
    this.#text = new TextView(
      json
        ? { ...io, terminal: { ...io.terminal, stdout: false, stderr: io.terminal.stderr && !io.terminal.stdout } }
        : io,
      shown,
    );
    this.view = json ? new JsonView(io, this.#text, options.verbose) : this.#text;
    if (canDraw(io) && io.terminal.stdout && !json) this.#loaded = this.#load();
    this.#prompt = isInteractive ? this.#openPrompt(options) : undefined;
    const prompt = this.#prompt;
    if (prompt === undefined) return;
    this.#text.openLine = prompt;
    const form: FormIo = {
      ask: async (question, complete, signal) => {
        // Who types a line is not to find a question in its place: nobody answers this one.
        if (prompt.isOpen && this.#asking === undefined) return undefined;
        const signals = [options.turn(), signal].filter((each) => each !== undefined);
        return await this.#alone(async () => {
          this.#text.makeRoom();
          return await prompt.answer(question, signals.length === 0 ? undefined : AbortSignal.any(signals), complete);
        });
      },
      say: (text) => this.#text.say(text),
      list: (rows) => {
        for (const row of rows) this.#text.say(row);
      },
      columns: () => this.columns,
      ...(editorOf(io.env) && {
        edit: async (text, extension) => await this.#edit(text, extension, prompt, options.turn()),
      }),
    };
    this.form = form;
    this.person = async (signal, use) => {
      // Of the person's own line nothing is taken: who asks between two turns, asks for nothing that they want.
      if (prompt.isOpen && this.#asking === undefined) return undefined;
      const turn = options.turn();
      const over = turn === undefined ? signal : AbortSignal.any([signal, turn]);
      return await this.#alone(async () => {
        const used = await use({
          ...form,
          ask: async (question, complete) => {
            this.#text.makeRoom();
            // Giving up is an answer that the server can go on with; the turn is not over by it.
            return await prompt.answer(question, over, complete, true);
          },
        });
        if (signal.aborted && turn?.aborted !== true)
          this.#text.warn('What the server asked is over: it ended, or took the question back');
        return used;
      });
    };
  }

  /** Shows what happened to a server, and keeps it for a while. */
  server(event: ServerEvent): void {
    this.view.server(event, this.wire.see(event));
  }

  /** Shows what is to be copied: the terminal knows that the rows which it makes of it are one line. */
  sayWhole(text: string): void {
    this.#text.say(text, Infinity);
  }

  /** Resolves when answers can be shown: what renders them is loaded while the servers start. */
  async ready(): Promise<void> {
    await this.#loaded;
  }

  /** Shows the raw JSON-RPC or stops showing it; gives the sentence that says which. */
  toggleVerbose(): string {
    this.view.verbose = !this.view.verbose;
    return this.view.verbose ? 'The raw JSON-RPC is shown from now on.' : 'The raw JSON-RPC is no longer shown.';
  }

  /** What the person asks, line by line, until they leave. */
  queries(): AsyncIterable<string> {
    return this.#prompt === undefined ? linesOf(this.#io.stdin) : this.#prompted(this.#prompt);
  }

  /** The width of the terminal that stdout is; undefined where it is none. */
  get columns(): number | undefined {
    return this.#text.space?.columns;
  }

  /** True while another program has the terminal: a Ctrl-C is meant for that one. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** Nothing is typed any more. */
  closePrompt(): void {
    this.#prompt?.close();
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.closePrompt();
    this.#text.close();
  }

  /** One matter after the other: their questions must not mix. */
  async #alone<T>(ask: () => Promise<T>): Promise<T> {
    const mine = Promise.resolve(this.#asking).then(ask, ask);
    this.#asking = mine;
    try {
      return await mine;
    } finally {
      if (this.#asking === mine) this.#asking = undefined;
    }
  }

  async #load(): Promise<void> {
    const { MarkdownStream } = await import('../render/markdown/markdown-stream.ts');
    // The first text takes much longer than any other, since tables of Unicode are read for it.
    new MarkdownStream(themeFor(false, {}), () => 10).push('*Words* that are wrapped: é\n\n');
    this.#Markdown = MarkdownStream;
  }

  async #edit(
    text: string,
    extension: string,
    prompt: Prompt,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    return await editText(text, extension, {
      env: this.#io.env,
      signal,
      onExit: this.#io.onExit,
      before: () => {
        this.#text.hold();
        prompt.release();
        this.#isLent = true;
      },
      after: () => {
        prompt.take();
        this.#isLent = false;
        this.#text.release();
      },
      say: (sentence) => this.#text.warn(sentence),
    });
  }

  #openPrompt({ complete, onInterrupt, takesAtOnce }: DialogueOptions): Prompt {
    return new Prompt(this.#io, {
      complete,
      onInterrupt,
      history: HistoryFile.open(statePath(this.#io, 'history'), (sentence) => this.#text.warn(sentence)),
      onAhead: () => this.#text.typed(),
      onDropped: (lines) =>
        this.#text.say(
          lines === 1
            ? '(the line that waited is not run; Up brings it back)'
            : `(the ${lines} lines that waited are not run; Up brings them back)`,
        ),
      onEndAhead: () => this.#text.say('(leaves when this is done; Ctrl-C ends it now)'),
      takesAtOnce,
      onStop: () => this.#text.stop(),
      onContinue: () => this.#text.typed(),
    });
  }

  async *#prompted(prompt: Prompt): AsyncGenerator<string, void> {
    for (;;) {
      this.#text.makeRoom();
      const line = await prompt.line('> ');
      if (line === undefined) return;
      yield line;
    }
  }
}
