import type { Writable } from 'node:stream';

import type { ServerEvent } from '@mcp-dbg/core';

import type { Io } from './io.ts';
import { noiseText } from './render/noise-text.ts';
import { serverEventText } from './render/server-event-text.ts';
import { type Theme, themeFor } from './render/theme.ts';
import { canDraw } from './terminal/can-draw.ts';
import type { Drawing } from './watch-drawing.ts';

export interface WatchOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
  /** Given where somebody asked for log messages: only then are they shown. */
  readonly logLevel?: string;
  /** Whether the command outlives its server, so that what becomes of it is news. */
  readonly staysOn?: boolean;
}

/**
 * Shows what happens to the one server. With --json stderr is kept for the one line that says why a command failed.
 * What draws and what shows the wire is loaded only where it is needed, while the server starts.
 */
export class Watch {
  readonly #io: Io;
  readonly #theme: Theme;
  readonly #isQuiet: boolean;
  readonly #showsLogs: boolean;
  readonly #staysOn: boolean;
  readonly #told = new Set<string>();
  readonly #held: string[] = [];
  /** What came before there was a view of the wire. */
  readonly #early: ServerEvent[] = [];
  /** With --verbose. */
  readonly #wireLoaded: Promise<void> | undefined;
  #wire: ((event: ServerEvent) => string) | undefined;
  #drawing: Drawing | undefined;
  #awaited: string | undefined;
  #isClosed = false;
  /** The server is behind a URL. */
  #isRemote = false;

  constructor(io: Io, { verbose = false, json = false, logLevel, staysOn = false }: WatchOptions) {
    this.#io = io;
    this.#theme = themeFor(io.terminal.stderr, io.env);
    this.#isQuiet = json;
    this.#showsLogs = logLevel !== undefined && !staysOn;
    this.#staysOn = staysOn;
    if (verbose) this.#wireLoaded = this.#loadWire();
    if (canDraw(io)) void this.#loadDrawing();
  }

  waiting(what: string | undefined): void {
    this.#awaited = what;
    this.#drawing?.activity.waiting(what);
    this.#drawing?.live.changed();
  }

  server(event: ServerEvent): void {
    if (event.type === 'server-started') this.#isRemote = event.pid === null;
    if (event.type === 'server-waiting') this.waiting(`${event.server} to answer ${event.method}`);
    if (this.#wire !== undefined) this.#error(this.#wire(event));
    else if (this.#wireLoaded !== undefined) this.#early.push(event);
    else this.#error(this.#news(event));
  }

  /** Says at once what a person should know, whatever becomes of the command. */
  warn(message: string): void {
    this.#error(`${this.#theme.warn(message)}\n`);
  }

  /** What is awaited now; for who takes the terminal for a while. */
  get awaited(): string | undefined {
    return this.#awaited;
  }

  /** Resolves when all that happened is shown: what is printed from then on stands below it. */
  async shown(): Promise<void> {
    await this.#wireLoaded;
  }

  /** Says what was held back while it was not sure that the command succeeds. */
  flush(): void {
    for (const line of this.#held.splice(0)) this.#error(line);
  }

  print(text: string, stream: Writable = this.#io.stdout): void {
    if (this.#drawing === undefined) stream.write(text);
    else this.#drawing.live.above(text, stream);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.shown();
    } finally {
      this.#drawing?.live.close();
    }
  }

  /** What is worth a line to somebody who does not watch the wire. */
  #news(event: ServerEvent): string {
    if (this.#isQuiet && event.type !== 'log') return '';
    const noise = noiseText(event, this.#theme, this.#isRemote);
    if (noise !== undefined) return this.#isFirst('noise') ? `${noise}\n` : '';
    const line = `${serverEventText(event, this.#theme) ?? ''}\n`;
    switch (event.type) {
      case 'finding':
        return this.#isFirst(event.rule) ? line : '';
      case 'notice':
      case 'server-ended':
        // Where the command fails, its one sentence says this better.
        if (this.#staysOn) return event.type === 'notice' || !event.asked ? line : '';
        if (event.type === 'notice' || !event.asked) this.#held.push(line);
        return '';
      case 'log':
        return this.#showsLogs ? line : '';
      case 'server-ready':
      case 'server-restarted':
      case 'server-start-failed':
        return this.#staysOn ? line : '';
      case 'frame':
      case 'list-changed':
      case 'resource-updated':
      case 'server-started':
      case 'server-waiting':
      case 'stderr':
      case 'tools-changed':
        return '';
    }
  }

  #error(text: string): void {
    if (text !== '') this.print(text, this.#io.stderr);
  }

  #isFirst(key: string): boolean {
    const isFirst = !this.#told.has(key);
    this.#told.add(key);
    return isFirst;
  }

  async #loadWire(): Promise<void> {
    const rows = (await import('./watch-wire.ts')).wireRows(this.#theme);
    for (const event of this.#early.splice(0)) this.#error(rows(event));
    this.#wire = rows;
  }

  async #loadDrawing(): Promise<void> {
    const { drawingOn } = await import('./watch-drawing.ts');
    if (this.#isClosed) return;
    this.#drawing = drawingOn(this.#io, this.#theme);
    this.waiting(this.#awaited);
  }
}
