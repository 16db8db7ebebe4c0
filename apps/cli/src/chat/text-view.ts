import type { LoopEvent, ServerEvent, StoppedReason } from '@mcp-dbg/core';

import type { Io } from '../io.ts';
import { calledText } from '../render/call-text.ts';
import { noiseText } from '../render/noise-text.ts';
import { serverEventText } from '../render/server-event-text.ts';
import { type Theme, themeFor } from '../render/theme.ts';
import { visible } from '../render/visible.ts';
import { FramePrinter } from './frame-printer.ts';
import { StatusLine } from './status-line.ts';
import type { View } from './view.ts';

export interface TextViewOptions {
  readonly verbose: boolean;
  readonly severalServers: boolean;
}

/** The line that a person may be typing, which whatever is shown must not garble. */
export interface OpenLine {
  readonly isOpen: boolean;
  around(write: () => void): void;
}

/** A chat for people: answers and calls on stdout, everything else on stderr. */
export class TextView implements View {
  readonly #io: Io;
  readonly #out: Theme;
  readonly #err: Theme;
  readonly #frames: FramePrinter;
  readonly #status: StatusLine;
  readonly #calls = new Map<string, Extract<LoopEvent, { type: 'tool-call' }>>();
  readonly #told = new Set<string>();
  /** True while the last character on stdout is in the middle of a line. */
  #midLine = false;
  /** What the chat waits for, as opposed to a server that starts meanwhile. */
  #awaited: string | undefined;
  verbose: boolean;
  /** Set by an interactive chat. */
  openLine: OpenLine = { isOpen: false, around: (write) => write() };

  constructor(io: Io, options: TextViewOptions) {
    this.#io = io;
    this.#out = themeFor(io.terminal.stdout, io.env);
    this.#err = themeFor(io.terminal.stderr, io.env);
    this.#frames = new FramePrinter(this.#err, options.severalServers);
    this.#status = new StatusLine(io, this.#err, () => !this.openLine.isOpen && !this.#midLine);
    this.verbose = options.verbose;
  }

  server(event: ServerEvent): void {
    if (event.type === 'server-waiting') this.#status.show(`${event.server} to answer ${event.method}`);
    if (event.type === 'server-ready' || event.type === 'server-ended') this.#status.show(this.#awaited);
    const lines = this.#frames.see(event);
    if (this.verbose && lines !== undefined) this.#error(lines());
    const noise = this.verbose ? undefined : noiseText(event, this.#err);
    if (noise !== undefined && this.#isFirst(`${event.server} noise`)) this.#error(`${noise}\n`);
    const isNews = event.type !== 'finding' || this.verbose || this.#isFirst(`${event.server} ${event.rule}`);
    const isQuiet = event.type === 'server-ended' && event.asked && !this.verbose;
    const line = isNews && !isQuiet ? serverEventText(event, this.#err) : undefined;
    if (line !== undefined) this.#error(`${line}\n`);
  }

  loop(event: LoopEvent): void {
    switch (event.type) {
      case 'text':
        this.#print(visible(event.text, 'kept'));
        return;
      case 'tool-call':
        this.#calls.set(event.id, event);
        this.waiting(`${event.name} to finish`);
        return;
      case 'tool-result': {
        const call = this.#calls.get(event.id);
        this.#calls.delete(event.id);
        this.#endLine();
        if (call !== undefined) this.#print(`${calledText(call, event, this.#out)}\n`);
        const [next] = this.#calls.values();
        this.waiting(next === undefined ? 'the model' : `${next.name} to finish`);
        return;
      }
      case 'stopped':
        this.#endLine();
        this.waiting(undefined);
        if (event.reason !== 'end_turn') this.warn(stoppedText(event.reason, event.detail));
        return;
    }
  }

  found(text: string): void {
    this.#print(`${text}\n`);
  }

  say(text: string): void {
    this.#error(`${text}\n`);
  }

  warn(text: string): void {
    this.#error(`${this.#err.warn(visible(text))}\n`);
  }

  waiting(what: string | undefined): void {
    this.#awaited = what;
    this.#status.show(what);
  }

  /** Makes room for a question: an empty line with nothing drawn on it. */
  makeRoom(): void {
    this.#status.hide();
    this.#endLine();
    this.#status.again();
  }

  #print(text: string): void {
    this.#show(() => this.#io.stdout.write(text));
    if (text !== '') this.#midLine = !text.endsWith('\n');
  }

  #error(text: string): void {
    // Where both streams end in one place, a line of stderr must not start in the middle of an answer.
    if (this.#io.merged) this.#endLine();
    this.#show(() => this.#io.stderr.write(text));
  }

  #show(write: () => void): void {
    this.#status.hide();
    this.openLine.around(write);
    this.#status.again();
  }

  #endLine(): void {
    if (this.#midLine) this.#print('\n');
  }

  #isFirst(key: string): boolean {
    const isFirst = !this.#told.has(key);
    this.#told.add(key);
    return isFirst;
  }
}

function stoppedText(reason: StoppedReason, detail: string | undefined): string {
  const more = detail === undefined ? '' : `: ${detail}`;
  switch (reason) {
    case 'end_turn':
      return '';
    case 'max_tokens':
      return 'The answer was cut off: it reached the most tokens that one reply may have';
    case 'refusal':
      return `The model refused to answer${more}`;
    case 'rounds':
      return `${detail ?? 'The model went on using tools for too long'}; --max-rounds allows more`;
    case 'interrupted':
      return 'Interrupted';
    case 'no-model':
      return 'There is no model to answer that. Set ANTHROPIC_API_KEY (or ANTHROPIC_BASE_URL), or name one with --model; without a model use /call TOOL {json}, /tools and /help';
    case 'api-error':
      return detail ?? 'The model could not be reached';
  }
}
