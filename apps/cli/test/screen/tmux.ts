import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@mcp-dbg/testkit';
import stringWidth from 'string-width';

import { BIN, type RunOptions, environment, expectNoneLeft, scratch } from '../driver.ts';
import { type Pane, START_IN_BASH, paneCommand, probeOf } from './pane.ts';
import { STATE, type TerminalState, stateOf } from './terminal-state.ts';
import { TmuxServer, quoted } from './tmux-server.ts';

export { noTmux } from './tmux-server.ts';

export interface ScreenOptions extends Pick<RunOptions, 'env' | 'cwd'> {
  /** 80 unless given. */
  readonly columns?: number;
  /** 24 unless given. */
  readonly rows?: number;
  /** Starts it from an interactive bash, which can stop it and bring it back. */
  readonly inBash?: boolean;
  /** Other words in place of the built program and its arguments. */
  readonly program?: readonly string[];
}

/** Milliseconds in which a shell that may not be able to must answer a line that is typed after the program. */
const PROBE_MS = 3000;

let server: Promise<TmuxServer> | undefined;
let buffers = 0;
let probes = 0;

/** Ends the terminals of a file's tests, and their server. */
export async function endScreens(): Promise<void> {
  const ending = server;
  server = undefined;
  // Where it did not start, the tests have said so.
  await (await ending?.catch(() => undefined))?.end();
}

/** Starts the built program in a terminal of its own. */
export async function onScreen(
  argv: readonly string[],
  { columns = 80, rows = 24, inBash = false, program, cwd, env }: ScreenOptions = {},
): Promise<Screen> {
  server ??= TmuxServer.start(scratch, environment());
  const tmux = await server;
  const pane: Pane = {
    records: mkdtempSync(join(scratch, 'pane-')),
    cwd: cwd ?? mkdtempSync(join(scratch, 'run-')),
    env: environment({ TERM: 'xterm-256color', ...env }),
    program: program ?? [process.execPath, BIN, ...argv],
    inBash,
  };
  const size = `-x ${columns} -y ${rows}`;
  const [id = ''] = await tmux.ask(`new-session -d -P -F "#{pane_id}" ${size} -c / ${quoted(paneCommand(pane))}`);
  const screen = new Screen(tmux, id, pane);
  if (inBash) {
    await screen.shows(/^\$$/m, 'the prompt of bash');
    await screen.type(START_IN_BASH);
    await screen.key('Enter');
  }
  await waitFor(() => screen.hasStarted, 'the start of the program in a terminal');
  return screen;
}

/** A program in a real terminal, as a person sees it and types into it. */
export class Screen {
  readonly #tmux: TmuxServer;
  readonly #id: string;
  readonly #pane: Pane;

  constructor(tmux: TmuxServer, id: string, pane: Pane) {
    this.#tmux = tmux;
    this.#id = id;
    this.#pane = pane;
  }

  /** The folder in which the program and its servers work. */
  get cwd(): string {
    return this.#pane.cwd;
  }

  get hasStarted(): boolean {
    return this.#record('pid') !== '';
  }

  get pid(): number {
    return Number(this.#record('pid'));
  }

  /** Types text, key by key. */
  async type(text: string): Promise<void> {
    await this.#tmux.ask(`send-keys -l -t ${this.#id} -- ${quoted(text)}`);
  }

  /** Presses keys, by tmux's names for them: `Enter`, `Up`, `C-c`, `M-Enter`. */
  async key(...names: readonly string[]): Promise<void> {
    await this.#tmux.ask(`send-keys -t ${this.#id} ${names.map(quoted).join(' ')}`);
  }

  /** Types a line and ends it. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.key('Enter');
  }

  /** Pastes text as terminals do: its line breaks become CR, in brackets where the program has asked for them. */
  async paste(text: string): Promise<void> {
    const name = `paste-${++buffers}`;
    const path = join(this.#pane.records, name);
    writeFileSync(path, text);
    await this.#tmux.ask(`load-buffer -b ${name} ${quoted(path)}`);
    await this.#tmux.ask(`paste-buffer -p -d -b ${name} -t ${this.#id}`);
    rmSync(path);
  }

  /** Waits until the visible rows, a line each, match; gives them. `what` says what is promised. */
  shows(pattern: RegExp | string, what: string = String(pattern)): Promise<readonly string[]> {
    return this.until((lines) => {
      const text = lines.join('\n');
      return typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
    }, what);
  }

  /** Waits until the condition holds for the visible rows; gives them. */
  async until(
    condition: (lines: readonly string[]) => boolean | Promise<boolean>,
    what: string,
  ): Promise<readonly string[]> {
    let lines: readonly string[] = [];
    await this.#within(what, async () => await condition((lines = await this.lines())));
    return lines;
  }

  /**
   * Waits until the prompt stands at the start of a row with `typed` behind it, over as many rows as that takes, and
   * the cursor behind that. Gives the visible rows.
   */
  async prompts(
    typed = '',
    what = `the prompt with ${JSON.stringify(typed)} and the cursor behind it`,
  ): Promise<readonly string[]> {
    let lines: readonly string[] = [];
    await this.#within(what, async () => {
      const { row, column } = await this.cursor();
      const width = Number(await this.#tell('#{pane_width}'));
      lines = await this.lines();
      const line = `> ${typed}`;
      const from = row * width + column - stringWidth(line);
      const before = lines.slice(0, row).map((each) => padded(each, width));
      const shown = before.join('') + firstColumns(padded(lines[row] ?? '', width), column);
      return from >= 0 && from % width === 0 && shown.endsWith(line);
    });
    return lines;
  }

  /** The rows that are visible, without blanks at their ends and without the empty ones at the bottom. */
  lines(): Promise<readonly string[]> {
    return this.#capture('');
  }

  /** Those and all that was scrolled out of sight; lines that the terminal wrapped are whole. */
  all(): Promise<readonly string[]> {
    return this.#capture('-J -S - -E -');
  }

  /** The visible rows with the escape sequences of their colours, each row from the default colours on. */
  async styled(): Promise<readonly string[]> {
    const { length } = await this.lines();
    const rows = Array.from({ length }, (_, row) => this.#capture(`-e -S ${row} -E ${row}`));
    return (await Promise.all(rows)).map(([row = '']) => row);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux.ask(`resize-window -t ${this.#id} -x ${columns} -y ${rows}`);
  }

  /** Resizes, and waits until the program has been told: tmux gives the news of several resizes together. */
  async resized(columns: number, rows: number): Promise<void> {
    await this.resize(columns, rows);
    const terminal = await this.#tell('#{pane_tty}');
    const told = (): boolean =>
      execFileSync('stty', ['-F', terminal, 'size'], { encoding: 'utf8' }).trim() === `${rows} ${columns}`;
    await this.#within(`a terminal of ${columns} columns and ${rows} rows`, told);
  }

  /** Row and column are counted from 0. */
  async cursor(): Promise<{ readonly row: number; readonly column: number; readonly visible: boolean }> {
    const [row = 0, column = 0, flag = 0] = (await this.#tell('#{cursor_y} #{cursor_x} #{cursor_flag}'))
      .split(' ')
      .map(Number);
    return { row, column, visible: flag === 1 };
  }

  async state(): Promise<TerminalState> {
    return await stateOf(this.#tmux, this.#id);
  }

  /** Waits for the end of the program, and of all its servers; gives its exit code as a shell sees it. */
  async ended(): Promise<number> {
    await this.#within('the end of the program', () => this.#record('code') !== '');
    // bash notes the end before it takes the terminal over: what is typed in between would be shown twice.
    if (this.#pane.inBash) await this.shows(/\$$/, 'the prompt of bash after the end of the program');
    await expectNoneLeft(this.cwd);
    return Number(this.#record('code'));
  }

  /** After the end, or a stop: what is not as it was before the program; nothing when the terminal is sane. */
  async disorder(): Promise<readonly string[]> {
    const found: string[] = [];
    const [state, fresh] = [await this.state(), await stateOf(this.#tmux, this.#tmux.freshPane)];
    for (const name of [...STATE, 'clipboard'] as const)
      if (state[name] !== fresh[name]) found.push(`${name}: ${state[name]} instead of ${fresh[name]}`);
    const [before, after] = [this.#record('before'), this.#record('after')];
    // A shell that has stopped the program sets the terminal by itself.
    if (before !== after && after !== '') found.push(`stty -g: ${after} instead of ${before}`);
    const { typed, echo, output } = probeOf(this.#pane, `sane${++probes}`);
    // Where bracketed paste was left on, its brackets are seen.
    await this.paste(typed);
    await this.key('Enter');
    const isRead = async (): Promise<boolean> => (await this.lines()).includes(output);
    // Where other things are wrong, such as raw mode, no line may ever be read.
    await waitFor(isRead, 'a line', found.length > 0 ? PROBE_MS : undefined).catch(() => {});
    const rows = await this.styled();
    const at = rows.lastIndexOf(output);
    if (at < 1 || rows[at - 1] !== echo) found.push(`a line typed afterwards: ${JSON.stringify(rows.slice(-3))}`);
    return found;
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Takes the terminal away, as closing its window does. Fails when the program or a server outlives that. */
  async hangUp(): Promise<void> {
    await this.#tmux.ask(`kill-session -t ${this.#id}`);
    await expectNoneLeft(this.cwd);
  }

  async #within(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    try {
      return await waitFor(condition, what);
    } catch (error) {
      // A failure of the condition itself is told as it is.
      if (!(error instanceof Error && error.message.startsWith('Waited '))) throw error;
    }
    const { row, column } = await this.cursor();
    const picture = (await this.lines()).map((line) => `│${line}`).join('\n');
    throw new Error(`Waited in vain for ${what}. The cursor is in row ${row}, column ${column} of:\n${picture}`);
  }

  async #capture(options: string): Promise<readonly string[]> {
    const lines = await this.#tmux.ask(`capture-pane -p ${options} -t ${this.#id}`);
    const trimmed = lines.map((line) => line.trimEnd());
    return trimmed.slice(0, trimmed.findLastIndex((line) => line !== '') + 1);
  }

  async #tell(format: string): Promise<string> {
    return (await this.#tmux.ask(`display-message -p -t ${this.#id} ${quoted(format)}`)).join('\n');
  }

  #record(name: string): string {
    const path = join(this.#pane.records, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }
}

function padded(line: string, columns: number): string {
  return line + ' '.repeat(Math.max(0, columns - stringWidth(line)));
}

function firstColumns(line: string, columns: number): string {
  let [text, width] = ['', 0];
  for (const char of line) {
    if (width >= columns) break;
    text += char;
    width += stringWidth(char);
  }
  return text;
}
