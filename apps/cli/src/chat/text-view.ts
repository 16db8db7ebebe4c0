import type { Writable } from 'node:stream';

import type { LoopEvent, ServerEvent } from '@mcp-dbg/core';
import type { Sighting } from '@mcp-dbg/protocol';

import type { Io } from '../io.ts';
import { LiveFindings } from '../live-findings.ts';
import { calledText } from '../render/call-text.ts';
import { fitted, hanging } from '../render/columns.ts';
import { stoppedText } from '../render/stopped-text.ts';
import { type Theme, themeFor } from '../render/theme.ts';
import { turnText } from '../render/turn-text.ts';
import { visible } from '../render/visible.ts';
import { LiveArea } from '../terminal/live-area.ts';
import { Activity } from './activity.ts';
import { AnswerText, type Rendering } from './answer-text.ts';
import { type ResultText, resultText } from './result-text.ts';
import { ServerNews } from './server-news.ts';
import type { View } from './view.ts';
import { WireView } from './wire-view.ts';

export interface TextViewOptions {
  readonly verbose: boolean;
  readonly severalServers: () => boolean;
  /** No line about the time and the tokens of each turn. */
  readonly quiet?: boolean;
  /** Whether the person can ask for what is left out, by `/show`. */
  readonly canShow: boolean;
  readonly saveFile: ResultText['saveFile'];
  /** Renders answers for a terminal; without it they are shown as they are written. */
  readonly rendering?: (theme: Theme, columns: () => number) => Rendering | undefined;
}

/** The line that a person may be typing, which whatever is shown must not garble. */
export interface OpenLine {
  readonly isOpen: boolean;
  /** What was typed ahead and waits for its turn. */
  readonly ahead: string;
  around(write: () => void): void;
}

/** Rows of the terminal that the unfinished part of an answer leaves to others. */
const OTHER_ROWS = 8;

/** A chat for people: answers and calls on stdout, everything else on stderr. */
export class TextView implements View {
  readonly #io: Io;
  readonly #options: TextViewOptions;
  readonly #out: Theme;
  readonly #err: Theme;
  readonly #activity: Activity;
  readonly #live: LiveArea;
  readonly #answer: AnswerText;
  readonly #wire: WireView;
  readonly #findings = new LiveFindings();
  readonly #calls = new Map<string, Extract<LoopEvent, { type: 'tool-call' }>>();
  readonly #news: ServerNews;
  /** True while the last character on stdout is in the middle of a line. */
  #midLine = false;
  /** What the chat waits for, as opposed to a server that starts meanwhile. */
  #awaited: string | undefined;
  #held: { readonly text: string; readonly stream: Writable }[] | undefined;
  #turn: { readonly since: number; calls: number } | undefined;
  verbose: boolean;
  /** Set by an interactive chat. */
  openLine: OpenLine = { isOpen: false, ahead: '', around: (write) => write() };

  constructor(io: Io, options: TextViewOptions) {
    this.#io = io;
    this.#options = options;
    this.#out = themeFor(io.terminal.stdout, io.env);
    this.#err = themeFor(io.terminal.stderr, io.env);
    this.#news = new ServerNews(this.#err);
    this.#activity = new Activity(themeFor(true, io.env));
    this.#live = new LiveArea(io, {
      picture: (columns, rows) => this.#picture(columns, rows),
      isActive: () => this.#activity.isActive,
      isFree: () => !this.openLine.isOpen && this.#held === undefined,
    });
    const rendering = this.#outColumns === undefined ? undefined : options.rendering;
    this.#answer = new AnswerText(
      (text) => this.#print(text),
      () => rendering?.(this.#out, () => this.#live.columns),
    );
    this.#wire = new WireView(() => {
      // What cannot be asked for is shown whole.
      const columns = options.canShow ? this.#errColumns : undefined;
      return { theme: this.#err, severalServers: options.severalServers(), ...(columns !== undefined && { columns }) };
    });
    this.verbose = options.verbose;
  }

  server(event: ServerEvent, sighting: Sighting | undefined): void {
    if (event.type === 'server-waiting') this.#activity.waiting(`${event.server} to answer ${event.method}`);
    if (event.type === 'server-ready' || event.type === 'server-ended') this.#activity.waiting(this.#awaited);
    const sentence = this.#news.sentence(event);
    // They are looked for all the time: what is wrong with a frame can be wrong because of an earlier one.
    const findings = this.#findings.see(event);
    const line = this.#news.line(event, sentence);
    if (this.verbose) this.#error(this.#wire.rows(event, sighting, sentence, findings));
    else if (line !== undefined) this.#error(`${hanging(line, this.#errColumns)}\n`);
    this.#live.changed();
  }

  asked(): void {
    this.#turn = { since: performance.now(), calls: 0 };
    this.waiting('the model');
  }

  loop(event: LoopEvent, isByHand = false): void {
    switch (event.type) {
      case 'text':
        this.#answer.push(event.text);
        break;
      case 'tool-call':
        this.#answer.end();
        this.#calls.set(event.id, event);
        if (this.#turn !== undefined) this.#turn.calls++;
        this.#activity.call(event);
        break;
      case 'tool-progress':
        this.#activity.progress(event);
        break;
      case 'tool-result':
        this.#result(event, isByHand);
        break;
      case 'stopped':
        this.#stopped(event);
    }
    this.#live.changed();
  }

  found(text: string): void {
    this.#print(`${text}\n`);
  }

  /** Text that has its own lines, for people who read beside a program. */
  aside(text: string): void {
    this.#error(`${text}\n`);
  }

  say(text: string, columns: number | undefined = this.#errColumns): void {
    this.#error(`${hanging(text, columns)}\n`);
  }

  warn(text: string): void {
    this.#error(`${hanging(this.#err.warn(visible(text)), this.#errColumns)}\n`);
  }

  waiting(what: string | undefined): void {
    this.#awaited = what;
    this.#activity.waiting(what);
    this.#live.changed();
  }

  /** Columns and rows of the terminal that stdout is, where it is one that can be drawn on. */
  get space(): { readonly columns: number; readonly rows: number } | undefined {
    return this.#outColumns === undefined ? undefined : { columns: this.#live.columns, rows: this.#live.rows };
  }

  /** Writes something that is not for people, above what is drawn in place. */
  above(text: string, stream: Writable): void {
    this.#show(text, stream);
  }

  /** The person typed something: what is typed ahead may have changed. */
  typed(): void {
    this.#live.changed();
  }

  /** The shell is to write below: what is drawn in place goes, and comes back with {@link typed}. */
  stop(): void {
    this.#live.hide();
    this.#endLine();
  }

  /** Makes room for a line of the person's, or an editor: an empty row with nothing drawn on it. */
  makeRoom(): void {
    this.#live.hide();
    this.#answer.end();
    this.#endLine();
  }

  /** Keeps what there is to show until {@link release}: another program has the terminal. */
  hold(): void {
    this.makeRoom();
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { text, stream } of held) this.#show(text, stream);
  }

  /** Takes away what is drawn in place, for good. */
  close(): void {
    this.#live.close();
  }

  #result(event: Extract<LoopEvent, { type: 'tool-result' }>, isByHand: boolean): void {
    const call = this.#calls.get(event.id);
    this.#calls.delete(event.id);
    this.#activity.result(event.id);
    this.#answer.end();
    this.#endLine();
    const columns = this.#outColumns;
    if (call !== undefined) this.#print(`${hanging(calledText(call, event, this.#out, columns), columns)}\n`);
    const { saveFile, canShow } = this.#options;
    const rows = resultText(event, { theme: this.#out, space: this.space, isByHand, saveFile, canShow });
    if (rows !== '') this.#print(`${rows}\n`);
    if (event.outputFault !== undefined) this.warn(`Mind: of ${call?.tool ?? 'this tool'}, ${event.outputFault}`);
  }

  #stopped(event: Extract<LoopEvent, { type: 'stopped' }>): void {
    this.#answer.end();
    this.#endLine();
    this.waiting(undefined);
    if (event.reason !== 'end_turn') this.warn(stoppedText(event.reason, event.detail));
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined || this.#options.quiet === true || event.reason === 'no-model') return;
    const took = turnText(performance.now() - turn.since, turn.calls, event.spent);
    this.say(this.#err.dim(`(${visible(took)})`));
  }

  #picture(columns: number, rows: number): readonly string[] {
    const ahead = this.openLine.ahead;
    return [
      ...this.#answer.tail(Math.max(1, rows - OTHER_ROWS)),
      ...this.#activity.rows(columns),
      ...(ahead === '' ? [] : [this.#out.dim(fitted(`> ${ahead}`, columns - 1))]),
    ];
  }

  /** The width that what goes to a stream must fit; undefined where that is no terminal that can be drawn on. */
  get #outColumns(): number | undefined {
    return this.#live.isPossible && this.#io.terminal.stdout ? this.#live.columns : undefined;
  }

  get #errColumns(): number | undefined {
    return this.#live.isPossible && this.#io.terminal.stderr ? this.#live.columns : undefined;
  }

  #print(text: string): void {
    this.#show(text, this.#io.stdout);
    if (text !== '') this.#midLine = !text.endsWith('\n');
  }

  #error(text: string): void {
    if (text === '') return;
    // Where both streams end in one place, a line of stderr must not start in the middle of an answer.
    if (this.#io.merged) this.#endLine();
    this.#show(text, this.#io.stderr);
  }

  #show(text: string, stream: Writable): void {
    if (this.#held !== undefined) this.#held.push({ text, stream });
    else if (this.openLine.isOpen) this.openLine.around(() => stream.write(text));
    else this.#live.above(text, stream);
  }

  #endLine(): void {
    if (this.#midLine) this.#print('\n');
  }
}
